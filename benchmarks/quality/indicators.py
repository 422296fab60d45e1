"""How well technical indicators are read: precision and recall of whole rows over labelled sentences.

A row is right when its name, both bounds, its unit and its hardness are; "loosely" lets a name stand that ends in the
other (涂层硬度 for 硬度). The sentences of `held_out` were written before the parser was changed for the others.

    python -m benchmarks.quality.indicators                    # the project's own sentences
    python -m benchmarks.quality.indicators FILE.jsonl         # others: text, expected, and if you like side and split
"""

import json
import sys
from collections import defaultdict
from pathlib import Path
from typing import Any

from apps.engine.indicators import parse_indicators

OWN = Path(__file__).resolve().parents[2] / "fixtures/engine/indicators.jsonl"
type Row = tuple[str, float | None, float | None, str, bool]


def main() -> None:
    examples = [
        json.loads(line)
        for line in (Path(sys.argv[1]) if sys.argv[1:] else OWN).read_text(encoding="utf-8").splitlines()
    ]
    splits: dict[str, list[Any]] = defaultdict(list)
    for example in examples:
        splits[example.get("split", "all")].append(example)
    print(f"{'':12}sentences  without   rows  precision  recall   loosely")
    for name, part in [*splits.items(), ("together", examples)]:
        print(_line(name, part))


def _line(name: str, examples: list[Any]) -> str:
    pairs = [(_read(example), {tuple(row.values()) for row in example["expected"]}) for example in examples]
    found, wanted = (sum(len(rows) for rows in side) for side in zip(*pairs, strict=True))
    exact = sum(len(got & want) for got, want in pairs)
    loose = sum(any(_agree(row, other) for other in want) for got, want in pairs for row in got)
    empty = sum(not want for _, want in pairs)
    return (
        f"{name:12}{len(examples):9}{empty:9}{wanted:7}{exact / max(found, 1):11.3f}{exact / max(wanted, 1):8.3f}"
        f"{loose / max(found, 1):10.3f} {loose / max(wanted, 1):.3f}"
    )


def _read(example: Any) -> set[Row]:
    found = parse_indicators(example["text"], side=example.get("side", "need"))
    return {(row.name, row.low, row.high, row.unit, row.is_hard) for row in found}


def _agree(row: Row, other: Any) -> bool:
    return row[1:] == other[1:] and (row[0].endswith(other[0]) or other[0].endswith(row[0]))


if __name__ == "__main__":
    main()
