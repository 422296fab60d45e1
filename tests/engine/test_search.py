"""Searching with bounds gives what scoring everything gives."""

import random
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from apps.engine import search as search_module
from apps.engine.blend import SIGNALS, Parameters, Signal, score
from apps.engine.documents import Document, Indicator
from apps.engine.matcher import Matcher
from apps.engine.search import search
from apps.engine.taxonomy import Taxonomy
from apps.engine.tokens import Segmenter

WORDS = ("轧辊", "激光", "熔覆", "涂层", "耐磨", "修复", "焊接", "检测", "视觉", "铸造", "注塑", "模具", "密封", "水泵")
CHAINS = ("chain_a", "chain_b", "tag_x", "tag_y", "tag_z")


def made_up(chance: random.Random, name: str, *, vectors: np.ndarray | None) -> Document:
    """A document of chance: some without tags, without indicators, without vectors."""
    text = "".join(chance.choices(WORDS, k=chance.randint(2, 30)))
    indicators = (Indicator("硬度", float(chance.randint(30, 70)), None, "HRC"),) if chance.random() < 0.4 else ()
    return Document(
        name,
        "".join(chance.choices(WORDS, k=3)),
        text,
        tags=tuple(chance.sample(CHAINS, chance.randint(0, 3))),
        indicators=indicators,
        vectors=None if vectors is None or chance.random() < 0.2 else vectors,
    )


def unit_vectors(chance: np.random.Generator) -> np.ndarray:
    found = chance.normal(size=(2, 16)).astype(np.float32)
    return np.asarray(found / np.linalg.norm(found, axis=1, keepdims=True))


def corpus(seed: int, size: int) -> list[Document]:
    chance, numbers = random.Random(seed), np.random.default_rng(seed)
    return [made_up(chance, str(i), vectors=unit_vectors(numbers)) for i in range(size)]


@pytest.fixture(scope="module")
def parts_of_a_city(taxonomy: Taxonomy, segmenter: Segmenter) -> tuple[Matcher, list[Document]]:
    documents = corpus(1, 1_200)
    return Matcher(taxonomy=taxonomy, segmenter=segmenter).fit(documents), corpus(2, 12)


def everything(matcher: Matcher, need: Document) -> list[tuple[str, float]]:
    points = score(matcher.signals(need)).tolist()
    order = sorted(range(len(points)), key=lambda row: (-points[row], row))
    return [(matcher.capabilities_[row].id, points[row]) for row in order]


@pytest.mark.parametrize("depth", [1, 20, 60, 0])
def test_the_best_are_those_of_the_full_ranking(depth: int, parts_of_a_city: tuple[Matcher, list[Document]]) -> None:
    matcher, needs = parts_of_a_city
    for need in needs:
        wanted = everything(matcher, need)
        found = [(m.document_id, m.score) for m in matcher.rank(need, depth=depth, explain=False)]
        assert found == (wanted[:depth] if depth else wanted)


def test_filtering_first_gives_the_filtered_ranking(parts_of_a_city: tuple[Matcher, list[Document]]) -> None:
    matcher, needs = parts_of_a_city
    chance = random.Random(5)
    for need in needs:
        allowed = {d.id for d in matcher.capabilities_ if chance.random() < 0.1}
        wanted = [pair for pair in everything(matcher, need) if pair[0] in allowed and pair[1] >= 20]
        found = matcher.rank(need, depth=20, minimum=20, allowed=allowed, explain=False)
        assert [(m.document_id, m.score) for m in found] == wanted[:20]


@pytest.mark.parametrize("name", SIGNALS)
def test_it_holds_for_any_weights(
    name: str, parts_of_a_city: tuple[Matcher, list[Document]], taxonomy: Taxonomy, segmenter: Segmenter
) -> None:
    whole, needs = parts_of_a_city
    for weight in (0.0, 3.0):
        parameters = Parameters().with_weights({name: weight})
        matcher = Matcher(taxonomy=taxonomy, segmenter=segmenter, parameters=parameters).fit(whole.capabilities_[:600])
        for need in needs[:4]:
            found = [(m.document_id, m.score) for m in matcher.rank(need, depth=5, explain=False)]
            assert found == everything(matcher, need)[:5]


def test_few_rows_are_looked_at_closely(
    parts_of_a_city: tuple[Matcher, list[Document]], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(search_module, "FIRST", 40)
    matcher, _ = parts_of_a_city
    scorer, looked_at = matcher.scorer_, 0
    plain = scorer.signals

    def watched(*args: Any) -> tuple[Signal, ...]:
        nonlocal looked_at
        looked_at += len(args[-1])
        return plain(*args)

    monkeypatch.setattr(scorer, "signals", watched)
    like = replace(matcher.capabilities_[7], id="like")
    search(scorer, scorer.query(like, of_need=True), matcher.layout_, depth=3)
    assert looked_at < len(matcher.capabilities_) / 2


def test_needs_for_a_capability_score_as_the_capability_for_them(
    parts_of_a_city: tuple[Matcher, list[Document]],
) -> None:
    matcher, needs = parts_of_a_city
    for capability in matcher.capabilities_[:30]:
        found = {m.document_id: m.score for m in matcher.rank_needs(capability, needs, depth=0, explain=False)}
        for need in needs:
            scores: Sequence[float] = score(matcher.signals(need)).tolist()
            assert found[need.id] == scores[int(capability.id)]
