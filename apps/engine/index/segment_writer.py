"""A segment written to files batch by batch, in memory that does not grow with the corpus."""

from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from apps.engine.documents import Document
from apps.engine.index.batch import Batch
from apps.engine.index.facets import Facets
from apps.engine.index.files import GrowingArray, read_array, write_array, write_names
from apps.engine.index.postings_writer import PostingsWriter
from apps.engine.indicator_signal import IndicatorRows
from apps.engine.lexical import NumberedTerms
from apps.engine.scoring import LEXICAL_SIGNALS, Scorer, Statistics, table_of
from apps.engine.semantic_signal import SemanticRows
from apps.engine.tag_signal import TagRows, codes_of
from apps.engine.terms import Vocabulary

SEMANTICS = {"titles": "<i2", "wholes": "<i2", "has_title": "|b1", "has_whole": "|b1"}
TERMS = ("counts", "fields", "pair", "numbers", "starts")


class SegmentWriter:
    """`add` every batch, then `finish`; between the two, what the batches tell of frequencies can be learnt.

    `dimensions` are those of the encoder's vectors, 0 without one.
    """

    def __init__(self, folder: Path, scratch: Path, *, dimensions: int) -> None:
        self.folder, self.scratch, self.dimensions = folder, scratch, dimensions
        for each in (folder, scratch):
            each.mkdir(parents=True)
        self.batches = 0
        self.documents = 0
        self.tag_counts: Counter[str] = Counter()
        self._small: dict[str, list[NDArray[Any]]] = {}
        self._vocabularies = {name: Vocabulary() for name in LEXICAL_SIGNALS}
        self._tags: dict[str, int] = {}
        self._kinds: dict[tuple[str, str], int] = {}
        self._files = ExitStack()
        self._semantics = {
            name: self._files.enter_context(GrowingArray(folder, name, dtype, self._row(name)))
            for name, dtype in SEMANTICS.items()
        }

    def add(self, batch: Batch) -> None:
        """The next documents."""
        for name in LEXICAL_SIGNALS:
            block = NumberedTerms.of(table_of(batch.counted, name), self._vocabularies[name])
            for key in TERMS:
                write_array(self.scratch, f"{name}.{self.batches}.{key}", getattr(block, key))
        vectors = SemanticRows.of(batch.documents, self.dimensions)
        for name, file in self._semantics.items():
            file.append(getattr(vectors, name))
        self._add_tags(batch.documents)
        self._add_indicators(batch.documents)
        facets = Facets.of(batch.facets)
        self._append("facets.flat", facets.flat)
        self._append("facets.lengths", np.diff(facets.starts))
        for name, values in batch.columns.items():
            self._append(f"columns.{name}", values)
        self.batches += 1
        self.documents += len(batch)

    def statistics(self, scorer: Scorer) -> Statistics:
        """How common terms and tags are among the documents."""
        for name, vocabulary in self._vocabularies.items():
            scorer.lexical[name].fit(self._blocks(name), vocabulary)
        words, bigrams = (scorer.lexical[name].frequencies_ for name in LEXICAL_SIGNALS)
        return Statistics(words, bigrams, self.tag_counts)

    def finish(self, scorer: Scorer) -> None:
        """Weigh the terms by what the scorer has learnt, and complete the files."""
        self._files.close()
        for name in LEXICAL_SIGNALS:
            codes = self._vocabularies[name].codes
            rarity = scorer.lexical[name].weights(codes)
            writer = PostingsWriter(self.scratch / f"{name}.postings", codes)
            for block in self._blocks(name):
                writer.add(scorer.lexical[name].vectors(block, codes, rarity))
            writer.write(self.folder, name)
        tags = sorted(self._tags)  # in whatever batches they came
        place = np.argsort(np.array([self._tags[code] for code in tags], np.int64)).astype(np.int32)
        self._small["tags.flat"] = (
            [place[np.concatenate(self._small["tags.flat"])]] if tags else [np.empty(0, np.int32)]
        )
        for name, blocks in self._small.items():
            joined = np.concatenate(blocks)
            if name.endswith(".lengths"):
                write_array(self.folder, name.replace(".lengths", ".starts"), np.concatenate([[0], np.cumsum(joined)]))
            else:
                write_array(self.folder, name, joined)
        columns = [name.removeprefix("columns.") for name in self._small if name.startswith("columns.")]
        names = {"tags": tags, "kinds": list(self._kinds), "columns": columns, "documents": self.documents}
        write_names(self.folder, "names", names)

    def _row(self, name: str) -> tuple[int, ...]:
        return (self.dimensions,) if name in {"titles", "wholes"} else ()

    def _append(self, name: str, values: NDArray[Any]) -> None:
        self._small.setdefault(name, []).append(values)

    def _add_tags(self, documents: Sequence[Document]) -> None:
        rows = TagRows.of(documents)
        numbers = np.array([self._tags.setdefault(code, len(self._tags)) for code in rows.codes], np.int32)
        self._append("tags.flat", numbers[rows.flat])
        self._append("tags.lengths", np.diff(rows.starts))
        self.tag_counts.update(code for document in documents for code in codes_of(document))

    def _add_indicators(self, documents: Sequence[Document]) -> None:
        rows = IndicatorRows.of(documents)
        numbers = np.array([self._kinds.setdefault(kind, len(self._kinds)) for kind in rows.kinds], np.int32)
        self._append("indicators.kind", numbers[rows.kind])
        for name in ("low", "high", "is_hard"):
            self._append(f"indicators.{name}", getattr(rows, name))
        self._append("indicators.lengths", np.diff(rows.starts))

    def _blocks(self, name: str) -> Iterator[NumberedTerms]:
        for batch in range(self.batches):
            yield NumberedTerms(**{key: read_array(self.scratch, f"{name}.{batch}.{key}") for key in TERMS})
