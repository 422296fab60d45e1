"""From scored candidates to places: plain numbers, no database."""

from collections import Counter
from typing import Any

from apps.matching.notes import Note
from apps.matching.ordering import EXPOSURE_MARGIN, Candidate, Load, Order, in_order

INSTITUTE, COLLEGE = 1, 2


def candidate(pk: int, score: float, organisation: int = INSTITUTE, **fields: Any) -> Candidate:
    return Candidate(capability_id=pk, score=score, organisation_id=organisation, **fields)


def load(*, institute: int = 0, cap: int = 10, **fields: Any) -> Load:
    return Load(
        of_institutions=Counter({INSTITUTE: institute}),
        caps_of_institutions={INSTITUTE: cap, COLLEGE: cap},
        **fields,
    )


def ids(order: Order) -> list[int]:
    return [each.capability_id for each in order.listed]


def kinds(candidates: list[Candidate]) -> dict[int, list[str]]:
    return {each.capability_id: [note.kind for note in each.notes] for each in candidates}


def test_the_best_come_first_and_ties_by_id() -> None:
    order = in_order([candidate(3, 50), candidate(2, 50), candidate(1, 40), candidate(4, 90)], load(), 3)
    assert ids(order) == [4, 2, 3]
    assert [each.capability_id for each in order.others] == [1]


def test_a_note_moves_a_pair_and_leaves_its_score() -> None:
    moved = candidate(1, 60, notes=(Note("region", -8),))
    order = in_order([moved, candidate(2, 55)], load(), 2)
    assert ids(order) == [2, 1]
    assert order.listed[1].score == 60


def test_from_half_of_the_cap_on_a_place_takes_a_lead_by_the_margin() -> None:
    busy = load(institute=5)
    close = in_order([candidate(1, 60), candidate(2, 60 - EXPOSURE_MARGIN + 1, COLLEGE)], busy, 1)
    assert ids(close) == [2]
    assert kinds(close.others) == {1: ["exposure"]}
    clear = in_order([candidate(1, 60), candidate(2, 60 - EXPOSURE_MARGIN - 1, COLLEGE)], load(institute=5), 1)
    assert ids(clear) == [1]


def test_at_the_cap_there_is_no_place_however_good() -> None:
    order = in_order([candidate(1, 99), candidate(2, 21, COLLEGE)], load(institute=10), 2)
    assert ids(order) == [2]
    assert kinds(order.others) == {1: ["exposure_full"]}


def test_places_given_in_this_list_count_towards_the_cap() -> None:
    order = in_order([candidate(pk, 100 - pk) for pk in range(1, 6)], load(institute=7), 5)
    assert ids(order) == [1, 2, 3]


def test_what_somebody_answered_keeps_its_place_and_takes_none() -> None:
    order = in_order([candidate(1, 99, is_answered=True), candidate(2, 90)], load(institute=9), 2)
    assert ids(order) == [1, 2]


def test_an_expert_has_a_cap_of_their_own() -> None:
    full = Load(of_experts=Counter({1: 4}), cap_of_expert=4)
    order = in_order([candidate(1, 90, expert_id=1), candidate(2, 50)], full, 2)
    assert ids(order) == [2]


def test_near_duplicates_take_one_place_which_is_the_best_ones() -> None:
    twins = [candidate(1, 80, group="g", title="甲"), candidate(2, 85, group="g", title="乙"), candidate(3, 70)]
    order = in_order(twins, load(), 3)
    assert ids(order) == [2, 3]
    assert order.others[0].notes[-1] == Note("same_group", about="乙")


def test_the_twin_of_a_capability_without_room_takes_the_place() -> None:
    twins = [candidate(1, 80, group="g"), candidate(2, 75, COLLEGE, group="g")]
    assert ids(in_order(twins, load(institute=10), 2)) == [2]
