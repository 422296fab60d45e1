"""Template tags of the design language: icons, navigation, and what the components ask of their values."""

from collections.abc import Iterator
from datetime import datetime
from decimal import Decimal
from typing import Any

from django import forms, template
from django.core.paginator import Page
from django.forms.boundfield import BoundField
from django.template.context import RequestContext
from django.templatetags.static import static
from django.urls import NoReverseMatch, ResolverMatch, reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from apps.core import clock
from apps.core.switches import is_on

register = template.Library()

# The tone of every state on the platform. Each tone also has its own mark, so that colour alone tells nothing.
TONES = {
    "good": "published verified accepted confirmed solved delivered done contracted met",
    "moving": "submitted pending running proposed viewed introduced negotiating solution in_progress engaged",
    "waiting": "returned stale interested reported unmatched expired timed_out warning",
    "bad": "rejected declined failed ended missed danger",
}
TONE_OF_STATE = {state: tone for tone, states in TONES.items() for state in states.split()}
TONE_ICONS = {
    "good": "check-circle-fill",
    "moving": "arrow-repeat",
    "waiting": "clock",
    "bad": "x-circle-fill",
    "still": "dash-circle",
}
ALERT_TONES = {"success": "good", "info": "moving", "debug": "moving", "warning": "waiting", "error": "bad"}


@register.simple_tag
def icon(name: str, label: str = "") -> SafeString:
    """A symbol of static/vendor/icons.svg. Decoration, unless it has a label."""
    source = f"{static('vendor/icons.svg')}#{name}"
    if label:
        return format_html('<svg class="icon" role="img" aria-label="{}"><use href="{}"/></svg>', label, source)
    return format_html('<svg class="icon" aria-hidden="true" focusable="false"><use href="{}"/></svg>', source)


@register.simple_tag
def switch(name: str) -> bool:
    """Whether a part of the platform is turned on: `{% switch "bids" as bids_are_on %}`."""
    return is_on(name)


@register.filter
def tone(state: Any) -> str:
    return TONE_OF_STATE.get(str(state), "still")


@register.filter
def tone_icon(name: str) -> str:
    return TONE_ICONS.get(name, TONE_ICONS["still"])


@register.filter
def alert_tone(level: Any) -> str:
    """The tone of a Django message level, or of a Bootstrap one ("danger")."""
    return ALERT_TONES.get(str(level), "bad" if str(level) == "danger" else "moving")


@register.filter
def points(score: Any) -> int:
    """A score as people read it: whole points, 0 to 100."""
    return min(100, max(0, round(float(score or 0))))


@register.filter
def grouped(value: Any) -> str:
    """A number with its thousands apart ("11,475"); Chinese locales of the framework group by four or not at all."""
    return f"{value:,}" if isinstance(value, (int, float, Decimal)) else str(value)


@register.filter
def days_ago(moment: datetime) -> str:
    """How long ago, in days of the city; the day itself after two months."""
    days = (clock.today() - timezone.localdate(moment)).days
    if days <= 0:
        return _("今天")
    if days > 60:
        return timezone.localdate(moment).isoformat()
    return ngettext("%(days)d 天前", "%(days)d 天前", days) % {"days": days}


@register.filter
def shape(field: BoundField) -> str:
    """How components/field.html lays a field out: "choices" (a group), "check" (one box) or "control"."""
    widget = field.field.widget
    if isinstance(widget, (forms.RadioSelect, forms.CheckboxSelectMultiple)):
        return "choices"
    return "check" if isinstance(widget, forms.CheckboxInput) else "control"


@register.filter
def counted(field: BoundField) -> int | None:
    """The greatest length of a text area that shows how much of it is used."""
    widget = field.field.widget
    return widget.attrs.get("maxlength") if isinstance(widget, forms.Textarea) else None


@register.filter
def nearby_pages(page: Page[Any]) -> Iterator[int | str]:
    """Numbers of the pages to link: both ends, the neighbours, and an ellipsis where some are left out."""
    return page.paginator.get_elided_page_range(page.number, on_each_side=1, on_ends=1)


@register.inclusion_tag("core/_nav_item.html", takes_context=True)
def nav_item(context: RequestContext, view_name: str, label: str, icon_name: str = "") -> dict[str, Any]:
    """A link of the navigation; nothing where this installation has no such page."""
    try:
        url = reverse(view_name)
    except NoReverseMatch:
        return {"url": ""}
    match = getattr(context.get("request"), "resolver_match", None)
    return {"url": url, "label": label, "icon": icon_name, "current": match and current_in(url, view_name, match)}


# Pages below these are not theirs alone: a person's own need lies below the board.
SHARED_ADDRESSES = {"home", "needs:board", "capabilities:list"}


def current_in(url: str, view_name: str, match: ResolverMatch) -> str:
    """The `aria-current` of a link: "page" on its page, "true" on the pages below it, else nothing."""
    if match.view_name == view_name:
        return "page"
    is_below = view_name not in SHARED_ADDRESSES and f"/{match.route}".startswith(url)
    return "true" if is_below else ""
