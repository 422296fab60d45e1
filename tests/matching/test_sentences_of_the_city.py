"""Every sentence about the demo city, and about pairs drawn at random, holds nothing that neither side has written."""

import ast
import json
import random
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings

from apps.engine import evidence as evidence_module
from apps.engine import names, sentences, spoken_indicators
from apps.engine.documents import Document, Indicator
from apps.engine.evidence import Evidence
from apps.engine.explain import Explainer
from apps.engine.highlight import fold
from apps.engine.matcher import Matcher
from apps.engine.sentences import for_capability, for_need
from apps.engine.speech import Quote, Sentence
from apps.matching.file_documents import seed_segmenter, seed_taxonomy

SOURCES = (sentences, spoken_indicators, names, evidence_module)
_SLOT = re.compile(r"\{\w+\}|\d+")
_MARKS = re.compile(r"[“”‘’\"…\s]+")
_LEFT_OVER = re.compile(r"[\d\s、，；：。（）]+")


def rows(side: str) -> Iterator[dict[str, Any]]:
    for path in sorted((settings.SEEDS_DIR / "demo_city").glob(f"*.{side}.jsonl")):
        yield from map(json.loads, path.read_text(encoding="utf-8").splitlines())


def document(row: dict[str, Any]) -> Document:
    body = "\n".join(row.get(name, "") for name in ("goal", "background", "value", "description"))
    fields = ("name", "low", "high", "unit", "is_hard")
    return Document(
        id=row["key"],
        title=row["title"],
        body=body,
        tags=(*row.get("industries", ()), *filter(None, [row.get("industry_chain")]), *row.get("tags", ())),
        indicators=tuple(Indicator(**{name: one[name] for name in fields}) for one in row.get("indicators", ())),
        kind=row.get("kind", ""),
        facts=(f"成熟度 TRL {row['trl']}",) if row.get("trl") else (),
    )


@pytest.fixture(scope="module")
def matcher(tmp_path_factory: pytest.TempPathFactory) -> Matcher:
    taxonomy = seed_taxonomy(settings.SEEDS_DIR / "taxonomy")
    words = settings.SEEDS_DIR / "dictionary" / "domain_words.txt"
    segmenter = seed_segmenter(taxonomy, words, tmp_path_factory.mktemp("jieba"))
    return Matcher(taxonomy=taxonomy, segmenter=segmenter).fit([document(row) for row in rows("capabilities")])


@pytest.fixture(scope="module")
def told(matcher: Matcher) -> list[Evidence]:
    """The best five of every need of the city, and three chosen blindly."""
    chance = random.Random(5)
    by_id = {one.id: one for one in matcher.capabilities_}
    found: list[Evidence] = []
    for need in map(document, rows("needs")):
        chosen = {match.document_id for match in matcher.rank(need, depth=5, explain=False)}
        chosen |= set(chance.sample(sorted(by_id), 3))
        matches = matcher.rank(need, depth=0, allowed=chosen, explain=False)
        pairs = [(need, by_id[match.document_id]) for match in matches]
        found += Explainer(matcher.scorer_).evidence(pairs, [(match.score, match.parts) for match in matches])
    return found


def spoken(pairs: list[Evidence]) -> Iterator[tuple[Evidence, Sentence]]:
    for pair in pairs:
        yield pair, for_need(pair)
        yield pair, for_capability(pair)


def written(one: Document, matcher: Matcher) -> str:
    """Everything a side has written, in one spelling, without the marks that a quotation changes."""
    figures = (part for indicator in one.indicators for part in (indicator.name, indicator.amount))
    texts = (one.title, one.body, *map(matcher.taxonomy.name, one.tags), *figures, *one.facts)
    return _MARKS.sub("", fold("\n".join(texts)))


def owners_texts(quote: Quote, pair: Evidence, matcher: Matcher) -> list[str]:
    sides = {"need": [pair.need], "capability": [pair.capability], "both": [pair.need, pair.capability]}
    if quote.owner == "verdict":
        return ["".join(_MARKS.sub("", fold(verdict.text)) for verdict in pair.verdicts)]
    return [written(side, matcher) for side in sides[quote.owner]]


def test_every_word_that_is_quoted_stands_with_the_side_it_is_said_of(told: list[Evidence], matcher: Matcher) -> None:
    for pair, sentence in spoken(told):
        for quote in sentence.quotes:
            assert quote.text in sentence.text
            for text in owners_texts(quote, pair, matcher):
                assert _MARKS.sub("", fold(quote.text)) in text, (quote, sentence.text)


def test_whatever_is_not_quoted_is_the_fixed_wording(told: list[Evidence]) -> None:
    fragments = sorted(fixed_fragments(), key=len, reverse=True)
    for _pair, sentence in spoken(told):
        rest = sentence.text
        for quote in sorted(sentence.quotes, key=lambda quote: len(quote.text), reverse=True):
            rest = rest.replace(quote.text, "\0")
        for fragment in fragments:
            rest = rest.replace(fragment, "\0")
        assert _LEFT_OVER.sub("", rest).strip("\0") == "", sentence.text


def fixed_fragments() -> set[str]:
    """The pieces of text, between their slots, that the modules which make the sentences are written with."""
    found: set[str] = set()
    for module in SOURCES:
        tree = ast.parse(Path(str(module.__file__)).read_text(encoding="utf-8"))
        constants = (node.value for node in ast.walk(tree) if isinstance(node, ast.Constant))
        for text in (value for value in constants if isinstance(value, str) and "\n" not in value):
            found |= {piece for piece in _SLOT.split(text) if piece.strip()}
    return found


def test_every_number_that_is_said_was_written_by_somebody_or_counts_indicators(
    told: list[Evidence], matcher: Matcher
) -> None:
    number = re.compile(r"\d+(?:\.\d+)?")
    for pair, sentence in spoken(told):
        texts = [written(pair.need, matcher), written(pair.capability, matcher), *(v.text for v in pair.verdicts)]
        known = {found for text in texts for found in number.findall(text)}
        counts = {str(count) for count in range(len(pair.need.indicators) + 1)}
        assert set(number.findall(sentence.text)) <= known | counts, sentence.text


def test_the_sentences_of_the_city_can_be_read_in_one_breath(told: list[Evidence]) -> None:
    lengths = sorted(len(sentence.text) for _pair, sentence in spoken(told))
    assert lengths[-1] <= 260
    assert lengths[len(lengths) // 2] <= 120


def test_a_list_does_not_read_like_a_form(told: list[Evidence]) -> None:
    openings = {for_need(pair).text[:6] for pair in told}
    assert len(openings) > 60
