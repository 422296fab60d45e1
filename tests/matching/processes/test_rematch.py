"""A rematch through a real broker and real workers: killed in the middle, and never before people."""

import os
import signal
from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from django.conf import LazySettings
from django.db import connection
from django.db.models import Max, Sum

from apps.accounts.models import OrganisationKind
from apps.core import clock
from apps.core.processes.child import Child
from apps.matching import requests, tasks
from apps.matching.models import (
    MatchRequest,
    Priority,
    Proposal,
    Rematch,
    RematchScope,
    RematchState,
    RequestState,
)
from apps.matching.rematches.services import rematch_start
from apps.matching.rematches.targets import Target
from apps.needs.models import Need
from tests.factories import make_capability, make_need, make_organisation

pytestmark = pytest.mark.processes
type Start = Callable[[str], Child]
type Wait = Callable[[Callable[[], bool], Child], None]
WORKERS_OF_BULK = 2  # processes of one worker: so many rows are being matched when a person asks


def write_down_steps() -> None:
    """Let the database itself keep each move of a cursor that was committed, and when."""
    table = "CREATE TABLE steps (row_id bigint, at text)"
    if connection.vendor == "sqlite":
        statements = [
            table,
            (
                "CREATE TRIGGER step AFTER UPDATE OF cursor ON matching_rematch WHEN NEW.cursor <> OLD.cursor BEGIN"
                " INSERT INTO steps VALUES (NEW.cursor, strftime('%Y-%m-%d %H:%M:%f', 'now')); END"
            ),
        ]
    else:
        statements = [
            table,
            (
                "CREATE FUNCTION keep_step() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN INSERT INTO steps VALUES"
                " (NEW.cursor, to_char(clock_timestamp() AT TIME ZONE 'UTC', 'YYYY-MM-DD HH24:MI:SS.MS'));"
                " RETURN NEW; END $$"
            ),
            (
                "CREATE TRIGGER step AFTER UPDATE OF cursor ON matching_rematch FOR EACH ROW"
                " WHEN (NEW.cursor <> OLD.cursor) EXECUTE FUNCTION keep_step()"
            ),
        ]
    with connection.cursor() as cursor:
        for statement in statements:
            cursor.execute(statement)


def steps() -> list[tuple[int, str]]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT row_id, at FROM steps ORDER BY at")
        return [(int(row), str(at)) for row, at in cursor.fetchall()]


def make_city(needs: int) -> None:
    university, enterprise = make_organisation("测试大学", OrganisationKind.UNIVERSITY), make_organisation("青岛工厂")
    for number in range(5):
        make_capability(organisation=university, title=f"激光熔覆耐磨涂层 {number}")
    for number in range(needs):
        make_need(organisation=enterprise, title=f"轧辊磨损快 {number}")


def matched() -> int:
    return int(Rematch.objects.aggregate(rows=Sum("done"))["rows"] or 0)


def test_a_rematch_whose_workers_are_killed_matches_every_need_once(
    site: None, worker: Start, wait_until: Wait, settings: LazySettings
) -> None:
    settings.MATCHING_REMATCH_CHUNK = 8
    make_city(needs=60)
    write_down_steps()
    rematch_start(target=Target(RematchScope.NEEDS), by=None)
    for name, enough in (("first", 5), ("second", 25)):
        victim = worker(name)
        Rematch.objects.update(lease_until=None)  # as if the minute of the dead one's lease were over
        tasks.reconcile()
        wait_until(lambda enough=enough: matched() >= enough, victim)  # type: ignore[misc]  # a default in a lambda has no type
        os.killpg(victim.pid, signal.SIGKILL)
    assert matched() < 60
    assert Rematch.objects.get().state == RematchState.RUNNING

    last = worker("last")
    Rematch.objects.update(lease_until=None)
    tasks.reconcile()
    wait_until(lambda: Rematch.objects.get().state == RematchState.DONE, last)
    rematch = Rematch.objects.get()
    assert (rematch.done, rematch.passed, rematch.handed_over, rematch.error) == (60, 0, 0, "")
    assert sorted(row for row, _at in steps()) == list(Need.objects.order_by("pk").values_list("pk", flat=True))
    for need in Need.objects.all():
        assert list(need.proposals.order_by("rank").values_list("rank", flat=True)) == [1, 2, 3, 4, 5]
    assert Proposal.objects.count() == 300


def test_people_are_served_before_thirty_queued_chunks(site: None, worker: Start, wait_until: Wait) -> None:
    make_city(needs=12)
    write_down_steps()
    for days in range(1, 31):
        since = clock.today() - timedelta(days=days)
        rematch_start(target=Target(RematchScope.SINCE, since=since), by=None)
    both = worker("both")
    wait_until(lambda: matched() > 0, both)
    requests.request_for_needs(Need.objects.all(), priority=Priority.INTERACTIVE)
    asked = clock.now()
    people = MatchRequest.objects.all()
    wait_until(lambda: not people.exclude(state=RequestState.DONE).exists(), both)
    assert matched() < 30 * 12

    last_taken_up = people.aggregate(at=Max("started_at"))["at"]
    assert asked < last_taken_up
    between = [at for _row, at in steps() if text_of(asked) < at < text_of(last_taken_up)]
    assert len(between) <= WORKERS_OF_BULK  # no more than what was under way ended before the last was taken up
    wait_until(lambda: not Rematch.objects.exclude(state=RematchState.DONE).exists(), both)
    assert matched() == 30 * 12


def text_of(moment: datetime) -> str:
    return moment.strftime("%Y-%m-%d %H:%M:%S.%f")[:23]
