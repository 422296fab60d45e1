"""Every function of the engine that reads people's texts has a defined, bounded answer for any text.

Nothing here looks at a clock: work is bounded by what is read (LONGEST_TEXT characters) and by what is returned, and a
text ten times as long must not be read any further.
"""

from collections.abc import Callable
from typing import Any

import pytest

from apps.engine.clarity import ClarityInput, assess_clarity
from apps.engine.documents import Document
from apps.engine.duplicates import Listing, are_same
from apps.engine.elements import find_elements
from apps.engine.highlight import highlight_spans
from apps.engine.indicators import parse_indicators
from apps.engine.matcher import Matcher
from apps.engine.suggest import suggest_tags
from apps.engine.synonyms import Synonyms
from apps.engine.taxonomy import Taxonomy
from apps.engine.text import LONGEST_TEXT, normalise
from apps.engine.tokens import Segmenter, characters_and_bigrams

SENTENCE = "轧辊表面激光熔覆后硬度不低于55HRC，耐温300℃以上，PTFE与聚乳酸涂层厚度1~2mm。"
TEXTS = {
    "nothing": "",
    "one character": "锂",
    "one letter": "x",
    "only digits": "12345 67890" * 50,
    "only signs": "，。！？；：≥≤±~%/-—" * 30,
    "only emoji": "😀😅🎉👩‍👩‍👧" * 50,
    "control characters": "\x00\x07\x1b\u200b\ufeff\u202e" * 40,
    "lone surrogates": "\ud800涂\udfff层" * 20,
    "German": "Verschleißfeste Beschichtung für Walzen, Härte mindestens 55 HRC.",
    "Russian": "Износостойкое покрытие валков твёрдостью не менее 55 HRC.",
    "Arabic": "طلاء مقاوم للتآكل للأسطوانات بصلابة لا تقل عن 55 HRC",
    "Japanese": "ロール表面の耐摩耗コーティング、硬度は55HRC以上。",
    "traditional characters": "軋輥表面鐳射熔覆，硬度不低於55HRC，塗層厚度1mm。",
    "full width": "硬度≥５５ＨＲＣ，厚度１ｍｍ",
    "a letter that grows": "ﷺ" * 2_000,
    "half a number": "硬度≥" * 500,
    "brackets": "（" * 3_000 + "涂层" + "）" * 3_000,
    "one word for ever": "a" * 200_000,
    "one character for ever": "字" * 200_000,
    "digits for ever": "9" * 200_000,
    "200,000 characters": (SENTENCE * 5_000)[:200_000],
    "200,000 without a sign": ("轧辊表面激光熔覆涂层硬度聚四氟乙烯" * 20_000)[:200_000],
    "20,000 names": "PLA 聚乳酸 PTFE 铁氟龙 " * 20_000,
    "lines": "\n" * 200_000,
}
FUNCTIONS = (
    "parse_indicators",
    "suggest_tags",
    "find_elements",
    "assess_clarity",
    "rank",
    "rank_needs",
    "words",
    "bigrams",
    "duplicates",
    "highlight",
)


@pytest.fixture(scope="module")
def answers(taxonomy: Taxonomy) -> dict[str, Callable[[str], Any]]:
    """Each function's answer to a text, in a form that can be compared."""
    synonyms = Synonyms([("聚乳酸", "PLA"), ("聚四氟乙烯", "PTFE", "铁氟龙")], [("激光熔覆", "激光堆焊")])
    segmenter = Segmenter(["激光熔覆", "耐磨涂层"], synonyms=synonyms)
    offers = [Document("roll", "轧辊激光熔覆", SENTENCE), Document("odd", "!!!"), Document("empty", "")]
    matcher = Matcher(taxonomy=taxonomy, segmenter=segmenter).fit(offers)
    roll = Listing("轧辊激光熔覆", SENTENCE)

    def document(text: str) -> Document:
        return Document("it", text[:60], text)

    def clarity(text: str) -> Any:
        elements = find_elements(text, taxonomy, segmenter)
        return assess_clarity(
            ClarityInput(
                title=text[:60], background=text, goal=text, indicators=(), elements=elements, tags=(), filled={}
            )
        )

    return {
        "parse_indicators": parse_indicators,
        "suggest_tags": lambda text: suggest_tags(text, taxonomy),
        "find_elements": lambda text: find_elements(text, taxonomy, segmenter),
        "assess_clarity": clarity,
        "rank": lambda text: matcher.rank(document(text)),
        "rank_needs": lambda text: matcher.rank_needs(document(text), [document(SENTENCE), document(text)]),
        "words": segmenter.words,
        "bigrams": characters_and_bigrams,
        "duplicates": lambda text: (
            Listing(text).keys("need"),
            Listing(text[:60], text).keys("need"),
            are_same(Listing(text[:60], text), roll),
        ),
        "highlight": lambda text: (
            highlight_spans(text, ["涂层", "55HRC", "x", ""]),
            highlight_spans(SENTENCE, [text]),
        ),
    }


@pytest.mark.parametrize("function", FUNCTIONS)
@pytest.mark.parametrize("name", TEXTS)
def test_any_text_has_the_same_bounded_answer_each_time(
    name: str, function: str, answers: dict[str, Callable[[str], Any]]
) -> None:
    answer = answers[function](TEXTS[name])
    assert answer == answers[function](TEXTS[name])
    sizes = [len(part) for part in (answer if isinstance(answer, tuple) else (answer,)) if isinstance(part, list)]
    assert all(size <= 4 * LONGEST_TEXT for size in sizes)


@pytest.mark.parametrize("function", [name for name in FUNCTIONS if name != "highlight"])
def test_nothing_is_read_beyond_the_longest_text(function: str, answers: dict[str, Callable[[str], Any]]) -> None:
    """A text and the same with a book behind it get one answer: so the work does not grow with the book."""
    text = (SENTENCE * 1_000)[:LONGEST_TEXT]
    assert answers[function](text + "水泥窑尾布袋除尘，粒径≤5μm。" * 10_000) == answers[function](text)


def test_what_is_found_lies_inside_the_text(answers: dict[str, Callable[[str], Any]]) -> None:
    for text in TEXTS.values():
        for found in (*answers["parse_indicators"](text), *answers["find_elements"](text)):
            assert 0 <= found.start < found.end <= len(text)
        for spans in answers["highlight"](text)[:1]:
            assert all(0 <= start < end <= len(text) for start, end in spans)


def test_a_text_that_says_nothing_fits_nothing(answers: dict[str, Callable[[str], Any]]) -> None:
    for name in ("nothing", "only signs", "only emoji", "control characters", "lines"):
        text = TEXTS[name]
        assert answers["parse_indicators"](text) == []
        assert answers["suggest_tags"](text) == []
        assert answers["duplicates"](text) == ([], [], False)
        assert [match.score for match in answers["rank"](text)] == [0.0, 0.0, 0.0]


def test_ten_thousand_long_words_are_normalised_once_each() -> None:
    assert len(normalise("ﷺ" * 200_000)) <= LONGEST_TEXT
