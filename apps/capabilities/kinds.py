"""What each kind of capability has beside the common columns: the keys of `Capability.details` and their rules.

The one home of these fields: forms, API, import and admin build theirs from here.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext_lazy as _

from apps.capabilities.models import CapabilityKind
from apps.core.validators import validate_text
from apps.taxonomy.models import Vocabulary
from apps.taxonomy.selectors import terms


class IpStatus(models.TextChoices):
    GRANTED = "granted", _("已授权")
    PENDING = "pending", _("申请中")
    SOFTWARE = "software", _("软件著作权")
    SECRET = "secret", _("技术秘密")
    STANDARD = "standard", _("标准")
    NONE = "none", _("无")


class LaboratoryLevel(models.TextChoices):
    NATIONAL = "national", _("国家级")
    PROVINCIAL = "provincial", _("省级")
    CITY = "city", _("市级")


MISSING = {
    "ip_status": _("请选择知识产权状态。"),
    "transfer_modes": _("请至少选择一种转化方式。"),
    "level": _("请选择实验室级别。"),
    "confirmed": _("请先征得专家本人同意，再勾选此项。"),
}


@dataclass(frozen=True, slots=True)
class Detail:
    """One field of a kind. `make` builds its form field; `required` fields must be filled to publish.

    What `names_owner` tells who is behind a capability, and is shown only where the owner is.
    """

    key: str
    label: Any
    make: Callable[..., forms.Field]
    required: bool = False
    names_owner: bool = False

    @property
    def missing(self) -> Any:
        """What to say when a required one is not there."""
        return MISSING.get(self.key) or _("请填写“%(label)s”。") % {"label": self.label}

    def form_field(self) -> forms.Field:
        """A form field that a draft may leave empty: publishing asks for the required ones."""
        return self.make(label=self.label, required=False)


def _line(**options: Any) -> forms.Field:
    return forms.CharField(max_length=120, validators=[validate_text], **options)


def _text(**options: Any) -> forms.Field:
    return forms.CharField(max_length=1000, validators=[validate_text], widget=forms.Textarea({"rows": 3}), **options)


def _yes(**options: Any) -> forms.Field:
    return forms.BooleanField(**options)


def _choice(choices: type[models.TextChoices]) -> Callable[..., forms.Field]:
    return lambda **options: forms.ChoiceField(choices=[("", _("请选择")), *choices.choices], **options)


def _transfer_modes(**options: Any) -> forms.Field:
    return forms.MultipleChoiceField(
        choices=lambda: [(term.code, str(term)) for term in terms(Vocabulary.COOPERATION_MODE)],
        widget=forms.CheckboxSelectMultiple,
        **options,
    )


DETAILS: dict[str, tuple[Detail, ...]] = {
    CapabilityKind.RESULT: (
        Detail("ip_status", _("知识产权状态"), _choice(IpStatus), required=True),
        Detail("patent_numbers", _("专利号"), _line, names_owner=True),
        Detail("innovation", _("创新点"), _text),
        Detail("comparison_with_present", _("与现有方案对比"), _text),
        Detail("transfer_modes", _("转化方式"), _transfer_modes, required=True),
        Detail("price", _("价格"), _line),
        Detail("try_first", _("支持先用后转"), _yes),
        Detail("cases", _("应用案例"), _text),
        Detail("team", _("研发团队"), _text, names_owner=True),
        Detail("needs_pilot", _("需要中试"), _yes),
    ),
    CapabilityKind.EXPERT: (
        Detail("person_name", _("姓名"), _line, names_owner=True),
        Detail("job_title", _("职称职务"), _line, required=True),
        Detail("directions", _("研究方向"), _text, required=True),
        Detail("solves", _("擅长解决的问题"), _text),
        Detail("results", _("代表性成果"), _text),
        Detail("companies_served", _("服务过的企业"), _text),
        Detail("available_time", _("可投入时间"), _line),
        Detail("confirmed", _("专家本人已确认公开"), _yes, required=True),
    ),
    CapabilityKind.LABORATORY: (
        Detail("level", _("级别"), _choice(LaboratoryLevel), required=True),
        Detail("host", _("依托单位"), _line, names_owner=True),
        Detail("directions", _("研究方向"), _text),
        Detail("accreditation", _("资质（CNAS/CMA）"), _line),
        Detail("access_rules", _("开放办法"), _text),
    ),
    CapabilityKind.INSTRUMENT: (
        Detail("model", _("型号"), _line),
        Detail("samples", _("适用样品"), _text),
        Detail("price", _("收费标准"), _line, required=True),
        Detail("bookable", _("可预约时段"), _line, required=True),
        Detail("technician", _("操作人员"), _line, names_owner=True),
    ),
    CapabilityKind.PILOT_BASE: (
        Detail("field", _("中试领域"), _line, required=True),
        Detail("scale", _("中试规模"), _line, required=True),
        Detail("area", _("场地面积"), _line),
        Detail("equipment", _("主要设备"), _text),
        Detail("process_abilities", _("工艺能力"), _text),
        Detail("safety", _("安全与环保条件"), _text, required=True),
        Detail("price", _("收费标准"), _line, required=True),
        Detail("staff", _("人员配置"), _line),
        Detail("schedule", _("可用档期"), _line),
    ),
    CapabilityKind.SERVICE_TEAM: (
        Detail("members", _("团队成员"), _text, names_owner=True),
        Detail("services", _("服务内容"), _text),
        Detail("price", _("收费标准"), _line),
    ),
}
KINDS_WITH_TRL = (CapabilityKind.RESULT,)


def detail_fields(kind: str) -> dict[str, forms.Field]:
    """The form fields of a kind with the choices they have now: made once for many rows."""
    fields = {detail.key: detail.form_field() for detail in DETAILS[kind]}
    for field in fields.values():
        if isinstance(field, forms.MultipleChoiceField):
            field.choices = list(field.choices)  # type: ignore[arg-type]  # flat choices; otherwise a query for each value
    return fields


def clean_details(kind: str, raw: dict[str, Any], *, fields: Mapping[str, forms.Field] | None = None) -> dict[str, Any]:
    """The details of a kind, each checked by its field (`fields`: as `detail_fields` makes them); empty ones left out.

    Raises ValidationError by key: for wrong values, and for keys the kind does not have.
    """
    known = {detail.key: detail for detail in DETAILS[kind]}
    fields = fields or {}
    errors: dict[str, Any] = {key: _("该类别没有这一项。") for key in raw if key not in known}
    cleaned: dict[str, Any] = {}
    for key, detail in known.items():
        if raw.get(key) in (None, ""):
            continue
        field = fields.get(key) or detail.form_field()
        if isinstance(raw.get(key), list | dict) and not isinstance(field, forms.MultipleChoiceField):
            errors[key] = _("应为文字。")  # a text field would store how Python writes a list
            continue
        try:
            value = field.clean(raw.get(key))
        except ValidationError as error:
            errors[key] = error
            continue
        if value not in (None, "", [], False):
            cleaned[key] = value
    if errors:
        raise ValidationError(errors)
    return cleaned


def labelled_details(kind: str, details: dict[str, Any], *, with_owner: bool) -> list[tuple[Any, str]]:
    """(label, value in words) of the filled details, in the kind's order; without those that name the owner if so."""
    shown = []
    for detail in DETAILS[kind]:
        value = details.get(detail.key)
        if value in (None, "", [], False) or (detail.names_owner and not with_owner):
            continue
        shown.append((detail.label, _in_words(detail.form_field(), value)))
    return shown


def _in_words(field: forms.Field, value: Any) -> str:
    if value is True:
        return str(_("是"))
    if isinstance(field, forms.ChoiceField):
        names = {str(code): str(name) for code, name in field.choices}  # type: ignore[misc,union-attr]  # flat choices
        values = value if isinstance(value, list) else [value]
        return _("、").join(names.get(str(code), str(code)) for code in values)
    return str(value)
