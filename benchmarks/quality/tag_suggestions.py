"""How well tags are proposed: precision, recall and calibration on texts whose tags people chose.

The 475 needs and capabilities of the demo city, in five folds: the weights are fitted on four, the fifth is asked. A
text never sees itself among the examples. Each is asked whole and by its title alone, and each of these twice: with
all other texts as examples, and with those of other trades only, as when a city meets a trade for the first time (the
demo city's needs and the capabilities that suit them were written by the same hand, so the first figure flatters).

    .venv/bin/python -m benchmarks.quality.tag_suggestions          # the table
    .venv/bin/python -m benchmarks.quality.tag_suggestions --fit    # the weights to ship, fitted on all
"""

import os
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import KFold

from apps.engine.documents import Document
from apps.engine.suggest import LEAST_SURE, TagSuggester
from apps.engine.tag_evidence import EVIDENCE
from apps.engine.taxonomy import Taxonomy

SEEDS = Path(__file__).resolve().parents[2] / "seeds"
MOST_TAGS = 8
NEGLIGIBLE = {"surface": 0.0, "near": 0.02, "name": 0.08}
"""Terms with no more of anything than this are no candidates: tens of thousands of plain negatives teach nothing."""


@dataclass(frozen=True, slots=True)
class Setting:
    """The evidence of all terms for all texts: texts × terms × EVIDENCE."""

    name: str
    rows: NDArray[np.float64]

    def candidates(self, tags: NDArray[np.bool_]) -> NDArray[np.bool_]:
        columns = (self.rows[..., EVIDENCE.index(name)] > least for name, least in NEGLIGIBLE.items())
        return np.asarray(np.logical_or.reduce(list(columns)) & tags)


def main(arguments: list[str]) -> None:
    taxonomy, documents = _seeds()
    suggester = TagSuggester(taxonomy, documents)
    truth = np.array([[code in d.tags for code in suggester.evidence.codes] for d in documents])
    tags = np.array([taxonomy.vocabulary(code) == "tag" for code in suggester.evidence.codes])
    settings = [
        Setting(f"{what}; examples: {name}", _rows(suggester, texts, hidden))
        for what, texts in _texts(documents)
        for name, hidden in _hidings(documents)
    ]
    if "--fit" in arguments:
        fitted = _fitted(settings, truth, tags, np.arange(len(documents)))
        print("INTERCEPT =", round(float(fitted.intercept_[0]), 2))
        print("WEIGHTS =", dict(zip(EVIDENCE, fitted.coef_[0].round(2).tolist(), strict=True)))
        return
    is_need = np.array([".needs" in d.id or "-n" in d.id for d in documents])
    for setting, sure in zip(settings, _held_out(settings, truth, tags), strict=True):
        _report(setting.name, sure, truth, is_need)


def _seeds() -> tuple[Taxonomy, list[Document]]:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "matchsvc.settings")
    import django  # noqa: PLC0415 - the seeds' reader needs the settings

    django.setup()
    from apps.matching.file_documents import seed_taxonomy  # noqa: PLC0415 - as above
    from apps.matching.tag_examples import seed_examples  # noqa: PLC0415 - as above

    return seed_taxonomy(SEEDS / "taxonomy"), list(seed_examples(SEEDS / "demo_city"))


def _hidings(documents: list[Document]) -> Iterator[tuple[str, NDArray[np.float64]]]:
    """Texts × examples: 1 for the examples that a text may look at."""
    trade = np.array([document.id.split("-")[0] for document in documents])
    yield "all other texts", 1.0 - np.eye(len(documents))
    yield "texts of other trades only", (trade[:, None] != trade[None, :]).astype(float)


def _texts(documents: list[Document]) -> Iterator[tuple[str, list[str]]]:
    """What is asked: whole texts, and what stands on the form when only the title is typed."""
    yield "whole text", [f"{document.title}\n{document.body}" for document in documents]
    yield "title only", [document.title for document in documents]


def _rows(suggester: TagSuggester, texts: list[str], counted: NDArray[np.float64]) -> NDArray[np.float64]:
    return np.stack([suggester.rows(text, counted=mask) for text, mask in zip(texts, counted, strict=True)])


def _fitted(
    settings: list[Setting], truth: NDArray[np.bool_], tags: NDArray[np.bool_], train: NDArray[np.intp]
) -> LogisticRegression:
    rows, answers = [], []
    for setting in settings:
        chosen = setting.candidates(tags)[train]
        rows.append(setting.rows[train][chosen])
        answers.append(truth[train][chosen])
    return LogisticRegression(C=100, max_iter=5000).fit(np.concatenate(rows), np.concatenate(answers))


def _held_out(settings: list[Setting], truth: NDArray[np.bool_], tags: NDArray[np.bool_]) -> list[NDArray[np.float64]]:
    """Texts × terms for each setting: the confidence from weights fitted without the text."""
    sure = [np.zeros(truth.shape) for _ in settings]
    for train, test in KFold(5, shuffle=True, random_state=1).split(truth):
        fitted = _fitted(settings, truth, tags, train)
        for setting, found in zip(settings, sure, strict=True):
            rows = setting.rows[test]
            chances = fitted.predict_proba(rows.reshape(-1, len(EVIDENCE)))[:, 1].reshape(rows.shape[:2])
            found[test] = np.where(tags, chances, 0.0)
    return sure


def _report(name: str, sure: NDArray[np.float64], truth: NDArray[np.bool_], is_need: NDArray[np.bool_]) -> None:
    rank = (-sure).argsort(axis=1).argsort(axis=1)
    proposed = (sure >= LEAST_SURE) & (rank < MOST_TAGS)
    print(name)
    for kind, rows in (("needs", is_need), ("capabilities", ~is_need)):
        right = (proposed & truth)[rows].sum()
        precision, recall = right / proposed[rows].sum(), right / truth[rows].sum()
        print(
            f"  {kind:12} precision {precision:.3f}  recall {recall:.3f}  proposed {proposed[rows].sum(1).mean():.1f}"
        )
    edges = np.arange(0.2, 1.01, 0.1)
    for low, high in pairwise(edges):
        inside = proposed & (sure >= low) & (sure < high if high < 1 else sure <= 1)
        if inside.any():
            print(f"  said {low:.1f}-{high:.1f}: right {truth[inside].mean():.2f} of {inside.sum()}")


if __name__ == "__main__":
    main(sys.argv[1:])
