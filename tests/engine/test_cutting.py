"""Words are the same whichever of the two segmenters cuts them, the fast one or the one that is always there."""

import json
import random
from importlib.util import find_spec
from pathlib import Path

import pytest

from apps.engine.cutting import Cutter
from apps.engine.text import normalise

SEEDS = Path(__file__).parents[2] / "seeds"
ODD_PIECES = [*"的锈防㐀䶿龥鿿龦々〇豈𠀀𰻝ab5.-%+#& /·,。", "lc-ms", "pm2.5", "c++", "at&t", "γ射线", "㐀龦涂层"]


@pytest.fixture(scope="module")
def words() -> list[str]:
    trade = (SEEDS / "dictionary" / "domain_words.txt").read_text(encoding="utf-8").split()
    return sorted(map(normalise, [*trade, "lc-ms", "pm2.5", "dc-dc", "㐀龦涂层", "技术"]))


@pytest.fixture(scope="module")
def cutters(words: list[str]) -> tuple[Cutter, Cutter]:
    assert find_spec("rjieba") is not None  # without the accelerator nothing would be compared
    return Cutter(words), Cutter(words, is_fast=False)


def test_two_thousand_texts_are_cut_alike_both_ways(cutters: tuple[Cutter, Cutter]) -> None:
    rows = [
        json.loads(line)
        for path in sorted((SEEDS / "demo_city").glob("*.jsonl"))
        for line in path.read_text(encoding="utf-8").splitlines()
    ]
    texts = [normalise(text) for row in rows for text in row.values() if isinstance(text, str)][:2_000]
    assert len(texts) == 2_000
    fast, plain = cutters
    assert [text for text in texts if fast.for_search(text) != plain.for_search(text)] == []


def test_odd_texts_are_cut_alike_both_ways(cutters: tuple[Cutter, Cutter], words: list[str]) -> None:
    chance = random.Random(6)
    texts = [
        normalise("".join(chance.choice(ODD_PIECES if chance.random() < 0.6 else words) for _ in range(12)))
        for _ in range(3_000)
    ]
    fast, plain = cutters
    assert [text for text in texts if fast.for_search(text) != plain.for_search(text)] == []


def test_without_the_fast_segmenter_the_other_one_cuts(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("apps.engine.cutting.rjieba", None)
    assert Cutter(["激光熔覆"]).for_search("采用激光熔覆技术") == ["采用", "激光", "激光熔覆", "技术"]
