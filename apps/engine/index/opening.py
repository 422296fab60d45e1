"""An index as it is read: mapped, so that every process of a host shares the same pages."""

from collections import Counter
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from apps.engine.index.facets import Facets
from apps.engine.index.files import read_array, read_names
from apps.engine.index.segment import Segment
from apps.engine.indicator_signal import IndicatorRows
from apps.engine.layout import Layout
from apps.engine.lexical import Frequencies
from apps.engine.postings import Postings
from apps.engine.scoring import LEXICAL_SIGNALS, Statistics
from apps.engine.semantic_signal import SemanticRows
from apps.engine.tag_signal import TagRows


@dataclass(frozen=True, slots=True)
class Index:
    """Both sides, and the frequencies by which both are weighed."""

    statistics: Statistics
    capabilities: Segment
    needs: Segment


def open_index(folder: Path) -> Index:
    """The index that `build_index` wrote. OSError, ValueError or KeyError where files are missing or are none.

    That the files are those that were written is for checksums to tell, not for this function.
    """
    about = read_names(folder, "statistics")
    words, bigrams = (
        Frequencies(
            int(about["documents"]),
            np.asarray(read_array(folder, f"frequencies.{name}.codes")),
            read_array(folder, f"frequencies.{name}.counts"),
        )
        for name in LEXICAL_SIGNALS
    )
    statistics = Statistics(words, bigrams, Counter(about["tags"]))
    return Index(statistics, _segment(folder / "capabilities"), _segment(folder / "needs"))


def _segment(folder: Path) -> Segment:
    names = read_names(folder, "names")
    documents = int(names["documents"])
    if not documents:
        return empty_segment()
    layout = Layout(
        words=_postings(folder, "words", documents),
        bigrams=_postings(folder, "bigrams", documents),
        semantics=SemanticRows(*(read_array(folder, name) for name in ("titles", "wholes", "has_title", "has_whole"))),
        tags=TagRows(tuple(names["tags"]), read_array(folder, "tags.flat"), read_array(folder, "tags.starts")),
        indicators=IndicatorRows(
            tuple((name, unit) for name, unit in names["kinds"]),
            *(read_array(folder, f"indicators.{name}") for name in ("kind", "low", "high", "is_hard", "starts")),
        ),
    )
    columns = {name: read_array(folder, f"columns.{name}") for name in names["columns"]}
    facets = Facets(read_array(folder, "facets.flat"), read_array(folder, "facets.starts"))
    return Segment(layout, columns, facets)


def empty_segment() -> Segment:
    """Of no document at all."""
    nothing = Postings(
        np.empty(0, np.uint64), np.zeros(1, np.int64), np.empty(0, np.int32), np.empty(0, np.float32), documents=0
    )
    layout = Layout(nothing, nothing, SemanticRows.of([]), TagRows.of([]), IndicatorRows.of([]))
    return Segment(layout, {"id": np.empty(0, np.int64)}, Facets.of([]))


def _postings(folder: Path, name: str, documents: int) -> Postings:
    codes, starts, rows, weights = (
        read_array(folder, f"{name}.{part}") for part in ("codes", "starts", "rows", "weights")
    )
    return Postings(codes, starts, rows, weights, documents)
