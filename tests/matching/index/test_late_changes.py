"""Two writers at once on PostgreSQL: a smaller number may appear after a larger one, and is not lost."""

from collections.abc import Iterator
from contextlib import contextmanager
from threading import Event, Thread

import pytest
from django.db import connection, connections, transaction

from apps.matching.index import changes
from apps.matching.models import IndexChange, RowKind

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite has one writer at a time"),
]
EARLY, LATE = 1, 2


@contextmanager
def half_written(row: int) -> Iterator[None]:
    """Within the block another transaction has written a change, and has not ended."""
    is_written, may_end = Event(), Event()

    def write() -> None:
        with transaction.atomic():
            changes.record(RowKind.NEED, [row])
            is_written.set()
            may_end.wait()
        connections.close_all()

    writer = Thread(target=write)
    writer.start()
    is_written.wait()
    try:
        yield
    finally:
        may_end.set()
        writer.join()


def ids_above(last: int) -> list[int]:
    return list(IndexChange.objects.filter(pk__gt=last).values_list("pk", flat=True))


def test_whoever_remembers_only_the_largest_number_loses_the_change_that_comes_late() -> None:
    """The race itself; were it not there, a follower would need no memory."""
    with half_written(EARLY):
        changes.record(RowKind.NEED, [LATE])
        (last,) = ids_above(0)
    assert ids_above(last) == []
    assert IndexChange.objects.count() == 2


def test_a_follower_reads_the_change_that_comes_late() -> None:
    follower = changes.Follower(changes.floor())
    with half_written(EARLY):
        changes.record(RowKind.NEED, [LATE])
        assert [change.row for change in follower.news()] == [LATE]
    assert [change.row for change in follower.news()] == [EARLY]
    assert follower.news() == []


@pytest.mark.usefixtures("impatient")
def test_a_follower_that_asks_for_a_higher_floor_reads_it_too() -> None:
    follower = changes.Follower(changes.floor())
    with half_written(EARLY):
        for _ in range(3):
            changes.record(RowKind.NEED, [LATE])
            assert [change.row for change in follower.news()] == [LATE]
    assert [change.row for change in follower.news()] == [EARLY]
    follower.news()
    assert follower.floor == max(ids_above(0))


def test_the_floor_stays_below_what_is_still_being_written() -> None:
    changes.record(RowKind.NEED, [LATE])
    before = changes.floor()
    assert ids_above(before) == []
    with half_written(EARLY):
        changes.record(RowKind.NEED, [LATE])
        assert changes.floor() <= before
    assert changes.floor() == max(ids_above(0))


def test_the_floor_rises_to_what_was_settled_though_somebody_is_always_writing() -> None:
    changes.record(RowKind.NEED, [LATE, LATE])
    with connection.cursor() as cursor:
        cursor.execute("UPDATE matching_indexchange SET at = at - interval '1 hour'")
    old = max(ids_above(0))
    with half_written(EARLY):
        changes.record(RowKind.NEED, [LATE])
        assert changes.floor() == old


@pytest.mark.usefixtures("hurried")
def test_a_change_written_within_a_long_transaction_holds_the_floor_however_old_others_are() -> None:
    """Without patience every committed change would count as settled, also those drawn after the one that waits."""
    with half_written(EARLY):
        changes.record(RowKind.NEED, [LATE])
        waiting = IndexChange.objects.get(row=LATE).pk - 1
        assert changes.floor() < waiting


@pytest.fixture
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(changes, "MANY_SEEN", 0)


@pytest.fixture
def hurried(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(changes, "SETTLED_SECONDS", 0)
