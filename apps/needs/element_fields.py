"""How the form sends what a person decided about elements: plain check boxes and one line of text, script or not.

Each value is "kind:text". An element is confirmed or removed by its own two boxes; one that a person wrote comes
back as `element_added`, and `element_new_kind` with `element_new_text` is one that is being written.
"""

from dataclasses import dataclass

from django.http import QueryDict
from django.utils.translation import gettext as _

from apps.needs.elements import ElementValues, decisions, typed_element
from apps.needs.models import LONGEST_ELEMENT, ElementKind, ElementState

SHOWN = "element_shown"
CONFIRM, REMOVE, ADDED = "element_confirm", "element_remove", "element_added"
NEW_KIND, NEW_TEXT = "element_new_kind", "element_new_text"
ACTION = "add_element"
"""The button's `action` that adds the line; a line left there is added when the whole form is saved by its person."""
_STATES = ((CONFIRM, ElementState.CONFIRMED), (ADDED, ElementState.ADDED), (REMOVE, ElementState.REMOVED))


def is_sent(data: QueryDict) -> bool:
    """Whether the page had elements at all: another door's silence decides nothing."""
    return SHOWN in data


def sent_elements(data: QueryDict) -> list[ElementValues]:
    """Elements that a person decided about, each once."""
    sent = [typed_element(value, state) for name, state in _STATES for value in data.getlist(name)]
    found = decisions(element for element in sent if element)
    if "action" in data and (new := new_element(data)):
        found[new.key] = new  # also where it was removed before: who writes it wants it
    return list(found.values())


def new_element(data: QueryDict) -> ElementValues | None:
    """The element in the line for new ones, if it is whole."""
    kind, text = data.get(NEW_KIND, ""), data.get(NEW_TEXT, "")
    return typed_element(f"{kind}:{text}", ElementState.ADDED)


@dataclass(frozen=True, slots=True)
class NewElement:
    """The line for new elements, as a page shows it: blank, or with what could not be added and why."""

    kind: str = ""
    text: str = ""
    error: str = ""

    @classmethod
    def refused(cls, data: QueryDict) -> "NewElement":
        """The line after its button was pressed: blank if it was added."""
        if new_element(data):
            return cls()
        kind, text = data.get(NEW_KIND, ""), data.get(NEW_TEXT, "")
        return cls(kind, text, _why_not(kind, text))


def _why_not(kind: str, text: str) -> str:
    if kind not in ElementKind.values:
        return _("请先选择要素的类别。")
    if not text.strip():
        return _("请先写下要补充的要素。")
    return _("要素请尽量简短：最多 %(most)d 个字，现有 %(now)d 个。") % {"most": LONGEST_ELEMENT, "now": len(text)}
