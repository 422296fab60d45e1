"""Two versions side by side, with the words that changed marked."""

import re
from dataclasses import dataclass
from difflib import SequenceMatcher

from apps.review.wording import Text

_TOKEN = re.compile(r"[A-Za-z0-9.%]+|\s+|.", re.DOTALL)
"""Words and numbers of Latin letters stay whole; a Chinese sign stands for itself."""
LONGEST_COMPARED = 4_000


@dataclass(frozen=True, slots=True)
class Piece:
    text: str
    is_changed: bool


@dataclass(frozen=True, slots=True)
class Change:
    """One field that differs; one side is empty where it came or went."""

    name: str
    before: tuple[Piece, ...]
    after: tuple[Piece, ...]


def differences(before: Text, after: Text) -> list[Change]:
    """Only the fields that differ, in the order of the newer version, then those that are gone."""
    old, new = dict(before), dict(after)
    names = [*new, *(name for name in old if name not in new)]
    return [
        Change(name, *marked(old.get(name, ""), new.get(name, ""))) for name in names if old.get(name) != new.get(name)
    ]


def marked(before: str, after: str) -> tuple[tuple[Piece, ...], tuple[Piece, ...]]:
    """Both texts cut into pieces; those that the other has not are marked."""
    if max(len(before), len(after)) > LONGEST_COMPARED:
        return _whole(before), _whole(after)
    old, new = _TOKEN.findall(before), _TOKEN.findall(after)
    left: list[Piece] = []
    right: list[Piece] = []
    for tag, i1, i2, j1, j2 in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        is_changed = tag != "equal"
        if i2 > i1:
            left.append(Piece("".join(old[i1:i2]), is_changed))
        if j2 > j1:
            right.append(Piece("".join(new[j1:j2]), is_changed))
    return tuple(left), tuple(right)


def _whole(text: str) -> tuple[Piece, ...]:
    return (Piece(text, is_changed=True),) if text else ()
