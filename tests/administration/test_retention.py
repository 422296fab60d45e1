"""What the platform forgets by itself: only what is old enough, in pieces, once a night."""

from datetime import timedelta
from typing import Any

import pytest
from axes.models import AccessLog
from django.contrib.sessions.models import Session

from apps.accounts.models import Organisation, User
from apps.administration import retention, tasks
from apps.administration.models import RetentionRun
from apps.administration.retention import (
    closed_accounts_forget,
    drafts_forget,
    retain_what_is_due,
    sign_ins_forget,
)
from apps.administration.services.erasure import can_be_forgotten
from apps.capabilities.models import Capability, CapabilityState
from apps.core import audit, clock
from apps.core.city_settings import city_setting_change
from apps.core.models import AccessEntry, AuditEntry
from apps.core.retention import RetentionRule, register_retention, registered_rules
from apps.needs.models import Need, NeedState
from apps.notifications.models import Notification
from tests.factories import make_capability, make_need, make_notification

pytestmark = pytest.mark.django_db


def test_old_drafts_go_and_everything_else_stays(enterprise: Organisation, taxonomy: None) -> None:
    old = clock.now() - timedelta(days=400)
    draft = make_need(organisation=enterprise, state=NeedState.DRAFT)
    submitted = make_need(organisation=enterprise, state=NeedState.DRAFT, submitted_at=old)
    published = make_need(organisation=enterprise)
    fresh = make_need(organisation=enterprise, state=NeedState.DRAFT)
    capability = make_capability(state=CapabilityState.DRAFT)
    Need.objects.exclude(pk=fresh.pk).update(updated_at=old)
    Capability.objects.update(updated_at=old)
    assert drafts_forget(clock.now() - timedelta(days=365), 500) == 2
    assert set(Need.objects.all()) == {submitted, published, fresh}
    assert not Capability.objects.filter(pk=capability.pk).exists()
    assert AuditEntry.objects.get(action="need.draft_forgotten").object_public_id == draft.public_id


def test_a_draft_that_somebody_takes_up_while_others_are_cleaned_stays(
    enterprise: Organisation, taxonomy: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    old = clock.now() - timedelta(days=400)
    first, edited, submitted = (make_need(organisation=enterprise, state=NeedState.DRAFT) for _n in range(3))
    Need.objects.update(updated_at=old)
    record = audit.record

    def meanwhile(row: Any, action: str, **values: Any) -> None:
        """While the first is deleted the others are not old drafts any more."""
        Need.objects.filter(pk=edited.pk).update(updated_at=clock.now())
        Need.objects.filter(pk=submitted.pk).update(state=NeedState.SUBMITTED)
        record(row, action, **values)

    monkeypatch.setattr(audit, "record", meanwhile)
    assert drafts_forget(clock.now() - timedelta(days=365), 500) == 1
    assert set(Need.objects.all()) == {edited, submitted}
    assert not Need.objects.filter(pk=first.pk).exists()


def test_a_closed_account_that_must_stay_holds_up_no_other(monkeypatch: pytest.MonkeyPatch) -> None:
    stays, *others = (User.objects.create_user(f"closed{n}@city.example", name=f"离职{n}") for n in range(3))
    with clock.at(clock.now() - timedelta(days=1200)):
        for person in (stays, *others):
            audit.record(person, "user.deactivated", by=None)
    User.objects.update(is_active=False)
    monkeypatch.setattr(retention, "can_be_forgotten", lambda person: person != stays and can_be_forgotten(person))
    before = clock.now() - timedelta(days=1095)
    assert [closed_accounts_forget(before, 500) for _n in range(3)] == [1, 1, 0]
    assert [person for person in User.objects.all() if not person.is_erased] == [stays]


def test_a_night_goes_over_every_rule_and_says_when(sme_owner: User, enterprise: Organisation) -> None:
    with clock.at(clock.now() - timedelta(days=800)):
        audit.record_view(enterprise, "contacts.seen", by=sme_owner)
    audit.record_view(enterprise, "contacts.seen", by=sme_owner)
    Session.objects.create(session_key="old", session_data="", expire_date=clock.now() - timedelta(days=3))
    done = retain_what_is_due()
    assert set(done) == {rule.key for rule in registered_rules()}
    assert (done["views"], done["sessions"]) == (1, 1)
    assert AccessEntry.objects.count() == 1
    run = RetentionRun.objects.get(rule="views")
    assert (run.deleted, run.deleted_in_all, run.is_complete) == (1, 1, True)
    assert retain_what_is_due() == {}
    with clock.at(clock.now() + timedelta(hours=30)):
        assert set(retain_what_is_due()) == set(done)


def test_a_run_that_was_cut_short_goes_on(
    sme_owner: User, enterprise: Organisation, monkeypatch: pytest.MonkeyPatch
) -> None:
    with clock.at(clock.now() - timedelta(days=800)):
        audit.record_views([enterprise] * 4, "contacts.seen", by=sme_owner)
    times = iter([0.0, 0.0, 99.0] * 100)
    monkeypatch.setattr(retention, "BATCH", 3)
    monkeypatch.setattr(retention, "monotonic", lambda: next(times))
    (rule,) = [rule for rule in registered_rules() if rule.key == "views"]
    monkeypatch.setattr(retention, "registered_rules", lambda: [rule])
    assert retain_what_is_due() == {"views": 3}
    assert not RetentionRun.objects.get().is_complete
    assert retain_what_is_due() == {"views": 1}


def test_the_city_sets_the_days(administrator: User, sme_owner: User, enterprise: Organisation) -> None:
    with clock.at(clock.now() - timedelta(days=300)):
        audit.record_view(enterprise, "contacts.seen", by=sme_owner)
    city_setting_change(key="retention.views", value="200", by=administrator)
    assert retain_what_is_due()["views"] == 1


def test_old_sign_ins_are_forgotten() -> None:
    for days in (10, 400):
        row = AccessLog.objects.create(username="a@b.example", ip_address="192.0.2.1", user_agent="", path_info="/")
        AccessLog.objects.filter(pk=row.pk).update(attempt_time=clock.now() - timedelta(days=days))
    assert sign_ins_forget(clock.now() - timedelta(days=180), 500) == 1
    assert AccessLog.objects.count() == 1


def test_the_tasks_may_run_twice(enterprise: Organisation) -> None:
    for _ in range(2):
        tasks.retain()
        tasks.settle_terms()
    assert RetentionRun.objects.filter(is_complete=True).count() == len(registered_rules())


def test_a_key_belongs_to_one_rule() -> None:
    rule = registered_rules()[0]
    register_retention(rule)
    with pytest.raises(ValueError, match=rule.key):
        register_retention(RetentionRule(rule.key, "", "", 30, lambda before, most: 0))


def test_notifications_that_nobody_read_are_forgotten_after_a_year(sme_owner: User) -> None:
    old, fresh, read = (make_notification(recipient=sme_owner) for _n in range(3))
    ago = clock.now() - timedelta(days=366)
    Notification.objects.filter(pk__in=(old.pk, read.pk)).update(told_at=ago)
    Notification.objects.filter(pk=read.pk).update(read_at=clock.now())
    (rule,) = [rule for rule in registered_rules() if rule.key == "unread_notifications"]
    assert rule.forget(rule.before(), 500) == 1
    assert set(Notification.objects.all()) == {fresh, read}
