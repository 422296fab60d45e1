"""The city is matched anew in chunks: each row once, whatever happens between two of them."""

from datetime import timedelta
from typing import Any

import pytest
from celery.exceptions import SoftTimeLimitExceeded
from django.conf import LazySettings
from django.db import OperationalError

from apps.accounts.models import Organisation, User
from apps.capabilities.models import Capability
from apps.core import clock
from apps.core.models import AuditEntry
from apps.matching import requests, runs, tasks
from apps.matching.models import (
    MatchRequest,
    Priority,
    Proposal,
    Rematch,
    RematchScope,
    RematchState,
    RequestState,
)
from apps.matching.rematches import chunks
from apps.matching.rematches.services import rematch_pause, rematch_resume, rematch_start
from apps.matching.rematches.targets import Target
from apps.matching.runs import Hold
from apps.needs.models import Need, NeedState
from tests.factories import make_need

EVERYTHING = Target(RematchScope.NEEDS)
LONG_AGO = timedelta(hours=1)


@pytest.fixture
def needs(taxonomy: None, enterprise: Organisation) -> list[Need]:
    return [make_need(organisation=enterprise, title=f"轧辊磨损快 {number}") for number in range(7)]


@pytest.fixture
def rematch(needs: list[Need], capability: Capability, settings: LazySettings) -> Rematch:
    settings.MATCHING_REMATCH_CHUNK = 3
    return rematch_start(target=EVERYTHING, by=None)


@pytest.fixture
def matched(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """The keys of the needs that were matched to the end, in order."""
    found: list[int] = []
    real = runs.match_need

    def watch(pk: int, hold: Hold, corpus: Any) -> None:
        real(pk, hold, corpus)
        found.append(pk)

    monkeypatch.setattr(runs, "match_need", watch)
    return found


def step(rematch: Rematch) -> Rematch:
    """One message arrives at a worker."""
    tasks.rematch(rematch.public_id)
    rematch.refresh_from_db()
    return rematch


def keys(needs: list[Need]) -> list[int]:
    return sorted(need.pk for need in needs)


def test_a_rematch_goes_over_every_open_need_once_in_chunks(
    rematch: Rematch, needs: list[Need], matched: list[int], hints: list[str]
) -> None:
    Need.objects.filter(pk=needs[4].pk).update(state=NeedState.CLOSED)
    hints.clear()
    counted = [step(rematch).counted for _message in range(4)]
    assert counted == [3, 6, 6, 6]
    assert matched == [pk for pk in keys(needs) if pk != needs[4].pk]
    assert (rematch.state, rematch.done, rematch.passed, rematch.lease_until) == (RematchState.DONE, 6, 0, None)
    assert rematch.finished_at is not None
    assert hints == [rematch.public_id]  # the first asked for the second, which was the last
    assert Proposal.objects.filter(rank__isnull=False).count() == 6


def test_a_need_published_meanwhile_is_left_to_its_own_request(
    rematch: Rematch, enterprise: Organisation, matched: list[int]
) -> None:
    late = make_need(organisation=enterprise)
    while step(rematch).is_active:
        pass
    assert late.pk not in matched
    assert rematch.done == rematch.total == 7


def test_matching_unchanged_needs_again_writes_no_proposal(rematch: Rematch, needs: list[Need]) -> None:
    while step(rematch).is_active:
        pass
    before = list(Proposal.objects.order_by("pk").values_list("pk", "updated_at", "rank"))
    again = rematch_start(target=EVERYTHING, by=None)
    while step(again).is_active:
        pass
    assert again.done == 7
    assert list(Proposal.objects.order_by("pk").values_list("pk", "updated_at", "rank")) == before


def test_one_chunk_is_claimed_by_one_worker(rematch: Rematch) -> None:
    first = chunks.claim(rematch.public_id)
    assert first is not None
    assert chunks.claim(rematch.public_id) is None
    assert not chunks.due().exists()


def test_a_chunk_whose_lease_ran_out_is_taken_over_and_its_first_worker_writes_nothing_more(
    rematch: Rematch, needs: list[Need], matched: list[int]
) -> None:
    slow = chunks.claim(rematch.public_id)
    assert slow is not None
    Rematch.objects.update(lease_until=clock.now() - LONG_AGO)
    step(rematch)
    assert rematch.done == 3
    assert not chunks.carry_out(slow)
    rematch.refresh_from_db()
    assert (rematch.done, rematch.cursor) == (3, keys(needs)[2])
    assert matched == keys(needs)[:3]


def test_the_cursor_moves_only_with_the_results_of_its_row(
    rematch: Rematch, needs: list[Need], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Killed between writing the proposals and the cursor: the database keeps neither."""

    def killed(*_args: object, **_changes: object) -> bool:
        raise SystemExit

    with monkeypatch.context() as patch:
        patch.setattr(chunks, "_advance", killed)
        with pytest.raises(SystemExit):
            step(rematch)
    assert not Proposal.objects.exists()
    Rematch.objects.update(lease_until=clock.now() - LONG_AGO)
    step(rematch)
    assert (rematch.done, rematch.attempt) == (3, 2)


def test_the_reconciler_goes_on_with_what_no_worker_holds(rematch: Rematch, hints: list[str]) -> None:
    hints.clear()
    tasks.reconcile()
    assert hints == [rematch.public_id]
    chunks.claim(rematch.public_id)
    tasks.reconcile()
    assert hints == [rematch.public_id]
    Rematch.objects.update(lease_until=clock.now() - LONG_AGO)
    tasks.reconcile()
    assert hints == [rematch.public_id] * 2


def test_a_pause_takes_effect_at_the_row_being_matched_and_nothing_is_lost(
    rematch: Rematch, needs: list[Need], administrator: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    real, seen = runs.match_need, []

    def pause_at_the_second(pk: int, hold: Hold, corpus: Any) -> None:
        seen.append(pk)
        if len(seen) == 2:
            rematch_pause(rematch=Rematch.objects.get(), by=administrator)
        real(pk, hold, corpus)

    monkeypatch.setattr(runs, "match_need", pause_at_the_second)
    step(rematch)
    assert (rematch.state, rematch.done, rematch.cursor) == (RematchState.PAUSED, 1, keys(needs)[0])
    assert step(rematch).done == 1
    rematch_resume(rematch=rematch, by=administrator)
    while step(rematch).is_active:
        pass
    assert rematch.done == rematch.total == Need.objects.filter(proposals__rank=1).count() == 7
    assert seen == [*keys(needs)[:2], *keys(needs)[1:]]


def test_a_chunk_ends_early_for_a_person_who_waits(rematch: Rematch, needs: list[Need], matched: list[int]) -> None:
    requests.request_for_needs(needs[-1:], priority=Priority.INTERACTIVE)
    assert chunks.somebody_waits()
    step(rematch)
    assert matched == keys(needs)[:1]
    tasks.match(MatchRequest.objects.get().public_id)
    assert not chunks.somebody_waits()
    step(rematch)
    assert rematch.done == 4


def test_imports_that_wait_do_not_shorten_a_chunk(rematch: Rematch, needs: list[Need]) -> None:
    requests.request_for_needs(needs[-1:], priority=Priority.BULK)
    assert step(rematch).done == 3


def test_a_chunk_is_no_longer_than_its_time(rematch: Rematch, settings: LazySettings) -> None:
    settings.MATCHING_REMATCH_SECONDS = -1
    assert step(rematch).done == 1


def test_a_need_that_changed_meanwhile_is_passed_over(
    rematch: Rematch, needs: list[Need], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(chunks.Step, "report", lambda self, stage: Need.objects.filter(pk=self.pk).update(version=2))
    step(rematch)
    assert (rematch.done, rematch.passed) == (0, 3)
    assert not Proposal.objects.exists()


def test_a_need_that_cannot_be_matched_gets_a_request_of_its_own(
    rematch: Rematch, needs: list[Need], monkeypatch: pytest.MonkeyPatch
) -> None:
    real, poison = runs.match_need, keys(needs)[1]

    def fail(pk: int, hold: Hold, corpus: Any) -> None:
        if pk == poison:
            raise RuntimeError("cannot be read")
        real(pk, hold, corpus)

    monkeypatch.setattr(runs, "match_need", fail)
    step(rematch)
    assert (rematch.done, rematch.handed_over, rematch.state) == (2, 1, RematchState.RUNNING)
    assert "cannot be read" in rematch.error
    waiting = MatchRequest.objects.get()
    assert (waiting.need_id, waiting.priority, waiting.state) == (poison, Priority.BULK, RequestState.PENDING)


def test_a_need_that_kills_its_workers_is_handed_over_after_three(rematch: Rematch, needs: list[Need]) -> None:
    for _worker in range(3):
        assert chunks.claim(rematch.public_id) is not None
        Rematch.objects.update(lease_until=clock.now() - LONG_AGO)
    step(rematch)
    assert (rematch.done, rematch.handed_over) == (2, 1)
    assert MatchRequest.objects.get().need_id == keys(needs)[0]


@pytest.mark.parametrize("error", [SoftTimeLimitExceeded, OperationalError("the database is away")])
def test_what_is_not_the_rows_fault_hands_nothing_over(
    rematch: Rematch, monkeypatch: pytest.MonkeyPatch, error: Exception
) -> None:
    def break_off(pk: int, hold: Hold, corpus: Any) -> None:
        raise error

    with monkeypatch.context() as patch:
        patch.setattr(runs, "match_need", break_off)
        step(rematch)
    assert (rematch.state, rematch.counted, rematch.lease_until) == (RematchState.RUNNING, 0, None)
    assert not MatchRequest.objects.exists()
    assert step(rematch).done == 3


def test_a_rematch_in_which_everything_fails_stops_and_can_go_on_once_the_cause_is_mended(
    rematch: Rematch, administrator: User, monkeypatch: pytest.MonkeyPatch, matched: list[int]
) -> None:
    monkeypatch.setattr(chunks, "MOST_FAILURES_IN_ROW", 4)
    with monkeypatch.context() as patch:
        patch.setattr(runs, "match_need", fail_always)
        step(rematch)
        step(rematch)
        assert (rematch.state, rematch.handed_over) == (RematchState.FAILED, 4)
        assert step(rematch).handed_over == 4
    assert AuditEntry.objects.filter(action="rematch.failed", actor=None).count() == 1
    rematch_resume(rematch=rematch, by=administrator)
    while step(rematch).is_active:
        pass
    assert (rematch.state, rematch.done, rematch.handed_over) == (RematchState.DONE, 3, 4)


def fail_always(pk: int, hold: Hold, corpus: Any) -> None:
    raise RuntimeError("the index is broken")


def test_capabilities_are_matched_with_the_needs_they_fit(needs: list[Need], capability: Capability) -> None:
    rematch = rematch_start(target=Target(RematchScope.CAPABILITIES), by=None)
    step(rematch)
    assert (rematch.state, rematch.done) == (RematchState.DONE, 1)
    assert Proposal.objects.filter(capability=capability).count() == 7


def test_a_message_for_a_rematch_that_is_over_or_unknown_is_nobodys_business(rematch: Rematch) -> None:
    Rematch.objects.update(state=RematchState.CANCELLED, finished_at=clock.now())
    tasks.rematch("nosuchrematc")
    assert step(rematch).counted == 0
