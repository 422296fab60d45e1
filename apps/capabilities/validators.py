"""What a capability must say before it is published: one rule for form, API and import."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from apps.accounts.disclosure import Disclosure, mentions_owner
from apps.capabilities.kinds import DETAILS, KINDS_WITH_TRL
from apps.capabilities.models import Capability, Source


def publication_gaps(capability: Capability) -> dict[str, Any]:
    """Field → what is missing; empty when the capability may be published.

    A row that an import brought needs a title alone: its list is the record, and the owner may add the rest.
    """
    gaps: dict[str, Any] = {}
    if not capability.title:
        gaps["title"] = _("请填写名称。")
    if capability.source != Source.IMPORT:
        gaps |= _form_gaps(capability)
    if capability.disclosure == Disclosure.PUBLIC_ANONYMOUS:
        gaps |= _names_in_anonymous(capability)
    return gaps


def _form_gaps(capability: Capability) -> dict[str, Any]:
    gaps: dict[str, Any] = {}
    if not capability.value:
        gaps["value"] = _("请用一句话说明它能带来什么价值。")
    if not capability.industries.exists():
        gaps["industries"] = _("请至少选择一个应用产业。")
    if not capability.cooperation_modes.exists():
        gaps["cooperation_modes"] = _("请至少选择一种合作方式。")
    if capability.kind in KINDS_WITH_TRL and capability.trl is None:
        gaps["trl"] = _("请选择成熟度。")
    for detail in DETAILS[capability.kind]:
        if detail.required and not capability.details.get(detail.key):
            gaps[detail.key] = _("请填写“%(label)s”。") % {"label": detail.label}
    return gaps


def _names_in_anonymous(capability: Capability) -> dict[str, Any]:
    told = {"title": capability.title, "value": capability.value, "description": capability.description}
    return {
        field: _("您选择了匿名公开，但这里出现了贵单位的名称，请删去或改为实名公开。")
        for field, text in told.items()
        if mentions_owner(text, capability.organisation)
    }
