"""Verifying organisations, changing them, and who sees them."""

import re
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.core import mail
from django.test import Client

from apps.accounts.models import Membership, MembershipRole, Organisation, OrganisationState, User
from apps.accounts.services import (
    member_make_owner,
    member_remove,
    organisation_reject,
    organisation_update,
    organisation_verify,
)
from apps.accounts.signals import organisation_verified
from apps.core.errors import DomainError, NotAllowed, StateConflict
from apps.core.models import AuditEntry

ClientOf = Callable[[User], Client]
CODE = "91370203MA3D5QTE2X"


@pytest.fixture
def pending(sme_owner: User, enterprise: Organisation) -> Organisation:
    Organisation.objects.filter(pk=enterprise.pk).update(
        state=OrganisationState.PENDING, credit_code=CODE, verified_at=None
    )
    enterprise.refresh_from_db()
    return enterprise


@pytest.fixture
def heard() -> Iterator[list[dict[str, Any]]]:
    """What receivers of organisation_verified were told."""
    told: list[dict[str, Any]] = []

    def listen(sender: object, **news: Any) -> None:
        told.append(news)

    organisation_verified.connect(listen)
    yield told
    organisation_verified.disconnect(listen)


def test_a_reviewer_verifies_and_the_signal_tells_it(
    pending: Organisation,
    reviewer: User,
    heard: list[dict[str, Any]],
    django_capture_on_commit_callbacks: Any,
) -> None:
    with django_capture_on_commit_callbacks(execute=True):
        organisation_verify(organisation=pending, by=reviewer)
    pending.refresh_from_db()
    assert pending.state == OrganisationState.VERIFIED
    assert pending.verified_by == reviewer
    assert [(news["organisation"], news["by"]) for news in heard] == [(pending, reviewer)]
    assert AuditEntry.objects.filter(action="organisation.verified", object_id=pending.pk, actor=reviewer).exists()
    assert "已通过核验" in mail.outbox[0].subject


def test_two_reviewers_verify_once(
    pending: Organisation, reviewer: User, administrator: User, heard: list[dict[str, Any]]
) -> None:
    same = Organisation.objects.get(pk=pending.pk)
    organisation_verify(organisation=pending, by=reviewer)
    with pytest.raises(StateConflict):
        organisation_verify(organisation=same, by=administrator)
    assert len(heard) == 1


def test_only_reviewers_verify(
    pending: Organisation, sme_owner: User, broker: User, professor: User, stranger: User
) -> None:
    for person in (sme_owner, broker, professor, stranger):
        with pytest.raises(NotAllowed):
            organisation_verify(organisation=pending, by=person)
        with pytest.raises(NotAllowed):
            organisation_reject(organisation=pending, by=person, reason="不行")
    pending.refresh_from_db()
    assert pending.state == OrganisationState.PENDING


def test_nobody_verifies_their_own_organisation(pending: Organisation, sme_owner: User) -> None:
    sme_owner.platform_role = "reviewer"
    sme_owner.save()
    with pytest.raises(NotAllowed, match="自己所在的机构"):
        organisation_verify(organisation=pending, by=sme_owner)


def test_without_a_code_nothing_is_verified(pending: Organisation, reviewer: User) -> None:
    Organisation.objects.filter(pk=pending.pk).update(credit_code=None)
    pending.refresh_from_db()
    with pytest.raises(DomainError, match="统一社会信用代码"):
        organisation_verify(organisation=pending, by=reviewer)


def test_a_rejection_needs_a_reason_and_reaches_the_owner(
    pending: Organisation, reviewer: User, django_capture_on_commit_callbacks: Any
) -> None:
    with pytest.raises(DomainError, match="原因"):
        organisation_reject(organisation=pending, by=reviewer, reason="  ")
    with django_capture_on_commit_callbacks(execute=True):
        organisation_reject(organisation=pending, by=reviewer, reason="名称与执照不符。")
    assert "名称与执照不符" in mail.outbox[0].body


def test_a_rejected_organisation_that_is_mended_waits_again(
    pending: Organisation, reviewer: User, sme_owner: User, client_of: ClientOf
) -> None:
    organisation_reject(organisation=pending, by=reviewer, reason="名称与执照不符。")
    page = client_of(sme_owner).get("/accounts/organisation/").content.decode()
    assert "名称与执照不符" in page
    data = {
        "organisation-kind": "enterprise",
        "organisation-name": "青岛海岚精密工业有限公司",
        "organisation-credit_code": CODE,
        "organisation-district": "",
        "organisation-seen": 1,
    }
    client_of(sme_owner).post("/accounts/organisation/identity/", data)
    pending.refresh_from_db()
    assert (pending.state, pending.name) == (OrganisationState.PENDING, "青岛海岚精密工业有限公司")


def test_name_and_code_of_a_verified_organisation_cannot_be_changed(enterprise: Organisation, sme_owner: User) -> None:
    for fields in ({"name": "别的公司"}, {"credit_code": CODE}, {"kind": "university"}):
        with pytest.raises(NotAllowed, match="已通过核验"):
            organisation_update(organisation=enterprise, by=sme_owner, seen=1, fields=fields)


def test_an_owner_changes_the_description_and_the_change_is_on_record(
    enterprise: Organisation, sme_owner: User, client_of: ClientOf
) -> None:
    data = {"short_name": "海岚", "district": "", "description": "专做轧辊修复。", "seen": 1}
    client_of(sme_owner).post("/accounts/organisation/", data)
    enterprise.refresh_from_db()
    assert enterprise.description == "专做轧辊修复。"
    entry = AuditEntry.objects.get(action="organisation.updated")
    assert entry.changes["short_name"] == ["海岚精工", "海岚"]


def test_a_change_on_top_of_a_colleagues_is_shown_and_nothing_is_lost(
    enterprise: Organisation, sme_owner: User, client_of: ClientOf
) -> None:
    """Two tabs of one page: the second reads what the first saved, keeps what it typed, and may save that."""
    client, address = client_of(sme_owner), "/accounts/organisation/"
    assert 'name="seen" value="1"' in client.get(address).content.decode()
    client.post(address, {"short_name": "海岚", "description": "第一个标签页写的。", "seen": 1})
    late = {"short_name": "海岚", "description": "第二个标签页写的。", "seen": 1}
    page = client.post(address, late).content.decode()
    enterprise.refresh_from_db()
    assert (enterprise.description, enterprise.revision) == ("第一个标签页写的。", 2)
    assert "保存过同一份内容" in page
    assert "第一个标签页写的。" in page
    assert "第二个标签页写的。</textarea>" in page
    assert 'name="seen" value="2"' in page
    client.post(address, late | {"seen": 2})
    assert client.post(address, late | {"seen": 2}).status_code == 302  # the same form, sent twice
    enterprise.refresh_from_db()
    assert (enterprise.description, enterprise.revision) == ("第二个标签页写的。", 3)
    assert AuditEntry.objects.filter(action="organisation.updated").count() == 2


def test_what_is_to_be_verified_is_not_overwritten_either(
    pending: Organisation, sme_owner: User, client_of: ClientOf
) -> None:
    organisation_update(organisation=pending, by=sme_owner, seen=1, fields={"name": "青岛海岚精密工业有限公司"})
    late = {"kind": "enterprise", "name": "青岛海岚机械有限公司", "credit_code": CODE, "district": "", "seen": 1}
    data = {f"organisation-{name}": value for name, value in late.items()}
    page = client_of(sme_owner).post("/accounts/organisation/identity/", data).content.decode()
    pending.refresh_from_db()
    assert pending.name == "青岛海岚精密工业有限公司"
    assert "保存过同一份内容" in page
    assert 'value="青岛海岚机械有限公司"' in page
    assert 'name="organisation-seen" value="2"' in page


def test_what_is_asked_is_asked_once(pending: Organisation, sme_owner: User, client_of: ClientOf) -> None:
    page = client_of(sme_owner).get("/accounts/organisation/").content.decode()
    for name in ("kind", "name", "credit_code", "short_name", "district", "description"):
        assert len(set(re.findall(rf'id="(id_(?:organisation-)?{name})(?:_0)?"', page))) == 1, name


def test_a_member_who_is_no_owner_changes_nothing(
    enterprise: Organisation, colleague: User, client_of: ClientOf
) -> None:
    response = client_of(colleague).post("/accounts/organisation/", {"description": "改掉", "seen": 1})
    enterprise.refresh_from_db()
    assert response.status_code == 403
    assert enterprise.description == ""


def test_the_only_owner_reads_why_nobody_may_leave_instead_of_running_into_it(
    sme_owner: User, colleague: User, client_of: ClientOf
) -> None:
    def page(person: User) -> str:
        return client_of(person).get("/accounts/organisation/").content.decode()

    assert "确定退出这家机构吗" not in page(sme_owner)
    assert "机构至少需要一位负责人" in page(sme_owner)
    assert "确定退出这家机构吗" in page(colleague)


def test_what_is_done_to_a_member_begins_with_how_things_are_now(sme_owner: User, colleague: User) -> None:
    """Pages that were opened before: nobody becomes an owner after leaving, and the last owner stays."""
    seen = Membership.objects.get(user=colleague)
    member_make_owner(membership=seen, by=sme_owner)
    member_remove(membership=Membership.objects.get(user=sme_owner), by=sme_owner)
    assert seen.role == MembershipRole.MEMBER
    with pytest.raises(NotAllowed, match="至少需要一位负责人"):
        member_remove(membership=seen, by=User.objects.get(pk=colleague.pk))
    with pytest.raises(StateConflict, match="已经退出"):
        member_make_owner(membership=Membership(pk=0, organisation=seen.organisation, user=sme_owner), by=colleague)


def test_a_tier_that_is_not_offered_is_told(sme_owner: User, client_of: ClientOf) -> None:
    for wrong in ("0", "9" * 40, "无"):
        page = client_of(sme_owner).post("/accounts/organisation/", {"tiers": wrong}).content.decode()
        assert 'id="id_tiers_error"' in page


def test_too_long_a_description_is_told_and_kept(sme_owner: User, client_of: ClientOf) -> None:
    text = "长" * 2001
    page = client_of(sme_owner).post("/accounts/organisation/", {"description": text}).content.decode()
    assert text in page
    assert 'id="id_description_error"' in page


def test_a_verified_organisation_has_a_public_page_without_its_code(enterprise: Organisation, client: Client) -> None:
    Organisation.objects.filter(pk=enterprise.pk).update(credit_code=CODE)
    page = client.get(f"/accounts/organisations/{enterprise.public_id}/").content.decode()
    assert enterprise.name in page
    assert CODE not in page


def test_a_pending_organisation_is_seen_by_its_members_and_reviewers_only(
    pending: Organisation, sme_owner: User, reviewer: User, stranger: User, client_of: ClientOf
) -> None:
    url = f"/accounts/organisations/{pending.public_id}/"
    assert Client().get(url).status_code == 404
    assert client_of(stranger).get(url).status_code == 404
    assert client_of(sme_owner).get(url).status_code == 200
    assert client_of(reviewer).get(url).status_code == 200


def test_people_without_an_organisation_have_no_organisation_page(reviewer: User, client_of: ClientOf) -> None:
    assert client_of(reviewer).get("/accounts/organisation/").status_code == 404
