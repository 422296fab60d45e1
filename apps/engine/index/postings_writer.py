"""Postings of more documents than fit in memory: block by block to a scratch folder, then each list to its place."""

from pathlib import Path
from typing import Any

import numpy as np
from numpy.lib.format import open_memmap
from numpy.typing import NDArray

from apps.engine.index.files import read_array, write_array
from apps.engine.lexical import TermVectors
from apps.engine.postings import by_number
from apps.engine.terms import Codes


class PostingsWriter:
    """Takes vectors in the order of the documents; `write` gives the files that `Postings.of` all of them would.

    `codes` are the terms by the number that all vectors know them by; `scratch` does not exist yet.
    """

    def __init__(self, scratch: Path, codes: Codes) -> None:
        self.scratch, self.codes = scratch, codes
        self.blocks = self.documents = 0
        self._lengths = np.zeros(len(codes), np.int64)
        scratch.mkdir()

    def add(self, vectors: TermVectors) -> None:
        """The next documents."""
        matrix = by_number(vectors)
        lengths = np.diff(matrix.indptr)[: len(self.codes)]
        numbers = np.flatnonzero(lengths)
        rows = matrix.indices.astype(np.int32) + np.int32(self.documents)
        kept = {"numbers": numbers, "lengths": lengths[numbers].astype(np.int64), "rows": rows, "weights": matrix.data}
        for name, values in kept.items():
            write_array(self.scratch, f"{self.blocks}.{name}", values)
        self._lengths[numbers] += kept["lengths"]
        self.blocks += 1
        self.documents += len(vectors)

    def write(self, folder: Path, name: str) -> None:
        """All lists, into files `name`.codes, .starts, .rows and .weights of the folder."""
        order = np.argsort(self.codes)
        order = order[self._lengths[order] > 0]
        starts = np.concatenate([[0], np.cumsum(self._lengths[order])])
        write_array(folder, f"{name}.codes", self.codes[order])
        write_array(folder, f"{name}.starts", starts)
        if not starts[-1]:
            write_array(folder, f"{name}.rows", np.empty(0, np.int32))
            write_array(folder, f"{name}.weights", np.empty(0, np.float32))
            return
        filled = np.zeros(len(self.codes), np.int64)
        filled[order] = starts[:-1]
        rows = open_memmap(folder / f"{name}.rows.npy", "w+", np.int32, (int(starts[-1]),))
        weights = open_memmap(folder / f"{name}.weights.npy", "w+", np.float32, (int(starts[-1]),))
        for block in range(self.blocks):
            numbers, lengths = self._kept(block, "numbers"), self._kept(block, "lengths")
            before = np.cumsum(lengths) - lengths
            places = np.repeat(filled[numbers] - before, lengths) + np.arange(int(lengths.sum()))
            rows[places], weights[places] = self._kept(block, "rows"), self._kept(block, "weights")
            filled[numbers] += lengths
        rows.flush()
        weights.flush()

    def _kept(self, block: int, name: str) -> NDArray[Any]:
        return read_array(self.scratch, f"{block}.{name}")
