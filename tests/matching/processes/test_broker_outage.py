"""The broker is stopped while people publish, and started again: what they asked for is late, not lost."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from apps.accounts.models import OrganisationKind, User
from apps.core import clock
from apps.core.processes.broker import broker_child, socket_path
from apps.core.processes.child import Child
from apps.matching.models import MatchRequest, Proposal, Rematch, RematchScope, RematchState, RequestState
from apps.matching.rematches.services import rematch_start
from apps.matching.rematches.targets import Target
from apps.needs.models import NeedState
from apps.needs.services import need_submit
from tests.factories import make_capability, make_need, make_organisation

pytestmark = pytest.mark.processes


@pytest.fixture
def stoppable(tmp_path: Path) -> Iterator[Child]:
    """A broker of this test's own: nobody else notices that it is gone."""
    child = broker_child(socket=socket_path(tmp_path), data_dir=tmp_path / "broker", log_path=tmp_path / "broker.log")
    child.start()
    child.wait_until_ready()
    yield child
    child.stop()


@pytest.fixture
def redis_url(stoppable: Child, tmp_path: Path) -> str:
    return f"unix://{socket_path(tmp_path)}"


def test_what_is_asked_for_while_the_broker_is_stopped_is_done_once_it_is_back(
    *,
    site: None,
    stoppable: Child,
    worker: Callable[[str], Child],
    wait_until: Callable[[Callable[[], bool], Child], None],
    caplog: pytest.LogCaptureFixture,
) -> None:
    make_capability(organisation=make_organisation("测试大学", OrganisationKind.UNIVERSITY))
    enterprise = make_organisation("青岛工厂有限公司")
    owner = User.objects.create_user(email="owner@factory.example", password="x", email_confirmed_at=clock.now())
    enterprise.memberships.create(user=owner)
    older = make_need(organisation=enterprise)
    draft = make_need(organisation=enterprise, state=NeedState.DRAFT, contact=owner)
    survivor = worker("survivor")
    survivor.wait_until_ready()

    stoppable.stop()
    need_submit(need=draft, by=owner)
    rematch = rematch_start(target=Target(RematchScope.NEEDS), by=None)
    assert caplog.text.count("The broker does not answer") == 2
    assert MatchRequest.objects.get(need=draft).state == RequestState.PENDING

    stoppable.start()
    stoppable.wait_until_ready()
    wait_until(lambda: MatchRequest.objects.get(need=draft).state == RequestState.DONE, survivor)
    wait_until(lambda: Rematch.objects.get().state == RematchState.DONE, survivor)
    rematch.refresh_from_db()
    assert (rematch.done, rematch.total) == (2, 2)
    assert MatchRequest.objects.get(need=draft).attempt == 1
    assert set(Proposal.objects.values_list("need", "rank")) == {(older.pk, 1), (draft.pk, 1)}
