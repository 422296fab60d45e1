"""The job is a row: claimed once, given back, given up, never lost."""

from datetime import timedelta
from typing import Any

import pytest
from celery import Celery

import matchsvc.celery
from apps.accounts.models import User
from apps.core import clock
from apps.matching import requests, tasks
from apps.matching.models import MatchRequest, Priority, Proposal, RequestState, Stage
from apps.matching.runs import carry_out
from apps.matching.selectors import latest_request, oldest_due_request
from apps.needs.models import Need, NeedState
from apps.needs.services import need_submit
from tests.factories import make_need

LONG_AGO = timedelta(hours=1)


@pytest.fixture
def waiting(need: Need) -> MatchRequest:
    requests.request_for_needs([need], priority=Priority.INTERACTIVE)
    return MatchRequest.objects.select_related("need").get(need=need)


def needs_of(request: MatchRequest) -> list[Need]:
    assert request.need is not None
    return [request.need]


def claimed(request: MatchRequest) -> MatchRequest:
    found = requests.claim(request.public_id)
    assert found is not None
    return found


def let_lease_run_out(request: MatchRequest) -> None:
    MatchRequest.objects.filter(pk=request.pk).update(lease_until=clock.now() - LONG_AGO)


def test_a_published_need_asks_for_a_match_and_tells_the_workers(
    sme_owner: User, taxonomy: None, hints: list[str], django_capture_on_commit_callbacks: Any
) -> None:
    draft = make_need(organisation=sme_owner.membership.organisation, state=NeedState.DRAFT, contact=sme_owner)
    with django_capture_on_commit_callbacks(execute=True):
        need_submit(need=draft, by=sme_owner)
    request = MatchRequest.objects.get(need=draft)
    assert (request.state, request.priority) == (RequestState.PENDING, Priority.INTERACTIVE)
    assert hints == [request.public_id]


def test_a_second_wish_for_the_same_need_waits_with_the_first(waiting: MatchRequest) -> None:
    requests.request_for_needs(needs_of(waiting), priority=Priority.BULK)
    assert MatchRequest.objects.count() == 1


def test_a_request_is_claimed_once(waiting: MatchRequest) -> None:
    first = requests.claim(waiting.public_id)
    assert first is not None
    assert (first.state, first.attempt, first.stage) == (RequestState.RUNNING, 1, Stage.READING)
    assert requests.claim(waiting.public_id) is None


@pytest.mark.usefixtures("taxonomy")
def test_a_request_is_due_in_the_moment_it_is_written() -> None:
    """A hint that comes within the same millisecond finds it, whatever the database's clock counts in."""
    need = make_need()
    for _ in range(40):
        request = MatchRequest.objects.create(need=need, input_version=1, due_at=clock.now())
        assert requests.claim(request.public_id) is not None
        request.delete()


def test_a_request_that_is_not_due_is_not_claimed(waiting: MatchRequest) -> None:
    MatchRequest.objects.filter(pk=waiting.pk).update(due_at=clock.now() + LONG_AGO)
    assert requests.claim(waiting.public_id) is None


def test_a_lease_that_ran_out_lets_another_worker_take_over(waiting: MatchRequest) -> None:
    claimed(waiting)
    let_lease_run_out(waiting)
    second = requests.claim(waiting.public_id)
    assert second is not None
    assert second.attempt == 2


def test_results_of_an_attempt_that_lost_its_lease_are_discarded(waiting: MatchRequest, capability: object) -> None:
    stale = claimed(waiting)
    let_lease_run_out(waiting)
    fresh = claimed(waiting)
    carry_out(stale)
    assert not Proposal.objects.exists()
    fresh.refresh_from_db()
    assert fresh.state == RequestState.RUNNING
    carry_out(fresh)
    fresh.refresh_from_db()
    assert (fresh.state, fresh.attempt, fresh.proposals_count) == (RequestState.DONE, 2, 1)


def test_a_finished_request_is_nobodys_business(waiting: MatchRequest) -> None:
    tasks.match(waiting.public_id)
    count = MatchRequest.objects.filter(state=RequestState.DONE).count()
    tasks.match(waiting.public_id)
    tasks.match("nosuchreques")
    assert count == MatchRequest.objects.filter(state=RequestState.DONE, attempt=1).count() == 1


def test_an_error_gives_the_request_back_for_later(waiting: MatchRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(request: MatchRequest) -> None:
        raise RuntimeError("the index is broken")

    monkeypatch.setattr(tasks, "carry_out", fail)
    tasks.match(waiting.public_id)
    waiting.refresh_from_db()
    assert (waiting.state, waiting.stage, waiting.lease_until) == (RequestState.PENDING, Stage.QUEUED, None)
    assert waiting.due_at > clock.now()
    assert "the index is broken" in waiting.error


def test_a_request_that_fails_three_times_has_failed_and_can_be_asked_for_again(
    waiting: MatchRequest, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(request: MatchRequest) -> None:
        raise RuntimeError

    monkeypatch.setattr(tasks, "carry_out", fail)
    for _attempt in range(3):
        MatchRequest.objects.filter(pk=waiting.pk).update(due_at=clock.now() - LONG_AGO)
        tasks.match(waiting.public_id)
    waiting.refresh_from_db()
    assert (waiting.state, waiting.attempt) == (RequestState.FAILED, 3)
    requests.request_for_needs(needs_of(waiting), priority=Priority.INTERACTIVE)
    assert latest_request(need=waiting.need) != waiting


def test_a_request_that_kills_its_workers_is_given_up_after_three(waiting: MatchRequest) -> None:
    for _attempt in range(3):
        claimed(waiting)
        let_lease_run_out(waiting)
    assert requests.claim(waiting.public_id) is None
    tasks.reconcile()
    waiting.refresh_from_db()
    assert waiting.state == RequestState.FAILED


def test_a_need_changed_while_it_was_matched_keeps_no_stale_results(
    waiting: MatchRequest, capability: object, monkeypatch: pytest.MonkeyPatch
) -> None:
    def change_meanwhile(request: MatchRequest, stage: Stage) -> None:
        Need.objects.update(version=2)

    monkeypatch.setattr(requests, "report_stage", change_meanwhile)
    carry_out(claimed(waiting))
    waiting.refresh_from_db()
    assert waiting.state == RequestState.SUPERSEDED
    assert not Proposal.objects.exists()


def test_a_need_closed_before_its_match_is_superseded(waiting: MatchRequest, capability: object) -> None:
    Need.objects.update(state=NeedState.CLOSED)
    carry_out(claimed(waiting))
    waiting.refresh_from_db()
    assert waiting.state == RequestState.SUPERSEDED


def test_a_lost_hint_is_sent_again(waiting: MatchRequest, hints: list[str]) -> None:
    hints.clear()
    tasks.reconcile()
    assert hints == [waiting.public_id]


def test_the_reconciler_leaves_running_and_finished_requests_alone(waiting: MatchRequest, hints: list[str]) -> None:
    claimed(waiting)
    hints.clear()
    tasks.reconcile()
    assert hints == []


def test_the_interactive_ones_are_sent_before_the_bulk(need: Need, hints: list[str]) -> None:
    other = make_need(organisation=need.organisation)
    requests.request_for_needs([other], priority=Priority.BULK)
    requests.request_for_needs([need], priority=Priority.INTERACTIVE)
    tasks.reconcile()
    assert hints == [getattr(latest_request(need=each), "public_id", None) for each in (need, other)]


def test_operators_see_the_request_that_waits_longest(waiting: MatchRequest) -> None:
    assert oldest_due_request(Priority.INTERACTIVE) == waiting
    assert oldest_due_request(Priority.BULK) is None


@pytest.mark.parametrize("url", ["redis+socket:///nowhere/broker.sock", "redis://127.0.0.1:1/0"])
def test_publishing_works_while_the_broker_is_down(
    *,
    sme_owner: User,
    taxonomy: None,
    url: str,
    caplog: pytest.LogCaptureFixture,
    monkeypatch: pytest.MonkeyPatch,
    django_capture_on_commit_callbacks: Any,
) -> None:
    monkeypatch.undo()  # the real sending, to a broker that is not there
    Celery("nowhere", broker=url).set_current()
    draft = make_need(organisation=sme_owner.membership.organisation, state=NeedState.DRAFT, contact=sme_owner)
    try:
        with django_capture_on_commit_callbacks(execute=True):
            need_submit(need=draft, by=sme_owner)
    finally:
        matchsvc.celery.app.set_current()
    draft.refresh_from_db()
    assert "The broker does not answer" in caplog.text
    assert draft.state == NeedState.PUBLISHED
    assert MatchRequest.objects.get(need=draft).state == RequestState.PENDING


def test_a_command_may_leave_the_hints_to_the_reconciler(
    need: Need, hints: list[str], django_capture_on_commit_callbacks: Any
) -> None:
    with django_capture_on_commit_callbacks(execute=True), requests.without_hints():
        requests.request_for_needs([need], priority=Priority.BULK)
    assert MatchRequest.objects.get(need=need).state == RequestState.PENDING
    assert hints == []
