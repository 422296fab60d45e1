"""Needs as a person fills them in: those of the demo city, in the shape the API takes."""

import json
from itertools import cycle, islice
from typing import Any

from benchmarks.figure import ROOT

NOT_ON_THE_FORM = ("key", "organisation")


def need_forms(count: int) -> list[dict[str, Any]]:
    """So many, from all trades in turn; from the first again where there are not enough."""
    trades = [
        [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
        for path in sorted((ROOT / "seeds" / "demo_city").glob("*.needs.jsonl"))
    ]
    longest = max(map(len, trades))
    in_turn = [trade[number] for number in range(longest) for trade in trades if number < len(trade)]
    return [
        {name: value for name, value in row.items() if name not in NOT_ON_THE_FORM and value is not None}
        for row in islice(cycle(in_turn), count)
    ]
