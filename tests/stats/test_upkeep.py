"""The figures follow whatever happens to the rows: corrections, take-backs, deletions, moves between districts."""

from collections.abc import Callable
from datetime import timedelta
from threading import Barrier, Thread
from typing import Any

import pytest
from django.db import connection
from django.utils import timezone

from apps.accounts.models import CloudCentre, Organisation, User
from apps.core import clock
from apps.engagements.models import Contract, Engagement, EngagementState, Instalment, Outcome, OutcomeState
from apps.matching.models import Proposal
from apps.needs.models import Need
from apps.stats import refreshing
from apps.stats.dashboard.numbers import Totals
from apps.stats.figures import FIGURES
from apps.stats.models import CountedRow, DayCount, DirtyDay, TouchedRow, Upkeep
from apps.stats.questions import Question, Terms
from apps.stats.refreshing import FiguresBusyError, rebuild_figures, refresh_figures
from apps.stats.tasks import refresh
from tests.stats.conftest import Chance, add_pair
from tests.stats.counting import Census, Wanted
from tests.stats.test_figures import EVER, some_question


def some(chance: Chance, model: Any) -> Any:
    return chance.random.choice(list(model.objects.order_by("pk")))


def move_company(chance: Chance) -> None:
    company = some(chance, Organisation)
    company.district = chance.some("district")
    company.save()


def change_tiers(chance: Chance) -> None:
    """Without saving the organisation."""
    some(chance, Organisation).tiers.set({chance.some("enterprise_tier")})


def change_chain(chance: Chance) -> None:
    need = some(chance, Need)
    Need.objects.filter(pk=need.pk).update(industry_chain=chance.chain(), updated_at=clock.now())


def take_back(chance: Chance) -> None:
    proposal = some(chance, Proposal)
    changes = {"state": "viewed", "need_accepted_at": None, "capability_accepted_at": None, "declined_at": None}
    if proposal.state != "accepted":
        Proposal.objects.filter(pk=proposal.pk).update(**changes, declined_side="", updated_at=clock.now())


def look_at_list(chance: Chance) -> None:
    proposal = some(chance, Proposal)
    changes = {"need_viewed_at": chance.moment(), "need_viewed_rank": 1, "need_accepted_at": chance.moment()}
    Proposal.objects.filter(pk=proposal.pk, state="proposed").update(
        **changes, state="interested", capability_accepted_at=None, updated_at=clock.now()
    )


def delete_pair(chance: Chance) -> None:
    free = list(Proposal.objects.filter(engagement=None).order_by("pk"))
    chance.random.choice(free).delete()


def delete_centre(chance: Chance) -> None:
    centre = CloudCentre.objects.order_by("pk").first()
    if centre:
        centre.delete()


def correct_contract(chance: Chance) -> None:
    contract = some(chance, Contract)
    contract.amount_yuan, contract.technology_amount_yuan = chance.yuan(), None
    contract.signed_on = chance.day()
    contract.save()


def return_money(chance: Chance) -> None:
    row = some(chance, Instalment)
    row.received_on = row.received_yuan = row.received_by = None
    row.save()


def reject_outcome(chance: Chance) -> None:
    row = some(chance, Outcome)
    row.state, row.rejection_reason, row.confirmed_at = OutcomeState.REJECTED, "数据不实", None
    row.save()


def hand_over(chance: Chance) -> None:
    case = some(chance, Engagement)
    case.broker, case.state, case.state_since = None, EngagementState.DELIVERED, chance.moment()
    case.save()


OPERATIONS: tuple[Callable[[Chance], None], ...] = (
    move_company, change_tiers, change_chain, take_back, look_at_list, delete_pair, delete_centre,
    correct_contract, return_money, reject_outcome, hand_over,
)  # fmt: skip


def check_against_census(chance: Chance, terms: Terms) -> None:
    census = Census()
    for question, wanted in [(Question(EVER, terms), Wanted(*EVER)), *(some_question(chance, terms) for _ in range(8))]:
        totals = Totals(question, tuple(FIGURES))
        for key in FIGURES:
            assert totals.number(key).value == census.value(key, wanted), (key, question.query())


@pytest.mark.parametrize("operation", OPERATIONS, ids=lambda operation: operation.__name__)
def test_the_figures_follow_each_kind_of_change(city: Chance, operation: Callable[[Chance], None]) -> None:
    # As if the city had been still for long: nothing is read again for having changed just now.
    Upkeep.objects.exclude(model="").update(read_until=timezone.now() - timedelta(seconds=1))
    swept, refreshing.SWEPT_AT_ONCE = refreshing.SWEPT_AT_ONCE, 0
    try:
        for _ in range(3):
            operation(city)
        assert refresh_figures()
    finally:
        refreshing.SWEPT_AT_ONCE = swept
    check_against_census(city, Terms())


def test_the_figures_follow_a_mixed_history(city: Chance, administrator: User) -> None:
    terms = Terms()
    for round_ in range(4):
        for operation in city.random.choices(OPERATIONS, k=8):
            operation(city)
        add_pair(city, 100 + round_, administrator)
        assert refresh_figures()
        check_against_census(city, terms)
    assert not DirtyDay.objects.exists()
    assert not TouchedRow.objects.exists()


def test_what_slipped_by_is_found_in_its_turn(city: Chance) -> None:
    need = Need.objects.order_by("pk").first()
    assert need
    Need.objects.filter(pk=need.pk).update(
        published_at=None, state="draft", updated_at=clock.now() - timedelta(days=30)
    )
    Upkeep.objects.exclude(model="").update(swept_pk=0)
    assert refresh_figures()
    assert not CountedRow.objects.filter(figure="needs", object_id=need.pk).exists()


def test_a_refresh_without_changes_writes_nothing(city: Chance) -> None:
    before = (set(CountedRow.objects.values_list("pk", flat=True)), set(DayCount.objects.values_list()))
    assert refresh_figures()
    assert (set(CountedRow.objects.values_list("pk", flat=True)), set(DayCount.objects.values_list())) == before


def test_only_one_is_at_the_figures(city: Chance) -> None:
    Upkeep.objects.filter(model="").update(lease_until=clock.now() + timedelta(minutes=1))
    with pytest.raises(FiguresBusyError):
        refresh_figures()
    refresh()  # the task says nothing of it
    Upkeep.objects.filter(model="").update(lease_until=clock.now() - timedelta(minutes=1))
    assert refresh_figures()


@pytest.mark.django_db(transaction=True)
def test_two_at_once_count_nothing_twice(taxonomy: None, administrator: User) -> None:
    chance = Chance(5)
    chance.organisation("青岛第一机械有限公司", "enterprise")  # type: ignore[arg-type]  # the value of the choice
    chance.organisation("胶州湾大学", "university")  # type: ignore[arg-type]  # as above
    for number in range(6):
        add_pair(chance, number, administrator)
    start, done = Barrier(2), []

    def run() -> None:
        start.wait()
        try:
            done.append(refresh_figures())
        except FiguresBusyError:
            done.append(False)
        finally:
            connection.close()

    threads = [Thread(target=run) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert True in done
    rebuild_figures()
    check_against_census(chance, Terms())
