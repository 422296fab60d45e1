"""Near-duplicates: judged pairs of our own writing, and Broder's promise checked against plain sets."""

import json
import random
from pathlib import Path

import pytest

from apps.engine.duplicates import Listing, are_same, contradict, groups, resemblance

PAIRS = [
    json.loads(line)
    for line in (Path(__file__).parents[2] / "fixtures/engine/duplicates.jsonl").read_text("utf-8").splitlines()
]


def listings(pair: dict[str, dict[str, str]]) -> tuple[Listing, Listing]:
    return Listing(**pair["a"]), Listing(**pair["b"])


def made_up_text(letters: str, length: int, seed: int) -> str:
    chance = random.Random(seed)
    return "".join(chance.choice(letters) for _ in range(length))


@pytest.mark.parametrize("pair", PAIRS, ids=[f"{pair['why']} {pair['a']['title'][:8]}" for pair in PAIRS])
def test_pairs_are_told_apart_as_a_person_judged_them(pair: dict[str, dict[str, str]]) -> None:
    one, other = listings(pair)
    assert are_same(one, other) == are_same(other, one) == bool(pair["same"])


def test_most_judged_duplicates_are_found_by_their_keys_alone() -> None:
    twins = [listings(pair) for pair in PAIRS if pair["same"]]
    found = [bool(set(one.keys("need")) & set(other.keys("need"))) for one, other in twins]
    assert sum(found) >= 0.95 * len(found)


def test_resemblance_alone_would_take_another_material_for_the_same() -> None:
    template = "针对{0}支架强度不足，优化时效制度，{0}支架疲劳寿命翻番，工装不变，每班多出八十件，客户已验收三批。"
    one, other = (Listing(f"{m}支架时效工艺", template.format(m)) for m in ("铝锂合金", "钛铌合金"))
    assert resemblance(one, other) > 0.6
    assert contradict(one, other)
    assert not are_same(one, other)


def test_minima_agree_as_often_as_texts_resemble_each_other() -> None:
    shared = made_up_text("甲乙丙丁戊己庚辛壬癸子丑寅卯辰巳午未", 300, seed=1)
    own = [made_up_text("金木水火土日月星辰山川", 90, seed=seed) for seed in (2, 3)]
    one, other = (Listing("", shared + text) for text in own)
    estimate = float((one.signature == other.signature).mean())
    assert estimate == pytest.approx(resemblance(one, other), abs=0.15)


def test_unrelated_texts_share_no_key() -> None:
    texts = [pair[side] for pair in PAIRS if not pair["same"] for side in ("a", "b")]
    keys = [set(Listing(**text).keys("need")) for text in texts[::2]]
    assert sum(bool(a & b) for i, a in enumerate(keys) for b in keys[:i]) == 0


def test_needs_and_capabilities_never_share_a_key() -> None:
    listing = Listing("轧辊表面耐磨涂层修复", "辊面磨损快，想用激光熔覆修复。")
    assert not set(listing.keys("need")) & set(listing.keys("capability"))


def test_keys_stay_what_they_were_when_they_were_stored() -> None:
    keys = Listing("轧辊表面耐磨涂层修复", "辊面磨损快，想用激光熔覆修复。").keys("need")
    assert (len(keys), keys[0], keys[-1]) == (33, 8159398187708946118, -8207156451029192661)
    assert all(-(2**63) <= key < 2**63 for key in keys)


@pytest.mark.parametrize("text", ["", "字", "技术开发", "😀😅", "12", "\x00\ufeff", "的" * 50])
def test_a_listing_that_says_nothing_has_no_duplicate(text: str) -> None:
    assert Listing(text).keys("need") == []
    assert not are_same(Listing(text), Listing(text))


def test_what_is_alike_through_a_third_is_one_group_and_falls_apart_without_it() -> None:
    sentences = [made_up_text("甲乙丙丁戊己庚辛壬癸子丑寅卯辰巳午未", 60, seed=seed) for seed in range(4)]
    left, link, right = (Listing("轧辊耐磨涂层修复", "。".join(sentences[a:b])) for a, b in ((0, 2), (0, 4), (2, 4)))
    assert groups([left, link, right]) == [[0, 1, 2]]
    assert groups([left, right]) == [[0], [1]]
