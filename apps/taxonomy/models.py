"""Controlled vocabularies: chains, fields, tags and the lists behind the forms; and the catalogue of pain points."""

from hashlib import sha256
from typing import Any

from django.db import models
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from apps.core.validators import validate_text


class Vocabulary(models.TextChoices):
    NEED_TYPE = "need_type", _("需求类型")
    OUTCOME_TYPE = "outcome_type", _("成效类型")
    COOPERATION_MODE = "cooperation_mode", _("合作方式")
    DECLINE_REASON = "decline_reason", _("婉拒原因")
    IP_TERMS = "ip_terms", _("知识产权归属")
    DISTRICT = "district", _("区市")
    ENTERPRISE_TIER = "enterprise_tier", _("企业梯度")
    CONTRACT_TYPE = "contract_type", _("技术合同类别")
    INDUSTRY_CHAIN = "industry_chain", _("产业链")
    TECH_FIELD = "tech_field", _("技术领域")
    TAG = "tag", _("标签")


class Term(models.Model):
    """One entry of a vocabulary. `code` is its lasting name; terms are retired (`is_active`), never deleted."""

    vocabulary = models.CharField(_("词表"), max_length=20, choices=Vocabulary)
    code = models.SlugField(_("代码"), max_length=60)
    name = models.CharField(_("名称"), max_length=60, validators=[validate_text])
    name_en = models.CharField(_("英文名称"), max_length=80, blank=True)
    parent = models.ForeignKey(
        "self", on_delete=models.PROTECT, null=True, blank=True, related_name="children", verbose_name=_("上级")
    )
    description = models.CharField(_("说明"), max_length=300, blank=True)
    position = models.PositiveIntegerField(_("次序"), default=0)
    is_active = models.BooleanField(_("启用"), default=True)
    # What an administrator has edited is the city's own: the seeds of a later version leave it alone.
    edited_at = models.DateTimeField(_("修改时间"), null=True, blank=True, editable=False)
    # A merged term is retired; whoever still names it means this one.
    merged_into = models.ForeignKey(
        "self",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        editable=False,
        related_name="+",
        verbose_name=_("已并入"),
    )

    class Meta:
        verbose_name = _("词条")
        verbose_name_plural = _("词条")
        ordering = ("vocabulary", "position", "id")
        constraints = (
            models.UniqueConstraint(fields=("vocabulary", "code"), name="term_code"),
            models.CheckConstraint(
                name="term_merged_is_retired", condition=models.Q(merged_into=None) | models.Q(is_active=False)
            ),
        )

    def __str__(self) -> str:
        return self.name_en if self.name_en and get_language() == "en" else self.name

    @property
    def revision(self) -> str:
        """Changes with what the term says, whoever changed it, a later version's seeds too."""
        said = (self.name, self.name_en, self.parent_id, self.description, self.position, self.is_active)
        return sha256(repr(said).encode()).hexdigest()[:16]


class Alias(models.Model):
    """Another name of a term: a synonym, an old or English name, an abbreviation."""

    term = models.ForeignKey(Term, on_delete=models.CASCADE, related_name="aliases", verbose_name=_("词条"))
    text = models.CharField(_("别名"), max_length=60, validators=[validate_text])

    class Meta:
        verbose_name = _("别名")
        verbose_name_plural = _("别名")
        constraints = (models.UniqueConstraint(fields=("term", "text"), name="alias_text"),)

    def __str__(self) -> str:
        return self.text


class PainPoint(models.Model):
    """症结: a common problem of a trade, with the need it usually becomes."""

    code = models.SlugField(_("代码"), max_length=60, unique=True)
    chain = models.ForeignKey(Term, on_delete=models.PROTECT, related_name="pain_points", verbose_name=_("产业链"))
    title = models.CharField(_("症结"), max_length=60)
    symptom = models.TextField(_("表现"), max_length=500)
    need_title = models.CharField(_("对应的需求"), max_length=60)
    need_goal = models.TextField(_("需求内容"), max_length=2000)
    need_type = models.ForeignKey(Term, on_delete=models.PROTECT, related_name="+", verbose_name=_("需求类型"))
    tags = models.ManyToManyField(Term, blank=True, related_name="+", verbose_name=_("标签"))

    class Meta:
        verbose_name = _("症结")
        verbose_name_plural = _("症结")
        ordering = ("chain__position", "id")

    def __str__(self) -> str:
        return self.title


def term_field(vocabulary: Vocabulary, **options: Any) -> Any:
    """A foreign key to one vocabulary; `full_clean` refuses terms of another."""
    options.setdefault("related_name", "+")
    return models.ForeignKey(
        Term, on_delete=models.PROTECT, limit_choices_to={"vocabulary": vocabulary.value}, **options
    )


def terms_field(vocabulary: Vocabulary, **options: Any) -> Any:
    """Several terms of one vocabulary."""
    options.setdefault("related_name", "+")
    return models.ManyToManyField(Term, limit_choices_to={"vocabulary": vocabulary.value}, **options)
