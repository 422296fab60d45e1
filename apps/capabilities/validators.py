"""Rules of a capability's content that every door shares (form, API, import)."""

from collections import defaultdict
from collections.abc import Collection, Iterable

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from apps.accounts.disclosure import Disclosure, mentions_owner
from apps.accounts.selectors import acts_for
from apps.capabilities.content import TEXTS, IndicatorValues
from apps.capabilities.kinds import DETAILS, KINDS_WITH_TRL
from apps.capabilities.models import MOST_TAGS, Capability, Source
from apps.core import clock

Gaps = dict[str, list[str]]

REQUIRED = {
    "title": _("请填写名称。"),
    "value": _("请用一句话说明它能带来什么价值。"),
}
REQUIRED_LISTS = {
    "industries": _("请至少选择一个应用产业。"),
    "cooperation_modes": _("请至少选择一种合作方式。"),
}


def publication_gaps(
    capability: Capability, *, indicators: Iterable[IndicatorValues] | None = None, known: Collection[str] = ()
) -> Gaps:
    """What is still missing or wrong before it may be published: messages by field, empty when it may.

    A row that an import brought needs a title alone: its list is the record, and the owner may add the rest. It is
    judged before it is stored, with the `indicators` it will have; for `known` see `content_errors`.
    """
    gaps: Gaps = defaultdict(list, content_errors(capability, known=known))
    if capability.source != Source.IMPORT:
        _add_missing(capability, gaps)
    elif not capability.title.strip():
        gaps["title"] = [str(REQUIRED["title"])]
    if capability.valid_until < clock.today():
        gaps["valid_until"] = [str(_("有效期已过，请选择今天或之后的日期。"))]
    if capability.disclosure == Disclosure.PUBLIC_ANONYMOUS:
        for name in leaking_texts(capability, indicators=indicators):
            gaps[name].append(
                str(_("这里出现了贵单位的名称或简称。匿名公开时请改为“我校”“我所”等说法，或改为实名公开。"))
            )
    return dict(gaps)


def require_publishable(
    capability: Capability, *, indicators: Iterable[IndicatorValues] | None = None, known: Collection[str] = ()
) -> None:
    """Raise ValidationError with the gaps by field."""
    if gaps := publication_gaps(capability, indicators=indicators, known=known):
        raise ValidationError(gaps)


def content_errors(capability: Capability, *, known: Collection[str] = ()) -> Gaps:
    """What no capability may hold, however it came: texts too long, bad characters, values that a field refuses.

    `known` are relations just read from the vocabularies, which need no second look. Details are not looked at: the
    services let none in that `clean_details` would refuse.
    """
    errors: Gaps = defaultdict(list)
    try:
        capability.clean_fields(exclude={"organisation", "created_by", "contact", "details", *known})
    except ValidationError as error:
        errors |= error.message_dict
    for name in TEXTS:
        errors[name] += _length_errors(capability, name)
    if capability.contact and not acts_for(capability.contact, capability.organisation_id):
        errors["contact"].append(str(_("联系人须是本单位的成员。")))
    if capability.pk and capability.tags.count() > MOST_TAGS:
        errors["tags"].append(str(_("标签最多 %(most)d 个。") % {"most": MOST_TAGS}))
    return {name: messages for name, messages in errors.items() if messages}


def leaking_texts(capability: Capability, *, indicators: Iterable[IndicatorValues] | None = None) -> list[str]:
    """Names of the public texts and details that name the owner; "indicators" stands for all of theirs."""
    rows = (capability.indicators.all() if capability.pk else ()) if indicators is None else indicators
    told = {name: getattr(capability, name) for name in TEXTS}
    told |= {key: value for key, value in capability.details.items() if isinstance(value, str)}
    told["indicators"] = " ".join(f"{row.name} {row.unit}" for row in rows)
    hidden = {detail.key for detail in DETAILS[capability.kind] if detail.names_owner}
    owner = capability.organisation
    return [name for name, text in told.items() if name not in hidden and mentions_owner(text, owner)]


def _length_errors(capability: Capability, name: str) -> list[str]:
    """Models do not measure long texts; short ones are measured twice, and told of once."""
    field = Capability._meta.get_field(name)
    text: str = getattr(capability, name)
    limit = getattr(field, "max_length", None)
    if field.get_internal_type() != "TextField" or not limit or len(text) <= limit:
        return []
    return [str(_("最多 %(most)d 个字，现有 %(now)d 个。") % {"most": limit, "now": len(text)})]


def _add_missing(capability: Capability, gaps: Gaps) -> None:
    for name, message in REQUIRED.items():
        if not getattr(capability, name).strip():
            gaps[name] = [str(message)]
    for name, message in REQUIRED_LISTS.items():
        if not getattr(capability, name).exists():
            gaps[name] = [str(message)]
    if capability.kind in KINDS_WITH_TRL and capability.trl is None:
        gaps["trl"] = [str(_("请选择成熟度。"))]
    for detail in DETAILS[capability.kind]:
        if detail.required and not capability.details.get(detail.key):
            gaps.setdefault(detail.key, [str(detail.missing)])
