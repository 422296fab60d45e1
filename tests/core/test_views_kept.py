"""The trail of who saw what: one line for a look, never a page that fails for it."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import DatabaseError

from apps.accounts.models import Organisation, User
from apps.core import audit, clock
from apps.core.models import AccessEntry

pytestmark = pytest.mark.django_db


def test_of_a_page_only_the_first_look_of_a_day_is_kept(sme_owner: User, enterprise: Organisation) -> None:
    for _ in range(3):
        audit.record_view(enterprise, "contacts.seen", by=sme_owner, once_a_day=True)
    entry = AccessEntry.objects.get()
    assert (entry.actor, entry.object_public_id) == (sme_owner, enterprise.public_id)
    with clock.at(clock.now() + timedelta(days=1)):
        audit.record_view(enterprise, "contacts.seen", by=sme_owner, once_a_day=True)
    assert AccessEntry.objects.count() == 2


def test_each_download_is_kept(sme_owner: User, enterprise: Organisation) -> None:
    for _ in range(2):
        audit.record_view(enterprise, "file.downloaded", by=sme_owner, detail={"name": "图纸.pdf"})
    assert AccessEntry.objects.filter(detail__name="图纸.pdf").count() == 2


def test_a_trail_that_cannot_be_written_fails_no_page(
    sme_owner: User, enterprise: Organisation, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: Any, **__: Any) -> None:
        raise DatabaseError("disk full")

    monkeypatch.setattr(AccessEntry.objects, "bulk_create", broken)
    audit.record_view(enterprise, "contacts.seen", by=sme_owner)
    assert not AccessEntry.objects.exists()


def test_entries_are_neither_changed_nor_deleted(sme_owner: User, enterprise: Organisation) -> None:
    audit.record_view(enterprise, "contacts.seen", by=sme_owner)
    for act in (AccessEntry.objects.get().save, AccessEntry.objects.get().delete, AccessEntry.objects.all().delete):
        with pytest.raises(TypeError):
            act()
    with pytest.raises(TypeError):
        AccessEntry.objects.update(action="nothing.seen")


def test_old_views_are_pruned_in_pieces(sme_owner: User, enterprise: Organisation) -> None:
    with clock.at(clock.now() - timedelta(days=400)):
        audit.record_views([enterprise] * 3, "contacts.seen", by=sme_owner)
    audit.record_view(enterprise, "contacts.seen", by=sme_owner)
    before = clock.now() - timedelta(days=365)
    assert audit.views_prune(before=before, most=2) == 2
    assert audit.views_prune(before=before, most=2) == 1
    assert AccessEntry.objects.count() == 1


def test_what_no_database_can_keep_is_left_out(sme_owner: User) -> None:
    audit.record_view(None, "file.downloaded", by=sme_owner, detail={"name": "图\x00纸.pdf"})
    assert AccessEntry.objects.get().detail == {"name": "图纸.pdf"}
