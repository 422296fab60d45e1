"""An index from batches of documents: capabilities, from which frequencies are learnt, and the needs beside them."""

from collections.abc import Iterable
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np

from apps.engine.index.batch import Batch
from apps.engine.index.files import write_array, write_names
from apps.engine.index.segment_writer import SegmentWriter
from apps.engine.lexical import Frequencies
from apps.engine.scoring import LEXICAL_SIGNALS, Scorer, Statistics

SIDES = ("capabilities", "needs")


def build_index(
    folder: Path, *, capabilities: Iterable[Batch], needs: Iterable[Batch], scorer: Scorer, dimensions: int = 0
) -> None:
    """Write an index of all batches below an existing, empty folder; the same batches give the same files.

    `dimensions` are those of the vectors of meaning, 0 where there are none. The scorer learns the frequencies. Memory
    is that of a batch, and of some numbers per document and per term.
    """
    with TemporaryDirectory(dir=folder, prefix="scratch-") as scratch:
        for side, batches in zip(SIDES, (capabilities, needs), strict=True):
            writer = SegmentWriter(folder / side, Path(scratch) / side, dimensions=dimensions)
            for batch in batches:
                writer.add(batch)
            if side == "capabilities":
                statistics = writer.statistics(scorer)
                _write_statistics(folder, statistics)
                scorer.learn(statistics)
            writer.finish(scorer)


def _write_statistics(folder: Path, statistics: Statistics) -> None:
    for name in LEXICAL_SIGNALS:
        found: Frequencies = getattr(statistics, name)
        write_array(folder, f"frequencies.{name}.codes", found.codes)
        write_array(folder, f"frequencies.{name}.counts", found.counts.astype(np.int64))
    write_names(
        folder, "statistics", {"documents": statistics.documents, "tags": dict(sorted(statistics.tags.items()))}
    )
