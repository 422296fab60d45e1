"""Kinds of message: the words of a notification, kept apart from its values until somebody's language is known."""

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any, NamedTuple

from apps.notifications.topics import BY_CODE

if TYPE_CHECKING:
    from django.utils.functional import _StrPromise

type Parameters = Mapping[str, Any]
LONGEST_TITLE = 120


def as_they_are(parameters: Parameters) -> Parameters:
    return parameters


class Kind(NamedTuple):
    """A kind of message. `title` and `line` are lazy gettext templates with named places ("“%(need)s”有新的推荐").

    `localised` may replace values by what a reader of the language in force calls them (the name of a term for its
    code); it is called while the text is made.
    """

    name: str
    title: "str | _StrPromise"
    line: "str | _StrPromise" = ""
    localised: Callable[[Parameters], Parameters] = as_they_are


class Text(NamedTuple):
    title: str
    line: str


_kinds: dict[str, Kind] = {}


def register(*kinds: Kind) -> None:
    """Make kinds known, by dotted names that begin with their app's ("matching.interested").

    ValueError for a name that is taken by other words: two apps would speak for one another.
    """
    for kind in kinds:
        if _kinds.get(kind.name, kind) != kind:
            raise ValueError(f"The kind of message {kind.name} is registered already.")
        _kinds[kind.name] = kind


def is_registered(name: str) -> bool:
    return name in _kinds


def text_of(name: str, parameters: Parameters, *, topic: str) -> Text:
    """The words in the language in force. A kind that is gone (its app was taken out) leaves its topic's name.

    A title is one line, whatever people call their needs: it becomes the subject of a letter.
    """
    kind = _kinds.get(name)
    if kind is None:
        return Text(BY_CODE[topic].label if topic in BY_CODE else name, "")
    values = kind.localised(parameters)
    title = " ".join((str(kind.title) % values).split())
    return Text(title[:LONGEST_TITLE], (str(kind.line) % values).strip())
