"""A corpus of any size with the vocabulary and the length of real listings, made from the demo city's texts.

A listing takes the title of one capability and clauses of three others of its trade, drawn with a fixed seed: the same
size gives the same corpus.
"""

import json
import random
import re
from pathlib import Path

from apps.engine.documents import Document

SEEDS = Path(__file__).resolve().parent.parent / "seeds" / "demo_city"
LENGTH = 180
"""Characters of a listing, about: what capabilities have in practice."""


def capabilities(size: int, seed: int = 1) -> list[Document]:
    chance = random.Random(seed)
    trades = [_rows(path) for path in sorted(SEEDS.glob("*.capabilities.jsonl"))]
    return [_listing(str(number), chance.choice(trades), chance) for number in range(size)]


def needs() -> list[Document]:
    rows = [row for path in sorted(SEEDS.glob("*.needs.jsonl")) for row in _rows(path)]
    return [Document(row["key"], row["title"], f"{row['goal']}\n{row['background']}") for row in rows]


def _listing(name: str, trade: list[dict[str, str]], chance: random.Random) -> Document:
    clauses = [clause for row in chance.sample(trade, 3) for clause in re.split(r"(?<=[，。；])", row["description"])]
    chance.shuffle(clauses)
    body = ""
    while clauses and len(body) < LENGTH:
        body += clauses.pop()
    return Document(name, chance.choice(trade)["title"], body)


def _rows(path: Path) -> list[dict[str, str]]:
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
