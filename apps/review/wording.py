"""What a need or a capability says, as pairs of a field's name and its text: what snapshots keep and pages compare."""

from collections.abc import Iterator
from typing import Any

from django.utils import translation
from django.utils.translation import gettext_lazy as _

from apps.capabilities import content as capability_content
from apps.capabilities.kinds import DETAILS, labelled_details
from apps.capabilities.models import Capability
from apps.needs import content as need_content
from apps.needs.models import Need

LEFT_OUT = ("contact", "valid_until", "details")
"""Who answers and until when is no part of what is said, so that a renewal asks nobody to look; details are told one
by one."""
DETAIL = "details."
Text = list[list[str]]


def said_by(row: Need | Capability) -> Text:
    """In Chinese, in the order of the form; what is empty is left out."""
    content = need_content if isinstance(row, Need) else capability_content
    with translation.override("zh-hans"):
        told = [[name, _in_words(row, name)] for name in content.COLUMNS if name not in LEFT_OUT]
        told += [[name, "、".join(str(term) for term in getattr(row, name).all())] for name in content.TERM_LISTS]
        told.append([content.INDICATORS, "\n".join(_indicators(row))])
        if isinstance(row, Capability):
            told += _details(row)
    return [pair for pair in told if pair[1]]


def label_of(row: Need | Capability, name: str) -> str:
    if name == need_content.INDICATORS:
        return str(_("技术指标"))
    if name.startswith(DETAIL) and isinstance(row, Capability):
        key = name.removeprefix(DETAIL)
        return next((str(detail.label) for detail in DETAILS[row.kind] if detail.key == key), key)
    return str(getattr(row._meta.get_field(name), "verbose_name", name))


def _in_words(row: Need | Capability, name: str) -> str:
    value: Any = getattr(row, name)
    if value in (None, "", False):
        return ""
    if value is True:
        return "是"
    display = getattr(row, f"get_{name}_display", None)
    return str(display() if display else value)


def _indicators(row: Need | Capability) -> Iterator[str]:
    for item in row.indicators.all():
        parts = [item.name, item.target_text]
        if current := getattr(item, "current", ""):
            parts.append(f"（现状 {current}）")
        yield " ".join(parts)


def _details(row: Capability) -> list[list[str]]:
    """Each key alone: `labelled_details` knows how a value is said."""
    told = []
    for detail in DETAILS[row.kind]:
        for _label, text in labelled_details(row.kind, {detail.key: row.details.get(detail.key)}, with_owner=True):
            told.append([DETAIL + detail.key, text])
    return told
