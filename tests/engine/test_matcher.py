from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import pytest
from sklearn.exceptions import NotFittedError

from apps.engine.blend import Signal, calibrate, parts, score
from apps.engine.counted import TermCounter
from apps.engine.documents import Document, Indicator
from apps.engine.matcher import Match, Matcher
from apps.engine.taxonomy import Taxonomy
from apps.engine.tokens import Segmenter

ODD = ["", "锂", "字" * 200_000, "12345", "😀🎉", "\x00\x01\ufeff", "completely other language", "\ud800"]


def ids(matches: Sequence[Match]) -> list[str]:
    return [match.document_id for match in matches]


def test_ten_capabilities_rank_as_a_person_would(matcher: Matcher, needs: Sequence[Document]) -> None:
    assert ids(matcher.rank(needs[0], depth=2)) == ["cladding", "spraying"]
    assert ids(matcher.rank(needs[1], depth=1)) == ["membrane"]
    assert ids(matcher.rank(needs[2], depth=1)) == ["vision"]


def test_a_good_match_reads_as_one_and_noise_as_noise(matcher: Matcher, need: Document) -> None:
    scores = {match.document_id: match.score for match in matcher.rank(need, depth=0)}
    assert 60 <= scores["cladding"] <= 97
    assert all(scores[noise] < 20 for noise in ("membrane", "vision", "ferment", "battery", "empty"))


def test_a_pair_has_one_score_from_every_side(
    matcher: Matcher, needs: Sequence[Document], capabilities: Sequence[Document]
) -> None:
    for need in needs:
        ranked = {match.document_id: match for match in matcher.rank(need, depth=0)}
        for capability in capabilities:
            alone = matcher.match(need, capability)
            assert alone == ranked[capability.id]
            other_side = {match.document_id: match for match in matcher.rank_needs(capability, needs, depth=0)}
            assert replace(other_side[need.id], document_id=capability.id) == alone


def test_an_unknown_capability_scores_like_a_known_one_from_both_sides(
    matcher: Matcher, needs: Sequence[Document]
) -> None:
    fresh = Document("fresh", "辊面激光熔覆修复服务", "闻所未闻的新词:玄铁重剑。")
    assert matcher.match(needs[0], fresh).score == matcher.rank_needs(fresh, needs)[0].score > 30


def test_contributions_add_up_to_the_score(matcher: Matcher, needs: Sequence[Document]) -> None:
    for need in needs:
        for match in matcher.rank(need, depth=0):
            assert sum(part.contribution for part in match.parts) == pytest.approx(match.score, abs=1e-4)
            assert [part.name for part in match.parts] == ["words", "bigrams", "semantics", "tags", "indicators"]
            assert all(0 <= part.value <= 1 and 0 <= part.weight <= 1 for part in match.parts)


def test_two_runs_give_the_same_answer(
    matcher: Matcher, taxonomy: Taxonomy, segmenter: Segmenter, capabilities: Sequence[Document], need: Document
) -> None:
    again = Matcher(taxonomy=taxonomy, segmenter=segmenter).fit(capabilities[::-1])
    assert again.rank(need, depth=0) == matcher.rank(need, depth=0)


def test_ranking_among_allowed_equals_filtering_the_ranking(matcher: Matcher, need: Document) -> None:
    allowed = {"spraying", "welding", "battery", "nobody"}
    filtered = [match for match in matcher.rank(need, depth=0) if match.document_id in allowed]
    assert matcher.rank(need, depth=0, allowed=allowed) == filtered
    assert matcher.rank(need, depth=1, allowed=allowed) == filtered[:1]
    assert matcher.rank(need, allowed=()) == []


def test_depth_and_minimum_cut_the_list(matcher: Matcher, need: Document) -> None:
    everything = matcher.rank(need, depth=0)
    assert len(everything) == 10
    assert matcher.rank(need, depth=3) == everything[:3]
    bar = everything[1].score
    assert matcher.rank(need, minimum=bar) == everything[:2]


def test_equal_scores_keep_the_order_they_were_given_in(
    taxonomy: Taxonomy, segmenter: Segmenter, need: Document
) -> None:
    twins = [Document(name, "轧辊修复") for name in ("b", "c", "a")]
    assert ids(Matcher(taxonomy=taxonomy, segmenter=segmenter).fit(twins).rank(need)) == ["b", "c", "a"]


def test_without_explanation_only_the_numbers_come(matcher: Matcher, need: Document) -> None:
    plain = matcher.rank(need, explain=False)
    assert [(m.document_id, m.score, m.parts) for m in plain] == [
        (m.document_id, m.score, m.parts) for m in matcher.rank(need)
    ]
    assert not any(m.reasons or m.shared_terms or m.verdicts for m in plain)


def test_a_missing_part_is_left_out_not_counted_as_nothing(matcher: Matcher, need: Document) -> None:
    bare = Document("bare", "轧辊表面耐磨涂层修复")
    weights = {part.name: part.weight for part in matcher.match(need, bare).parts}
    assert weights["tags"] == weights["indicators"] == 0.0
    assert weights["words"] + weights["bigrams"] == pytest.approx(1.0)


def test_meeting_an_indicator_lifts_and_missing_it_lowers(matcher: Matcher, need: Document) -> None:
    silent = Document("c", "轧辊表面堆焊修复")
    met, missed = (replace(silent, indicators=(Indicator("硬度", value, value, "HRC"),)) for value in (60, 30))
    scores = [matcher.match(need, offer).score for offer in (met, silent, missed)]
    assert scores == sorted(scores, reverse=True)
    assert len(set(scores)) == 3


def test_figures_lift_nothing_whose_subject_is_foreign(matcher: Matcher, need: Document) -> None:
    foreign = Document("c", "婴幼儿奶粉配方")
    met = replace(foreign, indicators=(Indicator("硬度", 60, 60, "HRC"),))
    assert matcher.match(need, met).score - matcher.match(need, foreign).score < 5


def test_an_empty_corpus_ranks_nothing(taxonomy: Taxonomy, segmenter: Segmenter, need: Document) -> None:
    empty = Matcher(taxonomy=taxonomy, segmenter=segmenter).fit([])
    assert empty.rank(need) == []
    assert empty.rank_needs(need, []) == []
    assert empty.match(need, need).score > 90


def test_a_matcher_that_learnt_nothing_says_so(taxonomy: Taxonomy, segmenter: Segmenter, need: Document) -> None:
    with pytest.raises(NotFittedError):
        Matcher(taxonomy=taxonomy, segmenter=segmenter).rank(need)


def test_an_id_may_occur_once(taxonomy: Taxonomy, segmenter: Segmenter) -> None:
    with pytest.raises(ValueError, match="distinct"):
        Matcher(taxonomy=taxonomy, segmenter=segmenter).fit([Document("a", "甲"), Document("a", "乙")])


@pytest.mark.parametrize("text", ODD)
def test_odd_texts_rank_everything_within_bounds(matcher: Matcher, text: str) -> None:
    found = matcher.rank(Document("odd", text, text), depth=0)
    assert len(found) == 10
    assert all(0 <= match.score <= 100 for match in found)


def test_a_corpus_without_a_single_word_ranks_too(taxonomy: Taxonomy, segmenter: Segmenter) -> None:
    matcher = Matcher(taxonomy=taxonomy, segmenter=segmenter).fit([Document("a", "N"), Document("b", "1")])
    assert ids(matcher.rank(Document("need", "😀"))) == ["a", "b"]


def test_terms_counted_beforehand_change_no_score(
    matcher: Matcher, taxonomy: Taxonomy, segmenter: Segmenter, capabilities: Sequence[Document], need: Document
) -> None:
    counted = TermCounter(segmenter, taxonomy).count(capabilities)
    again = Matcher(taxonomy=taxonomy, segmenter=segmenter).fit(capabilities, counted)
    assert again.rank(need, depth=0) == matcher.rank(need, depth=0)


def test_calibration_rises_from_nothing_to_one_through_the_half() -> None:
    curve = calibrate(np.array([0.0, 0.05, 0.1, 0.5, 1.0, 1.2]), 0.1, 1.5)
    assert curve[0] == 0.0
    assert curve[2] == pytest.approx(0.5, abs=0.02)
    assert curve[4] == curve[5] == 1.0
    assert (np.diff(curve[:5]) > 0).all()


def test_the_blend_is_the_weighted_mean_of_what_is_there() -> None:
    signals = [
        Signal("a", np.array([0.5, 0.5]), np.array([1.0, 1.0])),
        Signal("b", np.array([1.0, 0.0]), np.array([3.0, 0.0])),
    ]
    assert score(signals).tolist() == [87.5, 50.0]
    assert [(p.name, p.weight, p.contribution) for p in parts(signals, [0])[0]] == [
        ("a", 0.25, 12.5),
        ("b", 0.75, 75.0),
    ]
