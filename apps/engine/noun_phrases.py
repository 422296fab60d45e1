"""Noun phrases that name a material, a process or an object, with their places in a raw text."""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from apps.engine.element_words import Sense, is_generic, sense_of
from apps.engine.highlight import fold
from apps.engine.tokens import Segmenter

LONGEST_PHRASE = 14
"""Characters; a longer one is cut from the left, between words. More does not read as a label."""

_LATIN_END = re.compile(r"[a-z0-9]$")
_LATIN_START = re.compile(r"[a-z0-9]")
_HEADS: frozenset[Sense] = frozenset({"process", "technique", "material", "object"})


@dataclass(frozen=True, slots=True)
class Piece:
    """A word where it stands: raw text [start, end)."""

    word: str
    start: int
    end: int
    sense: Sense


@dataclass(frozen=True, slots=True)
class Phrase:
    """A noun phrase [start, end), what its last word is, and whether it only begins the name of an object."""

    sense: Sense
    start: int
    end: int
    words: int
    is_part: bool


def cut_pieces(raw: str, segmenter: Segmenter) -> list[Piece]:
    """The words of a raw text in order, signs and spaces among them as "stop"."""
    pieces, at = [], 0
    for word in _whole_latin(segmenter.pieces(fold(raw))):
        pieces.append(Piece(word, at, at + len(word), sense_of(word)))
        at += len(word)
    return pieces


def _whole_latin(words: Iterable[str]) -> Iterator[str]:
    """The words with what was cut inside a Latin one joined again: NMPA is not nm and nylon."""
    waiting = ""
    for word in words:
        if waiting and not (_LATIN_END.search(waiting) and _LATIN_START.match(word)):
            yield waiting
            waiting = ""
        waiting += word
    if waiting:
        yield waiting


def runs(pieces: Sequence[Piece]) -> Iterator[list[Piece]]:
    """Neighbouring words that may belong to one noun phrase."""
    run: list[Piece] = []
    for piece in pieces:
        if piece.sense != "stop":
            run.append(piece)
        elif run:
            yield run
            run = []
    if run:
        yield run


def phrases_of(run: Sequence[Piece]) -> Iterator[Phrase]:
    """The phrases of one run: words before a head belong to it.

    A head right before an object belongs to the object (采摘机器人) and stands for itself as well (采摘).
    """
    waiting: list[Piece] = []
    for piece, following in zip(run, (*run[1:], None), strict=True):
        waiting.append(piece)
        if piece.sense not in _HEADS:
            continue
        joins = following is not None and _joins(piece, following)
        if not joins or piece.sense != "object":
            yield from _phrase(waiting, is_part=joins)
        if not joins:
            waiting = []


def _joins(piece: Piece, following: Piece) -> bool:
    """Whether a head is only the beginning of a longer name: 铝合金 + 壳体, 焊接 + 机器人, 碳化硅 + 陶瓷."""
    if following.sense == "object":
        return True
    if following.sense == "material":
        return piece.sense == "material" and not is_generic(following.word)
    return piece.sense in {"process", "technique"} and following.sense == piece.sense


def _phrase(words: Sequence[Piece], *, is_part: bool) -> Iterator[Phrase]:
    head = words[-1]
    kept = [*_belonging(words[:-1], head), head]
    while len(kept) > 1 and (kept[-1].end - kept[0].start > LONGEST_PHRASE or kept[0].sense == "adjective"):
        kept.pop(0)
    if len(kept) > 1 or not is_generic(head.word):
        yield Phrase(head.sense, kept[0].start, head.end, len(kept), is_part)


def _belonging(before: Sequence[Piece], head: Piece) -> Sequence[Piece]:
    """Of the words before a head those that narrow it down: an object takes any noun, a process only what says how."""
    if head.sense == "object":
        return before
    if head.sense == "technique":
        troubles = [at for at, piece in enumerate(before) if piece.sense == "trouble"]
        return before[troubles[-1] :] if troubles else before[-2:]
    allowed = {"modifier", "latin", "adjective", head.sense}
    at = len(before)
    while at and before[at - 1].sense in allowed:
        at -= 1
    return before[at:]
