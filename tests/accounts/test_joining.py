"""Asking to join an organisation that is registered already, and its owners' answers."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse

from apps.accounts.links import confirmation_token
from apps.accounts.models import JoinRequest, JoinState, Membership, MembershipRole, Organisation, User
from apps.accounts.selectors import requests_to_answer
from apps.accounts.services import (
    email_confirm,
    join_approve,
    join_ask,
    join_refuse,
    join_withdraw,
    member_make_owner,
    user_deactivate,
)
from apps.accounts.services.limits import SentTooOften
from apps.core import clock
from apps.core.errors import DomainError, NotAllowed, StateConflict
from apps.core.models import AuditEntry
from apps.notifications.models import Notification

ClientOf = Callable[[User], Client]
CODE = "91370200MA3C1XXW0E"


@pytest.fixture
def applicant(db: None) -> User:
    return User.objects.create_user(
        "applicant@hailan.example", "correct-horse-2026", name="吴芳", email_confirmed_at=clock.now()
    )


@pytest.fixture
def asked(applicant: User, sme_owner: User, enterprise: Organisation) -> JoinRequest:
    return join_ask(organisation=enterprise, by=applicant, note="工艺科，负责焊接。")


def kinds_told(person: User) -> list[str]:
    return list(Notification.objects.filter(recipient=person).values_list("kind", flat=True))


def test_the_owners_are_told_and_nobody_else(
    asked: JoinRequest, sme_owner: User, colleague: User, stranger: User
) -> None:
    assert kinds_told(sme_owner) == ["accounts.join_asked"]
    assert not kinds_told(colleague)
    assert not kinds_told(stranger)


def test_an_owner_lets_the_person_in_with_one_click(
    asked: JoinRequest, applicant: User, sme_owner: User, enterprise: Organisation, client_of: ClientOf
) -> None:
    client = client_of(sme_owner)
    page = client.get("/accounts/organisation/").content.decode()
    assert "吴芳" in page
    assert "工艺科，负责焊接。" in page
    client.post(f"/accounts/join/{asked.public_id}/approve/")
    membership = Membership.objects.get(user=applicant)
    assert (membership.organisation, membership.role) == (enterprise, MembershipRole.MEMBER)
    assert kinds_told(applicant) == ["accounts.join_approved"]
    assert AuditEntry.objects.filter(action="join.approved", actor=sme_owner).exists()
    assert "吴芳 申请" not in client.get("/accounts/organisation/").content.decode()


def test_who_is_refused_learns_nothing_of_the_members(
    asked: JoinRequest, applicant: User, sme_owner: User, colleague: User, client_of: ClientOf
) -> None:
    client = client_of(applicant)
    before = client.get("/accounts/join/").content.decode()
    client_of(sme_owner).post(f"/accounts/join/{asked.public_id}/refuse/")
    after = client.get("/accounts/join/").content.decode()
    told = Notification.objects.get(recipient=applicant)
    assert "没有同意" in after
    for text in (before, after, str(told.text), str(told.parameters)):
        for secret in (sme_owner.name, sme_owner.email, colleague.name, colleague.email):
            assert secret not in text


def test_only_its_owners_answer(
    asked: JoinRequest, colleague: User, stranger: User, administrator: User, applicant: User, client_of: ClientOf
) -> None:
    for person in (colleague, stranger, administrator, applicant):
        with pytest.raises(NotAllowed):
            join_approve(request=asked, by=person)
        with pytest.raises(NotAllowed):
            join_refuse(request=asked, by=person)
    assert client_of(colleague).post(f"/accounts/join/{asked.public_id}/approve/").status_code == 403
    assert client_of(stranger).post(f"/accounts/join/{asked.public_id}/approve/").status_code == 404
    assert "吴芳" not in client_of(colleague).get("/accounts/organisation/").content.decode()


def test_an_answer_is_given_once(asked: JoinRequest, sme_owner: User) -> None:
    join_refuse(request=asked, by=sme_owner)
    with pytest.raises(StateConflict):
        join_approve(request=asked, by=sme_owner)
    assert not Membership.objects.filter(user=asked.person).exists()


def test_owners_hear_of_it_once_the_address_is_confirmed(
    applicant: User, sme_owner: User, enterprise: Organisation
) -> None:
    User.objects.filter(pk=applicant.pk).update(email_confirmed_at=None)
    applicant.refresh_from_db()
    asked = join_ask(organisation=enterprise, by=applicant)
    assert not kinds_told(sme_owner)
    assert not requests_to_answer(enterprise).exists()
    with pytest.raises(DomainError, match="没有确认邮箱"):
        join_approve(request=asked, by=sme_owner)
    email_confirm(token=confirmation_token(applicant))
    assert kinds_told(sme_owner) == ["accounts.join_asked"]
    assert list(requests_to_answer(enterprise)) == [asked]


def test_one_request_waits_at_a_time(
    asked: JoinRequest, applicant: User, other_enterprise: Organisation, client_of: ClientOf
) -> None:
    with pytest.raises(DomainError, match="先撤回"):
        join_ask(organisation=other_enterprise, by=applicant)
    client_of(applicant).post(f"/accounts/join/{asked.public_id}/withdraw/")
    asked.refresh_from_db()
    assert asked.state == JoinState.WITHDRAWN
    assert join_ask(organisation=other_enterprise, by=applicant).state == JoinState.WAITING


def test_nobody_withdraws_for_another(asked: JoinRequest, stranger: User, client_of: ClientOf) -> None:
    assert client_of(stranger).post(f"/accounts/join/{asked.public_id}/withdraw/").status_code == 404
    with pytest.raises(NotAllowed):
        join_withdraw(request=asked, by=stranger)


def test_three_requests_a_day_are_enough(
    applicant: User, enterprise: Organisation, other_enterprise: Organisation
) -> None:
    for number in range(3):
        target = (enterprise, other_enterprise)[number % 2]
        join_withdraw(request=join_ask(organisation=target, by=applicant), by=applicant)
    with pytest.raises(SentTooOften, match="明天"):
        join_ask(organisation=enterprise, by=applicant)
    with clock.at(clock.now() + timedelta(days=1, minutes=1)):
        join_ask(organisation=enterprise, by=applicant)


def test_a_refusal_holds_for_seven_days(asked: JoinRequest, applicant: User, sme_owner: User) -> None:
    join_refuse(request=asked, by=sme_owner)
    with pytest.raises(DomainError, match="7 天"):
        join_ask(organisation=asked.organisation, by=applicant)
    with clock.at(clock.now() + timedelta(days=7, minutes=1)):
        join_ask(organisation=asked.organisation, by=applicant)


def test_members_of_an_organisation_ask_no_other(colleague: User, other_enterprise: Organisation) -> None:
    with pytest.raises(DomainError, match="已属于一家机构"):
        join_ask(organisation=other_enterprise, by=colleague)


def test_what_was_asked_lapses_with_the_account(asked: JoinRequest, applicant: User, sme_owner: User) -> None:
    user_deactivate(user=applicant, by=applicant)
    asked.refresh_from_db()
    assert asked.state == JoinState.LAPSED
    with pytest.raises(StateConflict):
        join_approve(request=asked, by=sme_owner)


def test_each_of_two_owners_is_asked(
    colleague: User, sme_owner: User, applicant: User, enterprise: Organisation
) -> None:
    member_make_owner(membership=colleague.membership, by=sme_owner)
    join_ask(organisation=enterprise, by=applicant)
    assert kinds_told(colleague)[-1] == kinds_told(sme_owner)[-1] == "accounts.join_asked"


def test_a_reviewer_answers_for_their_own_organisation_too(
    colleague: User, sme_owner: User, applicant: User, enterprise: Organisation, client_of: ClientOf
) -> None:
    """It has two members, and the request is still one."""
    User.objects.filter(pk=sme_owner.pk).update(platform_role="reviewer", covers_city=True)
    asked = join_ask(organisation=enterprise, by=applicant)
    url = reverse("accounts:join_approve", args=[asked.public_id])
    assert client_of(User.objects.get(pk=sme_owner.pk)).post(url).status_code == 302
    assert Membership.objects.get(user=applicant).organisation == enterprise


@pytest.mark.parametrize("typed", [CODE, "9137 0200 MA3C 1XXW 0E", "青岛海岚精工有限公司"])
def test_the_page_finds_the_organisation_by_code_or_full_name(
    typed: str, applicant: User, enterprise: Organisation, sme_owner: User, client_of: ClientOf
) -> None:
    Organisation.objects.filter(pk=enterprise.pk).update(credit_code=CODE)
    client_of(applicant).post("/accounts/join/", {"which": typed})
    assert JoinRequest.objects.get().organisation == enterprise


@pytest.mark.parametrize("typed", ["海岚", "青岛", "91370200MA3C0W8X00", "a\x00b"])
def test_the_page_lets_nobody_leaf_through_organisations(
    typed: str, applicant: User, enterprise: Organisation, client_of: ClientOf
) -> None:
    answer = client_of(applicant).post("/accounts/join/", {"which": typed})
    assert answer.status_code == 200
    assert "海岚精工有限公司" not in answer.content.decode()
    assert not JoinRequest.objects.exists()


def test_who_has_no_organisation_is_led_to_the_page(applicant: User, sme_owner: User, client_of: ClientOf) -> None:
    assert client_of(applicant).get("/accounts/organisation/")["Location"] == "/accounts/join/"
    assert client_of(sme_owner).get("/accounts/join/")["Location"] == "/accounts/organisation/"
    assert Client().get("/accounts/join/").status_code == 302


def test_signing_up_with_a_registered_organisation_offers_to_join_it(
    sign_up_data: dict[str, str], enterprise: Organisation, sme_owner: User
) -> None:
    Organisation.objects.filter(pk=enterprise.pk).update(credit_code=sign_up_data["organisation-credit_code"])
    client = Client()
    page = client.post("/accounts/sign-up/", sign_up_data).content.decode()
    assert "注册并申请加入" in page
    assert not User.objects.filter(email=sign_up_data["email"]).exists()
    answer = client.post("/accounts/sign-up/", sign_up_data | {"join": "1"}, follow=True)
    user = User.objects.get(email=sign_up_data["email"])
    asked = JoinRequest.objects.get()
    assert (asked.person, asked.organisation) == (user, enterprise)
    assert not Membership.objects.filter(user=user).exists()
    assert "请先确认邮箱" in answer.content.decode()


def test_signing_up_to_join_asks_for_a_whole_account(sign_up_data: dict[str, str], enterprise: Organisation) -> None:
    data = sign_up_data | {"organisation-name": enterprise.name, "join": "1", "password": "short"}
    answer = Client().post("/accounts/sign-up/", data)
    assert answer.status_code == 200
    assert not JoinRequest.objects.exists()
    assert not User.objects.filter(email=data["email"]).exists()


def test_asking_to_join_what_is_not_registered_registers_nothing_unasked(sign_up_data: dict[str, str]) -> None:
    answer = Client().post("/accounts/sign-up/", sign_up_data | {"organisation-name": "a\x00b", "join": "1"})
    assert answer.status_code == 200
    assert not Organisation.objects.exists()


def test_the_first_of_an_organisation_from_a_file_is_let_in_by_a_reviewer_and_owns_it(
    applicant: User, reviewer: User, other_enterprise: Organisation, sme_owner: User, client_of: ClientOf
) -> None:
    """Its code is taken, so that nobody could register it; whoever claims it is checked by the platform."""
    asked = join_ask(organisation=other_enterprise, by=applicant)
    page = client_of(reviewer).get("/accounts/claims/").content.decode()
    assert other_enterprise.name in page
    assert "认领机构" in client_of(reviewer).get("/").content.decode()
    for person in (sme_owner, applicant):
        assert client_of(person).get("/accounts/claims/").status_code == 403
        with pytest.raises(NotAllowed):
            join_approve(request=asked, by=person)
    client_of(reviewer).post(f"/accounts/join/{asked.public_id}/approve/")
    assert Membership.objects.get(user=applicant).role == MembershipRole.OWNER


def test_reviewers_answer_for_nobody_who_is_there(asked: JoinRequest, reviewer: User, client_of: ClientOf) -> None:
    with pytest.raises(NotAllowed):
        join_approve(request=asked, by=reviewer)
    assert client_of(reviewer).post(f"/accounts/join/{asked.public_id}/approve/").status_code == 404


def test_a_claim_is_answered_in_its_own_region(
    applicant: User, reviewer: User, other_enterprise: Organisation, client_of: ClientOf
) -> None:
    User.objects.filter(pk=reviewer.pk).update(covers_city=False)
    reviewer.refresh_from_db()
    asked = join_ask(organisation=other_enterprise, by=applicant)
    assert other_enterprise.name not in client_of(reviewer).get("/accounts/claims/").content.decode()
    with pytest.raises(NotAllowed):
        join_refuse(request=asked, by=reviewer)
