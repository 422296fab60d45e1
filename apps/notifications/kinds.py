"""Kinds of message: the words of a notification, kept apart from its values until somebody's language is known."""

import logging
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any, NamedTuple

from apps.notifications.topics import BY_CODE

if TYPE_CHECKING:
    from django.utils.functional import _StrPromise

logger = logging.getLogger(__name__)
type Parameters = Mapping[str, Any]
LONGEST_TITLE = 120


def as_they_are(parameters: Parameters) -> Parameters:
    return parameters


class Kind(NamedTuple):
    """A kind of message. `title` and `line` are lazy gettext templates with named places ("“%(need)s”有新的推荐").

    `localised` may replace values by what a reader of the language in force calls them (the name of a term for its
    code); it is called while the text is made. `letter_path` makes the path that a letter to a person carries where its
    reader is to act without a sign-in: of the notification, anew for each letter, so that no secret is ever stored.
    `letter_files` reads what a letter to a person brings with it, as they may have it at that moment.
    """

    name: str
    title: "str | _StrPromise"
    line: "str | _StrPromise" = ""
    localised: Callable[[Parameters], Parameters] = as_they_are
    letter_path: Callable[[Any], str] | None = None
    letter_files: "Callable[[Any], list[LetterFile]] | None" = None


class LetterFile(NamedTuple):
    """A file that goes with a letter."""

    name: str
    content: bytes
    content_type: str


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


def kind_of(name: str) -> Kind:
    """LookupError where no app has registered it."""
    return _kinds[name]


def letter_path_of(name: str) -> Callable[[Any], str] | None:
    """None also for a kind that is gone."""
    kind = _kinds.get(name)
    return kind.letter_path if kind else None


def files_of(row: Any) -> list[LetterFile]:
    """What the letter of a notification brings; nothing for a kind that is gone."""
    kind = _kinds.get(row.kind)
    return kind.letter_files(row) if kind and kind.letter_files else []


def text_of(name: str, parameters: Parameters, *, topic: str) -> Text:
    """The words in the language in force. Of a kind that is gone, or has other places now, its topic's name is left.

    A title is one line, whatever people call their needs: it becomes the subject of a letter.
    """
    try:
        return written(_kinds[name], parameters)
    except (LookupError, TypeError, ValueError) as error:  # one row must not take the whole inbox with it
        logger.warning("Notifications of kind %s cannot be put into words: %r", name, error)
        return Text(BY_CODE[topic].label if topic in BY_CODE else name, "")


def written(kind: Kind, parameters: Parameters) -> Text:
    """The words of a kind. LookupError, TypeError or ValueError where its templates ask for values that are missing."""
    values = kind.localised(parameters)
    title = " ".join((str(kind.title) % values).split())
    return Text(title[:LONGEST_TITLE], (str(kind.line) % values).strip())
