"""One match through a real broker and real worker processes, one of which is killed in the middle of it."""

import os
import signal
from collections.abc import Callable

import pytest
from django.conf import settings

from apps.accounts.models import OrganisationKind
from apps.core import clock
from apps.core.processes.child import Child
from apps.matching import requests, tasks
from apps.matching.models import MatchRequest, Priority, Proposal, RequestState, Stage
from apps.needs.models import Need
from tests.factories import make_capability, make_need, make_organisation

pytestmark = pytest.mark.processes
CAPABILITIES = 50  # which the worker reads first: long enough to be killed over


def test_a_match_whose_worker_is_killed_is_finished_once_by_another(
    site: None, worker: Callable[[str], Child], wait_until: Callable[[Callable[[], bool], Child], None]
) -> None:
    university = make_organisation("测试大学", OrganisationKind.UNIVERSITY)
    for number in range(CAPABILITIES):
        make_capability(organisation=university, title=f"激光熔覆耐磨涂层 {number}")
    need = make_need()
    first = worker("first")
    requests.request_for_needs([need], priority=Priority.INTERACTIVE)
    request = MatchRequest.objects.get(need=need)

    wait_until(lambda: state_of(request) == (RequestState.RUNNING, 1), first)
    os.killpg(first.pid, signal.SIGKILL)
    assert state_of(request) == (RequestState.RUNNING, 1)
    assert not Proposal.objects.exists()

    second = worker("second")
    second.wait_until_ready()
    MatchRequest.objects.update(lease_until=clock.now())  # as if the minute of the lease were over
    tasks.reconcile()
    wait_until(lambda: state_of(request)[0] == RequestState.DONE, second)
    request.refresh_from_db()
    assert (request.attempt, request.stage, request.error) == (2, Stage.FINISHED, "")
    assert request.proposals_count == settings.MATCHING_PROPOSALS_PER_NEED
    ranked = Proposal.objects.order_by("rank").values_list("rank", flat=True)
    assert list(ranked) == list(range(1, request.proposals_count + 1))
    assert Need.objects.get().proposals.count() == request.proposals_count


def state_of(request: MatchRequest) -> tuple[str, int]:
    return MatchRequest.objects.values_list("state", "attempt").get(pk=request.pk)
