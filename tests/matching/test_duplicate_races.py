"""Twins that two workers take in at the same moment find each other, on either database."""

from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from django.db import connection, transaction

from apps.accounts.models import Organisation
from apps.capabilities.models import Capability
from apps.matching import fingerprints
from apps.matching.fingerprints import refresh
from apps.matching.models import Fingerprint
from tests.factories import make_capability
from tests.matching.test_races import at_once, taxonomy  # noqa: F401  (a fixture)

pytestmark = pytest.mark.django_db(transaction=True)
ROUNDS = 5


def twins(university: Organisation, number: int) -> list[Capability]:
    title = "轧辊激光熔覆耐磨涂层" + "甲乙丙丁戊"[number] * 6
    return [make_capability(organisation=university, title=title) for _ in range(2)]


def groups_of_both(rows: list[Capability]) -> set[str | None]:
    at_once(*(lambda pk=row.pk: refresh(Capability, [pk]) for row in rows))
    return set(Fingerprint.objects.filter(capability__in=rows).values_list("group", flat=True))


@pytest.mark.usefixtures("taxonomy")
def test_twins_taken_in_at_once_are_one_group(university: Organisation) -> None:
    for number in range(ROUNDS):
        (group,) = groups_of_both(twins(university, number))
        assert group is not None


@pytest.mark.usefixtures("taxonomy")
def test_one_row_taken_in_twice_at_once_has_one_fingerprint(university: Organisation) -> None:
    row = twins(university, 0)[0]
    at_once(*(lambda: refresh(Capability, [row.pk]) for _ in range(2)))
    assert Fingerprint.objects.filter(capability=row).count() == 1


@pytest.mark.usefixtures("taxonomy")
def test_without_the_lock_twins_would_miss_each_other(
    university: Organisation, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The race that the lock shuts: both look before either has written. SQLite has one writer and needs no lock."""
    if connection.vendor != "postgresql":
        pytest.skip("needs a database with several writers")
    rows = twins(university, 0)

    @contextmanager
    def unguarded() -> Iterator[None]:
        with transaction.atomic():
            yield
            at_once_here()

    def at_once_here() -> None:
        """A moment between looking and writing, which the other worker needs to look in vain."""
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_sleep(0.3)")

    monkeypatch.setattr(fingerprints, "_alone", unguarded)
    assert groups_of_both(rows) == {None}
