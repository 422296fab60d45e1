"""Noun phrases that name a material, a process or an object, with their places in a raw text."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from apps.engine.element_words import Sense, sense_of
from apps.engine.highlight import fold
from apps.engine.tokens import Segmenter

LONGEST_PHRASE = 14
"""Characters; a longer one is cut from the left, between words. More does not read as a label."""

_HEADS: frozenset[Sense] = frozenset({"process", "technique", "material", "object"})
_CLASSIFIERS = frozenset({"工艺", "技术", "处理", "加工", "成型", "法"})


@dataclass(frozen=True, slots=True)
class Piece:
    """A word where it stands: raw text [start, end)."""

    word: str
    start: int
    end: int
    sense: Sense


@dataclass(frozen=True, slots=True)
class Phrase:
    """A noun phrase [start, end) and what its last word is."""

    sense: Sense
    start: int
    end: int
    words: int


def cut_pieces(raw: str, segmenter: Segmenter) -> list[Piece]:
    """The words of a raw text in order, signs and spaces among them as "stop"."""
    pieces, at = [], 0
    for word in segmenter.pieces(fold(raw)):
        pieces.append(Piece(word, at, at + len(word), sense_of(word)))
        at += len(word)
    return pieces


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
    """The phrases of one run: words before a head belong to it; a head right before an object too (采摘机器人)."""
    waiting: list[Piece] = []
    for piece, following in zip(run, (*run[1:], None), strict=True):
        waiting.append(piece)
        if piece.sense not in _HEADS:
            continue
        if following is not None and _joins(piece, following):
            if piece.sense == "material":
                yield _phrase(waiting)
            continue
        yield _phrase(waiting)
        waiting = []


def _joins(piece: Piece, following: Piece) -> bool:
    """Whether a head is only the beginning of a longer name: 铝合金 + 壳体, 焊接 + 机器人, 轮胎 + 模具, 表面 + 喷涂."""
    if following.sense == "object":
        return True
    if following.sense == "material":
        return piece.sense == "material"
    return piece.sense in {"process", "technique"} and following.sense in {"process", "technique"}


def _phrase(words: Sequence[Piece]) -> Phrase:
    kept = list(words)
    while len(kept) > 1 and (kept[-1].end - kept[0].start > LONGEST_PHRASE or kept[0].sense == "adjective"):
        kept.pop(0)
    return Phrase(words[-1].sense, kept[0].start, kept[-1].end, len(kept))
