"""Rules of a need's content that every door shares (form, API, import)."""

from collections import defaultdict
from collections.abc import Collection, Iterable
from datetime import date

from django.core.exceptions import ValidationError
from django.core.validators import MinLengthValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

from apps.accounts.disclosure import Disclosure, mentions_owner
from apps.accounts.models import Organisation
from apps.accounts.selectors import acts_for
from apps.core import clock
from apps.core.validators import validate_text
from apps.needs.content import TEXTS, IndicatorValues
from apps.needs.models import LONGEST_VALIDITY, MOST_TAGS, Need, Source

Gaps = dict[str, list[str]]

REQUIRED = {
    "title": _("请填写需求名称。"),
    "need_type": _("请选择需求类型。"),
    "background": _("请说明背景与现状。"),
    "goal": _("请说明拟解决的技术问题。"),
    "industry_chain": _("请选择所属产业链。"),
    "budget_band": _("请选择拟投入资金；暂不确定可选“面议”。"),
    "contact": _("请选择联系人。"),
}


def publication_gaps(
    need: Need, *, indicators: Iterable[IndicatorValues] | None = None, known: Collection[str] = ()
) -> Gaps:
    """What is still missing or wrong before the need may be published: messages by field, empty when it may.

    Imported rows were written elsewhere, for other forms: they need a title, and whatever else they have must be right.
    They are judged before they are stored, with the `indicators` they will have; for `known` see `content_errors`.
    """
    gaps: Gaps = defaultdict(list)
    for name, messages in content_errors(need, known=known).items():
        gaps[name] += messages
    if need.source != Source.IMPORT:
        _add_missing(need, gaps)
    elif not need.title.strip():
        gaps["title"].append(str(REQUIRED["title"]))
    if message := validity_error(need.valid_until):
        gaps["valid_until"] = [message]
    if need.disclosure == Disclosure.PUBLIC_ANONYMOUS:
        _add_leaks(need, gaps, indicators)
    return dict(gaps)


def require_publishable(
    need: Need, *, indicators: Iterable[IndicatorValues] | None = None, known: Collection[str] = ()
) -> None:
    """Raise ValidationError with the gaps by field."""
    if gaps := publication_gaps(need, indicators=indicators, known=known):
        raise ValidationError(gaps)


def content_errors(need: Need, *, known: Collection[str] = ()) -> Gaps:
    """What no need may hold, however it came: texts too long, bad characters, numbers out of range, retired choices.

    `known` are relations just read from the vocabularies, which need no second look.
    """
    errors: Gaps = defaultdict(list)
    try:
        need.clean_fields(exclude={*TEXTS, "organisation", "created_by", "contact", *known})
    except ValidationError as error:
        for name, messages in error.message_dict.items():
            errors[name] += messages
    for name in TEXTS:
        errors[name] += text_errors(need, name)
    if need.contact and not acts_for(need.contact, need.organisation_id):
        errors["contact"].append(str(_("联系人须是本单位的成员。")))
    if need.pk and need.tags.count() > MOST_TAGS:
        errors["tags"].append(str(_("标签最多 %(most)d 个。") % {"most": MOST_TAGS}))
    return {name: messages for name, messages in errors.items() if messages}


def text_errors(need: Need, name: str) -> list[str]:
    """The database does not measure long texts, and imported ones may be shorter than a form asks for."""
    field = Need._meta.get_field(name)
    assert isinstance(field, models.CharField | models.TextField)  # noqa: S101  (for the type checker: TEXTS are texts)
    text: str = getattr(need, name)
    errors = []
    if field.max_length and len(text) > field.max_length:
        errors.append(str(_("最多 %(most)d 个字，现有 %(now)d 个。") % {"most": field.max_length, "now": len(text)}))
    shortest = next((v.limit_value for v in field.validators if isinstance(v, MinLengthValidator)), 0)
    if need.source != Source.IMPORT and text.strip() and len(text.strip()) < shortest:
        errors.append(str(_("请再写具体一些：至少 %(least)d 个字。") % {"least": shortest}))
    try:
        validate_text(text)
    except ValidationError as error:
        errors += error.messages
    return errors


def validity_error(last_day: date) -> str:
    """Empty when the last day is today or later and at most 365 days from today."""
    today = clock.today()
    if last_day < today:
        return str(_("有效期已过，请选择今天或之后的日期。"))
    if last_day > today + LONGEST_VALIDITY:
        return str(_("有效期最长 %(days)d 天，到期后可一键续期。") % {"days": LONGEST_VALIDITY.days})
    return ""


def leaking_texts(
    need: Need, organisation: Organisation, *, indicators: Iterable[IndicatorValues] | None = None
) -> list[str]:
    """Names of the public texts that name the owner; "indicators" and "attachments" stand for all of theirs."""
    rows = (need.indicators.all() if need.pk else ()) if indicators is None else indicators
    leaking = [name for name in TEXTS if mentions_owner(getattr(need, name), organisation)]
    if any(mentions_owner(f"{row.name} {row.current} {row.unit}", organisation) for row in rows):
        leaking.append("indicators")
    if need.pk and any(mentions_owner(file.name, organisation) for file in need.attachments.all()):
        leaking.append("attachments")
    return leaking


def _add_missing(need: Need, gaps: Gaps) -> None:
    for name, message in REQUIRED.items():
        value = getattr(need, name)
        if value is None or (isinstance(value, str) and not value.strip()):
            gaps[name] = [str(message)]
    if not need.cooperation_modes.exists():
        gaps["cooperation_modes"].append(str(_("请至少选择一种合作方式。")))
    if not need.tags.exists() and not need.tech_fields.exists():
        gaps["tags"].append(str(_("请至少选择一个标签：可直接点选系统识别出的标签。")))
    if not need.indicators.exists():
        gaps["indicators"].append(str(_("请至少填写一项技术指标，例如“硬度 ≥ 60 HRC”。")))


def _add_leaks(need: Need, gaps: Gaps, indicators: Iterable[IndicatorValues] | None) -> None:
    for name in leaking_texts(need, need.organisation, indicators=indicators):
        gaps[name].append(
            str(_("这里出现了贵单位的名称或简称。匿名公开时请改为“我公司”等说法，或把公开范围改为“公开（实名）”。"))
        )
