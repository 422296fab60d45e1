"""What the shipped matcher gives on the project's own judged set, kept in a file so that a change shows as a diff."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from apps.engine.matcher import ENGINE_VERSION
from apps.matching.evaluation.measuring import Evaluation
from apps.matching.evaluation.report import blend_figures
from apps.matching.file_ranking import replacing


def expected_rows(evaluation: Evaluation) -> Iterator[dict[str, Any]]:
    """The figures of the whole, then every judged pair: need by need, the best first.

    Points have one decimal: finer ones would change with the processor's rounding.
    """
    judged = evaluation.judged
    yield {
        "engine_version": ENGINE_VERSION,
        "encoder": judged.encoder or None,
        "needs": len(judged.needs),
        "pairs": judged.pair_count,
        **blend_figures(evaluation),
    }
    for need in judged.needs:
        scores = {capability: evaluation.pair_scores[need.id, capability] for capability in judged.levels[need.id]}
        for capability in sorted(scores, key=lambda key: (-scores[key], key)):
            level = judged.levels[need.id][capability]
            yield {"need": need.id, "capability": capability, "level": level, "score": round(scores[capability], 1)}


def write_expected(path: Path, evaluation: Evaluation) -> None:
    """All or nothing."""
    with replacing(path) as file:
        for row in expected_rows(evaluation):
            file.write(f"{json.dumps(row, ensure_ascii=False)}\n".encode())


def read_expected(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
