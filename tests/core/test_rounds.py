"""Rounds over many rows: each for itself."""

import pytest

from apps.accounts.models import Organisation
from apps.core.errors import StateConflict
from apps.core.rounds import deal_with_each

pytestmark = pytest.mark.django_db


def test_what_fails_is_undone_and_told_and_the_others_are_done(
    enterprise: Organisation, other_enterprise: Organisation, caplog: pytest.LogCaptureFixture
) -> None:
    def rename(organisation: Organisation) -> bool:
        Organisation.objects.filter(pk=organisation.pk).update(short_name="新")
        if organisation == enterprise:
            raise RuntimeError("a fault of ours")
        return True

    assert deal_with_each([enterprise, other_enterprise], rename) == 1
    assert Organisation.objects.get(short_name="新") == other_enterprise
    assert f"cannot be done for {enterprise.pk}" in caplog.text


def test_what_somebody_changed_at_that_moment_is_no_fault(caplog: pytest.LogCaptureFixture) -> None:
    def refuse(_number: int) -> None:
        raise StateConflict

    assert deal_with_each([1, 2], refuse) == 0
    assert not caplog.records


def test_only_what_was_done_counts_towards_the_most() -> None:
    seen: list[int] = []

    def even(number: int) -> bool:
        seen.append(number)
        return number % 2 == 0

    assert deal_with_each(range(1, 10), even, most=2) == 2
    assert seen == [1, 2, 3, 4]
