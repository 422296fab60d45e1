"""A card says “名次后移” only where the pair stands behind others that it would lead by its score."""

from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from apps.accounts.models import User
from apps.matching.models import Proposal, ProposalState, Side
from apps.matching.places import Standing, costly_kinds, costs_of
from apps.matching.presentation import ProposalView, views_of
from apps.needs.models import Need
from apps.taxonomy.models import Term
from tests.factories import make_capability, make_proposal

REGION = {"kind": "region", "points": -8.0, "about": "甲"}
TIRED = {"kind": "no_capacity", "points": -6.0, "about": ""}
BUSY = {"kind": "exposure", "points": -10.0, "about": ""}


def standing(pk: int, score: float, *notes: dict[str, object]) -> Standing:
    return Standing.of(pk, score, notes)


def costly(rows: list[Standing]) -> dict[int, set[str]]:
    return {row.capability_id: set(costly_kinds(row, rows)) for row in rows}


def test_where_all_move_back_together_nobody_loses_a_place() -> None:
    rows = [standing(1, 60, REGION), standing(2, 55, REGION), standing(3, 50, REGION)]
    assert costly(rows) == {1: set(), 2: set(), 3: set()}


def test_who_is_overtaken_is_told_why_and_who_is_not_is_told_nothing() -> None:
    rows = [standing(1, 70, REGION), standing(2, 55, REGION), standing(3, 52), standing(4, 51, REGION)]
    assert costly(rows) == {1: set(), 2: {"region"}, 3: set(), 4: set()}


def test_of_several_notes_that_one_is_told_which_cost_the_place() -> None:
    rows = [standing(1, 60, REGION, TIRED), standing(2, 55, REGION)]
    assert costly(rows) == {1: {"no_capacity"}, 2: set()}


def test_where_it_takes_several_together_all_are_told() -> None:
    assert costly([standing(1, 60, REGION, TIRED), standing(2, 50)]) == {1: {"region", "no_capacity"}, 2: set()}


def test_equal_scores_stand_in_the_order_of_their_ids() -> None:
    assert costly([standing(1, 58, REGION), standing(2, 50)]) == {1: set(), 2: set()}
    assert costly([standing(2, 58, REGION), standing(1, 50)]) == {1: set(), 2: {"region"}}


def test_who_left_the_list_is_told_as_well() -> None:
    outside = standing(9, 60, REGION)
    assert costly_kinds(outside, [standing(1, 55), standing(2, 53)]) == {"region"}
    assert costly_kinds(standing(9, 52, REGION), [standing(1, 55), standing(2, 53)]) == frozenset()


@pytest.fixture
def rows(need: Need, reason: Term) -> list[Proposal]:
    """Four of a list, the first two moved back, the first out of reach; and a declined one that counts no more."""
    given: tuple[tuple[float, list[Any]], ...] = ((80, [REGION]), (55, [REGION, BUSY]), (52, []), (44, [REGION]))
    found = [
        make_proposal(need=need, capability=make_capability(title=f"涂层 {rank}"), score=score, rank=rank, notes=notes)
        for rank, (score, notes) in enumerate(given, start=1)
    ]
    gone = make_proposal(need=need, capability=make_capability(title="婉拒的"), score=79, rank=5, notes=[])
    declined = {"declined_at": gone.proposed_at, "declined_side": Side.NEED, "decline_reason": reason}
    Proposal.objects.filter(pk=gone.pk).update(state=ProposalState.DECLINED, **declined)
    return found


def test_cards_say_it_where_it_is_so(rows: list[Proposal], sme_owner: User) -> None:
    said = [view.notes for view in views_of(rows, sme_owner)]
    assert [len(notes) for notes in said] == [0, 2, 0, 0]
    assert said[1] == ["与此前因地域婉拒的“甲”在同一地区，名次后移", "对方已在较多需求的推荐名单中，名次后移"]
    assert [ProposalView(row, sme_owner).notes for row in rows] == said


def test_a_supplier_is_told_of_its_places_only_where_they_cost_one(
    need: Need, rows: list[Proposal], professor: User
) -> None:
    ours = make_capability(title="涂层 6", organisation=professor.membership.organisation)
    pair = make_proposal(need=need, capability=ours, score=60, rank=6, notes=[BUSY, TIRED])
    rested, busy = (
        "贵单位近期表示暂无精力，平台三十天内减少推荐",
        "贵单位已在较多需求的推荐名单中，在这条需求里名次后移",
    )
    assert ProposalView(pair, professor).notes == [busy, rested]
    Proposal.objects.filter(need=need).exclude(pk=pair.pk).update(rank=None)
    assert ProposalView(pair, professor).notes == [rested]


def test_lists_ask_one_question_for_it_and_none_where_nothing_was_moved(rows: list[Proposal]) -> None:
    with CaptureQueriesContext(connection) as queries:
        assert costs_of(rows)[rows[1].pk] == {"region", "exposure"}
    assert len(queries) == 1
    with CaptureQueriesContext(connection) as queries:
        assert costs_of(rows[2:3]) == {}
    assert len(queries) == 0
