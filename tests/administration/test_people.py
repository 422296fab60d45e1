"""Roles and regions of the platform's people, their accounts, and inviting them."""

from collections.abc import Callable
from typing import Any

import pytest
from django.core import mail
from django.core.exceptions import ValidationError
from django.test import Client
from django.urls import reverse

from apps.accounts.links import LinkExpired
from apps.accounts.models import PlatformRole, User
from apps.accounts.services import user_deactivate
from apps.administration.services.people import (
    Duty,
    person_close,
    person_invite,
    person_join,
    person_reopen,
    person_set_duty,
    state_of,
)
from apps.core.errors import DomainError, NotAllowed, StateConflict
from apps.core.models import AuditEntry
from apps.taxonomy.models import Term

pytestmark = pytest.mark.django_db
ClientOf = Callable[[User], Client]


@pytest.fixture
def district(taxonomy: None) -> Term:
    found = Term.objects.filter(vocabulary="district").first()
    assert found is not None
    return found


def set_duty(person: User, by: User, duty: Duty) -> None:
    person_set_duty(person=person, by=by, duty=duty, reason="轮岗", seen=state_of(person))


def test_a_person_gets_a_role_for_some_districts(administrator: User, stranger: User, district: Term) -> None:
    set_duty(stranger, administrator, Duty.of("reviewer", False, [district]))
    stranger.refresh_from_db()
    assert stranger.is_reviewer
    assert not stranger.covers_city
    assert list(stranger.districts.all()) == [district]
    entry = AuditEntry.objects.get(action="user.role_changed")
    assert entry.changes["role"] == ["", "reviewer"]
    assert entry.changes["reason"] == "轮岗"


def test_a_role_without_a_region_is_refused(district: Term) -> None:
    with pytest.raises(ValidationError):
        Duty.of("broker", False, [])
    assert Duty.of("broker", True, [district]).districts == ()


@pytest.mark.parametrize("role", ["reviewer", "broker", "sme_owner"])
def test_only_administrators_give_roles(role: str, request: pytest.FixtureRequest, stranger: User) -> None:
    with pytest.raises(NotAllowed):
        set_duty(stranger, request.getfixturevalue(role), Duty("administrator", True))
    stranger.refresh_from_db()
    assert not stranger.is_administrator


def test_nobody_takes_away_the_last_administrator(administrator: User) -> None:
    with pytest.raises(NotAllowed, match="至少需要一位管理员"):
        set_duty(administrator, administrator, Duty(""))
    with pytest.raises(NotAllowed, match="至少需要一位管理员"):
        user_deactivate(user=administrator, by=administrator)
    administrator.refresh_from_db()
    assert administrator.is_administrator


def test_with_a_second_administrator_the_first_may_go(administrator: User, stranger: User) -> None:
    set_duty(stranger, administrator, Duty("administrator", True))
    administrator.refresh_from_db()
    set_duty(administrator, User.objects.get(pk=stranger.pk), Duty(""))
    administrator.refresh_from_db()
    assert not administrator.is_administrator
    assert not administrator.is_staff


@pytest.mark.parametrize("role", ["reviewer", "broker", ""])
def test_who_administers_no_more_and_not_the_whole_city_is_shut_out_of_its_raw_data(
    role: str, administrator: User, stranger: User, district: Term
) -> None:
    set_duty(stranger, administrator, Duty("administrator", True))
    set_duty(User.objects.get(pk=stranger.pk), administrator, Duty.of(role, False, [district]))
    assert not User.objects.get(pk=stranger.pk).is_staff
    User.objects.filter(pk=stranger.pk).update(is_staff=True, is_superuser=True)
    set_duty(User.objects.get(pk=stranger.pk), administrator, Duty.of("reviewer", False, [district]))
    left = User.objects.get(pk=stranger.pk)
    assert (left.is_staff, left.is_superuser) == (False, False)


def test_a_reviewer_of_the_whole_city_keeps_the_raw_data_until_it_is_a_district(
    administrator: User, reviewer: User, stranger: User, district: Term
) -> None:
    User.objects.filter(pk=reviewer.pk).update(is_staff=True)
    set_duty(User.objects.get(pk=reviewer.pk), administrator, Duty("reviewer", True))
    assert User.objects.get(pk=reviewer.pk).is_staff
    set_duty(User.objects.get(pk=reviewer.pk), administrator, Duty.of("reviewer", False, [district]))
    assert not User.objects.get(pk=reviewer.pk).is_staff
    set_duty(stranger, administrator, Duty("reviewer", True))
    assert not User.objects.get(pk=stranger.pk).is_staff


def test_a_form_that_was_open_too_long_changes_nothing(administrator: User, stranger: User) -> None:
    seen = state_of(stranger)
    set_duty(stranger, administrator, Duty("broker", True))
    with pytest.raises(StateConflict):
        person_set_duty(person=stranger, by=administrator, duty=Duty("reviewer", True), reason="", seen=seen)


def test_an_account_is_closed_and_opened_again(administrator: User, colleague: User, sme_owner: User) -> None:
    person_close(person=colleague, by=administrator, reason="离职")
    assert not User.objects.get(pk=colleague.pk).is_active
    with pytest.raises(StateConflict):
        person_close(person=colleague, by=administrator, reason="离职")
    person_reopen(person=colleague, by=administrator)
    assert User.objects.get(pk=colleague.pk).is_active
    assert AuditEntry.objects.get(action="user.closed").changes == {"reason": "离职"}


def invited_token(by: User, duty: Duty, django_capture: Any) -> str:
    with django_capture(execute=True):
        person_invite(email="New@city.example", by=by, duty=duty)
    return mail.outbox[-1].body.split("/join/")[1].split("/")[0]


def test_an_invited_person_signs_up_with_the_role_and_the_link_works_once(
    administrator: User, district: Term, django_capture_on_commit_callbacks: Any
) -> None:
    token = invited_token(administrator, Duty("broker", False, (district,)), django_capture_on_commit_callbacks)
    person = person_join(token=token, name="新经纪", phone="13900000009", password="long-enough-2026")
    assert person.is_broker
    assert person.email == "new@city.example"
    assert person.email_confirmed_at is not None
    assert list(person.districts.all()) == [district]
    with pytest.raises(LinkExpired):
        person_join(token=token, name="又一个", phone="13900000009", password="long-enough-2026")


def test_the_invitation_of_a_former_administrator_is_void(
    administrator: User, stranger: User, django_capture_on_commit_callbacks: Any
) -> None:
    set_duty(stranger, administrator, Duty("administrator", True))
    second = User.objects.get(pk=stranger.pk)
    token = invited_token(second, Duty("administrator", True), django_capture_on_commit_callbacks)
    set_duty(second, administrator, Duty(""))
    with pytest.raises(LinkExpired):
        person_join(token=token, name="不速", phone="", password="long-enough-2026")


def test_who_has_an_account_is_not_invited(administrator: User, stranger: User) -> None:
    with pytest.raises(ValidationError, match="已有账号"):
        person_invite(email=stranger.email, by=administrator, duty=Duty("broker", True))


def test_the_page_of_an_invitation_makes_the_account(
    client: Client, administrator: User, django_capture_on_commit_callbacks: Any
) -> None:
    token = invited_token(administrator, Duty("reviewer", True), django_capture_on_commit_callbacks)
    url = reverse("office_join", args=[token])
    assert "new@city.example" in client.get(url).content.decode()
    sent = {"name": "新审核", "phone": "13900000008", "password": "long-enough-2026"}
    assert client.post(url, sent).status_code == 302
    assert User.objects.get(email="new@city.example").is_reviewer


def test_errors_stand_beside_the_field(administrator: User, stranger: User, client_of: ClientOf) -> None:
    page = client_of(administrator).post(
        reverse("office:person", args=[stranger.pk]), {"role": "broker", "seen": state_of(stranger)}
    )
    assert "请勾选“负责全市”，或选择负责的区市。" in page.content.decode()
    stranger.refresh_from_db()
    assert stranger.platform_role == PlatformRole.NONE


def test_people_are_found_by_name_organisation_and_role(
    administrator: User, sme_owner: User, stranger: User, broker: User, client_of: ClientOf
) -> None:
    client = client_of(administrator)

    def found(**query: str) -> set[str]:
        return {person.email for person in client.get(reverse("office:people"), query).context["page"]}

    assert found(q="陈立") == {sme_owner.email}
    assert found(q="石岭机械") == {stranger.email}
    assert found(role="broker") == {broker.email}
    assert administrator.email not in found(role="none")


def test_a_reopened_person_was_never_forgotten(administrator: User, stranger: User) -> None:
    User.objects.filter(pk=stranger.pk).update(email="abcd@erased.invalid", is_active=False)
    with pytest.raises(DomainError, match="不能恢复"):
        person_reopen(person=User.objects.get(pk=stranger.pk), by=administrator)


def test_of_two_who_give_a_role_the_second_is_told_and_loses_no_word(
    administrator: User, stranger: User, district: Term, client_of: ClientOf
) -> None:
    url, client = reverse("office:person", args=[stranger.pk]), client_of(administrator)
    opened = client.get(url).context["form"]["seen"].value()
    set_duty(stranger, administrator, Duty.of("broker", False, [district]))
    sent = {"role": "reviewer", "covers_city": "on", "reason": "接替老郑", "seen": opened}
    answer = client.post(url, sent)
    told = answer.content.decode()
    assert f"刚刚被他人修改，现在是“技术经纪人 · {district}”" in told
    assert "接替老郑" in told
    assert User.objects.get(pk=stranger.pk).is_broker
    again = client.post(url, sent | {"seen": answer.context["form"]["seen"].value()})
    assert again.status_code == 302
    assert User.objects.get(pk=stranger.pk).is_reviewer


def test_a_role_for_an_account_that_was_closed_meanwhile_is_refused_with_a_sentence(
    administrator: User, stranger: User, client_of: ClientOf, taxonomy: None
) -> None:
    url, client = reverse("office:person", args=[stranger.pk]), client_of(administrator)
    sent = {"role": "reviewer", "covers_city": "on", "seen": client.get(url).context["form"]["seen"].value()}
    person_close(person=stranger, by=administrator, reason="离职")
    page = client.post(url, sent, follow=True, headers={"Referer": f"http://testserver{url}"}).content.decode()
    assert "更新" in page
    assert User.objects.get(pk=stranger.pk).platform_role == ""
