"""Postings of more documents than fit in memory: block by block to a scratch folder, then each list to its place."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
from numpy.lib.format import open_memmap
from numpy.typing import NDArray

from apps.engine.index.files import read_array, write_array
from apps.engine.lexical import TermVectors
from apps.engine.postings import by_term
from apps.engine.terms import Codes, distinct


class PostingsWriter:
    """Takes vectors in the order of the documents; `write` gives the files that `Postings.of` all of them would."""

    def __init__(self, scratch: Path) -> None:
        self.scratch = scratch
        self.blocks = 0
        self.documents = 0

    def add(self, vectors: TermVectors) -> None:
        """The next documents."""
        codes = distinct(vectors.codes)
        matrix = by_term(vectors, codes)
        kept = {"codes": codes, "lengths": np.diff(matrix.indptr), "weights": matrix.data}
        kept["rows"] = matrix.indices.astype(np.int32) + np.int32(self.documents)
        for name, values in kept.items():
            write_array(self.scratch, f"{self.blocks}.{name}", values)
        self.blocks += 1
        self.documents += len(vectors)

    def write(self, folder: Path, name: str) -> None:
        """All lists, into files `name`.codes, .starts, .rows and .weights of the folder."""
        codes, starts = self._vocabulary()
        write_array(folder, f"{name}.codes", codes)
        write_array(folder, f"{name}.starts", starts)
        if not starts[-1]:
            write_array(folder, f"{name}.rows", np.empty(0, np.int32))
            write_array(folder, f"{name}.weights", np.empty(0, np.float32))
            return
        rows = open_memmap(folder / f"{name}.rows.npy", "w+", np.int32, (int(starts[-1]),))
        weights = open_memmap(folder / f"{name}.weights.npy", "w+", np.float32, (int(starts[-1]),))
        filled = starts[:-1].copy()
        for block in range(self.blocks):
            terms = np.searchsorted(codes, self._kept(block, "codes"))
            lengths = self._kept(block, "lengths").astype(np.int64)
            places = np.repeat(filled[terms] - (np.cumsum(lengths) - lengths), lengths) + np.arange(int(lengths.sum()))
            rows[places], weights[places] = self._kept(block, "rows"), self._kept(block, "weights")
            filled[terms] += lengths
        rows.flush()
        weights.flush()

    def _vocabulary(self) -> tuple[Codes, NDArray[np.int64]]:
        codes = distinct(np.concatenate([np.empty(0, np.uint64), *self._each("codes")]))
        lengths = np.zeros(len(codes), np.int64)
        for block in range(self.blocks):
            lengths[np.searchsorted(codes, self._kept(block, "codes"))] += self._kept(block, "lengths")
        return codes, np.concatenate([[0], np.cumsum(lengths)])

    def _each(self, name: str) -> Iterator[NDArray[np.uint64]]:
        for block in range(self.blocks):
            yield self._kept(block, name)

    def _kept(self, block: int, name: str) -> NDArray[Any]:
        return read_array(self.scratch, f"{block}.{name}")
