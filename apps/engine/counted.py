"""How often each term stands in each field of many documents, as arrays: cut and counted once, kept as bytes."""

import hashlib
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import chain
from zlib import crc32

import numpy as np
from numpy.typing import NDArray

from apps.engine.characters import character_terms
from apps.engine.documents import Document
from apps.engine.fields import FIELDS, texts_of
from apps.engine.taxonomy import Taxonomy
from apps.engine.terms import Codes, Places, codes_of
from apps.engine.text import LONGEST_TEXT, normalise_each
from apps.engine.tokens import Segmenter

type Counts = NDArray[np.uint16]

FORMAT = "terms-1"
"""Changes with the way texts are cut, numbered or packed."""
AT_ONCE = 200_000
"""Characters counted in one go: few calls, and arrays that stay small whatever the texts."""

_MOST = 65_535
_PAD = np.uint64(2**64 - 1)


@dataclass(frozen=True, slots=True)
class TermTable:
    """Terms of several documents, of one sort.

    Those of field f of document d are codes[starts[d * F + f] : starts[d * F + f + 1]], F = len(FIELDS), distinct and
    ascending, and `counts` (capped at 65,535) beside them. `starts` has documents * F + 1 entries.
    """

    codes: Codes
    counts: Counts
    starts: Places


@dataclass(frozen=True, slots=True)
class Counted:
    """The words, and the characters and pairs, of several documents; its length is their number."""

    words: TermTable
    bigrams: TermTable

    def __len__(self) -> int:
        return (len(self.words.starts) - 1) // len(FIELDS)


class TermCounter:
    """Counts the terms of documents. `method` names how: kept counts of another method are of no use."""

    def __init__(self, segmenter: Segmenter, taxonomy: Taxonomy) -> None:
        self.segmenter = segmenter
        self.taxonomy = taxonomy
        self.method = _method(segmenter, taxonomy)

    def count(self, documents: Sequence[Document]) -> Counted:
        """The terms of each field of each document."""
        parts, texts = [], list[str]()
        length = 0
        for document in documents:
            fields = texts_of(document, self.taxonomy.name)
            texts += fields
            length += sum(map(len, fields))
            if length >= AT_ONCE:
                parts.append(self._count(texts))
                texts, length = [], 0
        return join([*parts, self._count(texts)])

    def _count(self, raw: Sequence[str]) -> Counted:
        texts = normalise_each(raw)
        words = self.segmenter.words_of_each(texts)
        return Counted(
            _table(codes_of(list(chain.from_iterable(words))), _starts_of(words)),
            _table(*character_terms(texts)),
        )


def join(parts: Sequence[Counted]) -> Counted:
    """The documents of all parts, in order."""
    return Counted(_joined([part.words for part in parts]), _joined([part.bigrams for part in parts]))


_FIELDS_OF_BOTH = 2 * len(FIELDS)
_HEAD = 4 * (1 + _FIELDS_OF_BOTH)


def pack(counted: Counted) -> list[bytes]:
    """Each document as bytes.

    Little-endian: a CRC-32 of all that follows and, of each field of words, then of bigrams, the number of its terms
    (uint32 each); the codes of words and of bigrams (uint64); their counts (uint16).
    """
    tables = counted.words, counted.bigrams
    lengths = np.hstack([np.diff(table.starts).reshape(-1, len(FIELDS)) for table in tables]).astype("<u4")
    ends = [table.starts[:: len(FIELDS)].tolist() for table in tables]
    codes = [table.codes.astype("<u8", copy=False) for table in tables]
    counts = [table.counts.astype("<u2", copy=False) for table in tables]
    blobs = []
    for row in range(len(counted)):
        spans = [slice(end[row], end[row + 1]) for end in ends]
        parts = [values[span] for of_both in (codes, counts) for values, span in zip(of_both, spans, strict=True)]
        content = b"".join([lengths[row].tobytes(), *(part.tobytes() for part in parts)])
        blobs.append(crc32(content).to_bytes(4, "little") + content)
    return blobs


def unpack(blobs: Sequence[bytes]) -> Counted:
    """The documents that `pack` made these of. ValueError where one is damaged."""
    heads = _heads(blobs)
    words = heads[:, : len(FIELDS)]
    both = np.stack([words.sum(axis=1), heads[:, len(FIELDS) :].sum(axis=1)], axis=1)
    widths = np.concatenate([both * 8, both * 2], axis=1)
    edges = _HEAD + np.cumsum(widths, axis=1)
    if not np.array_equal(edges[:, -1], np.fromiter(map(len, blobs), np.int64, len(blobs))):
        raise ValueError("counted terms are damaged: a length is wrong")
    starts = np.concatenate([np.full((len(blobs), 1), _HEAD), edges[:, :-1]], axis=1).T.tolist()
    ends = edges.T.tolist()
    parts = [
        b"".join([blob[start:end] for blob, start, end in zip(blobs, starts[part], ends[part], strict=True)])
        for part in range(4)
    ]
    tables = [
        TermTable(
            np.frombuffer(parts[sort], "<u8").astype(np.uint64, copy=False),
            np.frombuffer(parts[2 + sort], "<u2").astype(np.uint16, copy=False),
            np.concatenate([[0], np.cumsum(heads[:, sort * len(FIELDS) : (sort + 1) * len(FIELDS)])]),
        )
        for sort in range(2)
    ]
    return Counted(*tables)


def _heads(blobs: Sequence[bytes]) -> NDArray[np.int64]:
    """The numbers of terms: documents × fields of both sorts."""
    for row, blob in enumerate(blobs):
        if len(blob) < _HEAD or crc32(memoryview(blob)[4:]) != int.from_bytes(blob[:4], "little"):
            raise ValueError(f"counted terms are damaged: number {row} of {len(blobs)}")
    heads = b"".join([blob[4:_HEAD] for blob in blobs])
    return np.frombuffer(heads, "<u4").reshape(-1, _FIELDS_OF_BOTH).astype(np.int64)


def _table(codes: Codes, starts: Places) -> TermTable:
    """The distinct terms of each stretch codes[starts[i] : starts[i + 1]], ascending, with how often each is there."""
    lengths = np.diff(starts)
    ordered = _sorted_within(codes, starts[:-1], lengths)
    is_first = np.empty(len(codes), np.bool_)
    is_first[1:] = ordered[1:] != ordered[:-1]
    is_first[starts[:-1][lengths > 0]] = True
    firsts = np.flatnonzero(is_first)
    counts = np.diff(firsts, append=len(codes))
    distinct = np.concatenate([[0], np.cumsum(is_first)])[starts]
    return TermTable(ordered[firsts], np.minimum(counts, _MOST).astype(np.uint16), distinct)


def _sorted_within(codes: Codes, starts: Places, lengths: Places) -> Codes:
    """The codes, each stretch sorted by itself: stretches of like length as rows of one matrix, which is fastest."""
    ordered = codes.copy()
    widths = np.where(lengths > 1, 2 ** np.ceil(np.log2(np.maximum(lengths, 2))), 0).astype(np.int64)
    for width in np.unique(widths[widths > 0]).tolist():
        rows = np.flatnonzero(widths == width)
        inside = np.arange(width) < lengths[rows, None]
        places = (starts[rows, None] + np.arange(width))[inside]
        matrix = np.full((len(rows), width), _PAD)
        matrix[inside] = codes[places]
        matrix.sort(axis=1)
        ordered[places] = matrix[inside]
    return ordered


def _joined(tables: Sequence[TermTable]) -> TermTable:
    lengths = [np.diff(table.starts) for table in tables]
    return TermTable(
        np.concatenate([np.empty(0, np.uint64), *(table.codes for table in tables)]),
        np.concatenate([np.empty(0, np.uint16), *(table.counts for table in tables)]),
        np.concatenate([[0], np.cumsum(np.concatenate([np.empty(0, np.int64), *lengths]))]),
    )


def _starts_of(words: Sequence[Sequence[str]]) -> Places:
    return np.concatenate([[0], np.cumsum(np.fromiter(map(len, words), np.int64, len(words)))])


def _method(segmenter: Segmenter, taxonomy: Taxonomy) -> str:
    names = sorted((term.code, term.name) for term in taxonomy.terms.values())
    rules = [FORMAT, LONGEST_TEXT, unicodedata.unidata_version, FIELDS, segmenter.rules, names]
    return f"{FORMAT}-{hashlib.sha256(repr(rules).encode()).hexdigest()[:16]}"
