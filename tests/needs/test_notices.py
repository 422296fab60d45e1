"""Who is told of what becomes of a need, once each."""

from datetime import timedelta

import pytest

from apps.accounts.models import Organisation, OrganisationState, User
from apps.accounts.services import organisation_verify
from apps.core import clock
from apps.needs import notices
from apps.needs.models import Need, NeedState
from apps.needs.services import need_approve, need_expire, need_renew, need_return, need_submit
from apps.needs.tasks import remind
from apps.notifications import outbox
from apps.notifications.models import Notification

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def letters(monkeypatch: pytest.MonkeyPatch) -> None:
    """No broker is asked."""
    monkeypatch.setattr(outbox, "send_hints", lambda _letters, **_: None)


def told(kind: str) -> list[User]:
    return [row.recipient for row in Notification.objects.filter(kind=f"needs.{kind}")]


def last_day_in(need: Need, days: int) -> None:
    need.valid_until = clock.today() + timedelta(days=days)
    need.save(update_fields=["valid_until"])


def test_who_publishes_a_need_is_told_nothing(draft: Need, sme_owner: User) -> None:
    need_submit(need=draft, by=sme_owner)
    assert draft.state == NeedState.PUBLISHED
    assert not Notification.objects.exists()


def test_the_contact_is_told_when_a_reviewer_publishes(
    draft: Need, sme_owner: User, colleague: User, stranger: User, reviewer: User
) -> None:
    draft.state = NeedState.SUBMITTED
    draft.save()
    need_approve(need=draft, by=reviewer)
    assert told("published") == [sme_owner]
    assert Notification.objects.get().is_by_name


def test_the_contact_is_told_when_the_organisation_is_verified(
    unverified: Organisation, draft: Need, sme_owner: User, reviewer: User
) -> None:
    unverified.credit_code = "91370200MA3TESTQ0X"
    unverified.save()
    draft.refresh_from_db()
    need_submit(need=draft, by=sme_owner)
    organisation_verify(organisation=unverified, by=reviewer)
    assert unverified.state == OrganisationState.VERIFIED
    assert told("published") == [sme_owner]


def test_a_return_is_told_with_its_reason_to_the_contact(
    published: Need, sme_owner: User, colleague: User, reviewer: User
) -> None:
    need_return(need=published, by=reviewer, reason="请补充硬度指标。")
    row = Notification.objects.get(kind="needs.returned")
    assert (row.recipient, row.is_by_name) == (sme_owner, True)
    assert "请补充硬度指标" in row.text.line
    assert row.target == f"/needs/{published.public_id}/"


def test_a_deactivated_contact_is_told_nothing(published: Need, sme_owner: User, reviewer: User) -> None:
    User.objects.filter(pk=sme_owner.pk).update(is_active=False)
    need_return(need=published, by=reviewer, reason="请补充")
    assert not Notification.objects.exists()


def test_renewal_is_asked_for_fourteen_and_three_days_before_once_each(published: Need, sme_owner: User) -> None:
    for days, asked in ((15, 0), (14, 1), (13, 1), (4, 1), (3, 2), (2, 2), (0, 2)):
        last_day = clock.today() + timedelta(days=15)
        last_day_in(published, 15)
        with clock.at(clock.now() + timedelta(days=15 - days)):
            remind()
            remind()
        assert published.valid_until == last_day
        assert told("expiring") == [sme_owner] * asked, days


def test_a_renewed_need_is_asked_about_again_before_its_new_last_day(published: Need, sme_owner: User) -> None:
    last_day_in(published, 2)
    remind()
    need_renew(need=published, by=sme_owner)
    remind()
    assert len(told("expiring")) == 1
    with clock.at(clock.now() + timedelta(days=90)):
        remind()
    assert len(told("expiring")) == 2


def test_a_run_goes_on_where_the_last_one_stopped(published: Need, sme_owner: User) -> None:
    last_day_in(published, 2)
    assert notices.remind_of_last_days(most=1) == 1
    assert notices.remind_of_last_days(most=1) == 0


def test_the_contact_is_told_when_a_need_expires(published: Need, sme_owner: User, colleague: User) -> None:
    last_day_in(published, -1)
    need_expire(need=published)
    notices.tell_of_expiry(published)
    assert told("expired") == [sme_owner]
