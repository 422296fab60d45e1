"""Vectors of meaning for any number of made-up listings, from really encoding the few thousand pieces they are made of.

A title gets the vector of its piece, a whole text the sum of those of its pieces by their lengths, both with a little
noise for the wording, scaled to length 1. So near texts have near vectors, as a search that skips what cannot be among
the best will find it, at a millionth of the cost of encoding each. What was encoded once is kept.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
import scipy.sparse as sp
from numpy.typing import NDArray

from apps.engine.documents import Document
from apps.engine.encoder import ENCODED_AT_ONCE, Encoder, Vectors
from apps.engine.text import normalise
from benchmarks.clauses import pieces
from benchmarks.corpus import Block, Numbers
from benchmarks.installation import encoder, scratch

NOISE = 0.25
"""Length of what a wording adds to a vector of length 1."""


def with_meanings(block: Block, seed: int = 1) -> Block:
    """The block with vectors at its documents."""
    rng = np.random.default_rng([seed, int(block.columns["id"][0]) if len(block) else 0])
    of_pieces = piece_vectors({number for numbers in block.wholes for number in numbers})
    titles, wholes = (_mixed(numbers, of_pieces, rng) for numbers in (block.titles, block.wholes))
    pairs = np.stack([titles, wholes], axis=1)
    documents = [_with(document, pair) for document, pair in zip(block.documents, pairs, strict=True)]
    return replace(block, documents=documents)


def piece_vectors(wanted: Iterable[int]) -> Vectors:
    """(pieces, dimensions): the vectors of these pieces, zeros at all others."""
    texts = pieces().texts
    known = _read(encoder(), len(texts))
    missing = sorted((n for n in wanted if not known[n].any()), key=lambda number: len(texts[number]))
    if missing:
        known[missing] = np.concatenate(list(_encoded([texts[number] for number in missing], encoder())))
        np.save(_path(encoder()), known)
    return known


def _encoded(texts: Sequence[str], by: Encoder) -> Iterator[Vectors]:
    for start in range(0, len(texts), ENCODED_AT_ONCE):
        yield by.encode([normalise(text) for text in texts[start : start + ENCODED_AT_ONCE]])


def _mixed(numbers: Sequence[Numbers], of_pieces: Vectors, rng: np.random.Generator) -> Vectors:
    lengths = np.array([len(text) for text in pieces().texts], np.float32)
    indices = np.fromiter((number for row in numbers for number in row), np.int64)
    starts = np.concatenate([[0], np.cumsum([len(row) for row in numbers])])
    shares = sp.csr_array((lengths[indices], indices, starts), shape=(len(numbers), len(of_pieces)))
    mixed = _unit(np.asarray(shares @ of_pieces))
    wording = _unit(rng.standard_normal(mixed.shape, dtype=np.float32))
    return _unit(mixed + np.float32(NOISE) * wording)


def _unit(rows: NDArray[np.float32]) -> Vectors:
    lengths = np.maximum(np.linalg.norm(rows, axis=1, keepdims=True), 1e-9)
    return np.asarray(rows / lengths, dtype=np.float32)


def _with(document: Document, vectors: Vectors) -> Document:
    return replace(document, vectors=vectors)


def _read(by: Encoder, count: int) -> Vectors:
    path = _path(by)
    known = np.load(path, allow_pickle=False) if path.exists() else np.empty((0, 0), np.float32)
    return known if known.shape == (count, by.dimensions) else np.zeros((count, by.dimensions), np.float32)


def _path(by: Encoder) -> Path:
    return scratch() / f"pieces-{by.name.replace('/', '-')}.npy"
