"""Signing up, and confirming the address."""

import re
from datetime import timedelta
from typing import Any

import pytest
from django.core import mail
from django.test import Client

from apps.accounts.models import MembershipRole, Organisation, OrganisationState, User
from apps.accounts.services import user_sign_up
from apps.core import clock
from apps.core.errors import StateConflict
from apps.core.models import AuditEntry

SIGN_UP = "/accounts/sign-up/"


def link_in(message: Any) -> str:
    found = re.search(r"https?://[^/]+(/\S+)", message.body)
    assert found
    return found.group(1)


@pytest.fixture
def newcomer(client: Client, sign_up_data: dict[str, str], django_capture_on_commit_callbacks: Any) -> User:
    """Somebody who has just signed up in `client`."""
    with django_capture_on_commit_callbacks(execute=True):
        response = client.post(SIGN_UP, sign_up_data)
    assert response.status_code == 302
    return User.objects.get(email="new@pump.example")


def test_the_first_person_owns_a_pending_organisation(newcomer: User) -> None:
    organisation = Organisation.objects.get(credit_code="91370200MA3C1XXW0E")
    assert organisation.state == OrganisationState.PENDING
    assert newcomer.membership.organisation == organisation
    assert newcomer.membership.role == MembershipRole.OWNER
    assert newcomer.email_confirmed_at is None
    assert AuditEntry.objects.filter(action="organisation.registered", actor=newcomer).exists()


def test_somebody_who_signed_up_is_signed_in(newcomer: User, client: Client) -> None:
    assert client.get("/accounts/profile/").status_code == 200


def test_the_link_in_the_mail_confirms_the_address(newcomer: User, client: Client) -> None:
    response = client.get(link_in(mail.outbox[0]), follow=True)
    newcomer.refresh_from_db()
    assert newcomer.email_confirmed_at is not None
    assert "邮箱已确认" in response.content.decode()


def test_following_the_link_twice_is_harmless(newcomer: User, client: Client) -> None:
    link = link_in(mail.outbox[0])
    client.get(link)
    newcomer.refresh_from_db()
    first = newcomer.email_confirmed_at
    assert client.get(link).status_code == 302
    newcomer.refresh_from_db()
    assert newcomer.email_confirmed_at == first


def test_a_link_confirms_only_the_address_it_was_sent_to(newcomer: User, client: Client) -> None:
    User.objects.filter(pk=newcomer.pk).update(email="changed@pump.example")
    response = client.get(link_in(mail.outbox[0]), follow=True)
    newcomer.refresh_from_db()
    assert newcomer.email_confirmed_at is None
    assert "链接已失效" in response.content.decode()


def test_a_changed_link_is_refused_kindly(newcomer: User, client: Client) -> None:
    response = client.get(link_in(mail.outbox[0])[:-3] + "aa/", follow=True)
    assert "链接已失效" in response.content.decode()


def test_the_mail_can_be_sent_again_but_not_without_end(
    newcomer: User, client: Client, django_capture_on_commit_callbacks: Any
) -> None:
    with django_capture_on_commit_callbacks(execute=True):
        for _attempt in range(4):
            last = client.post("/accounts/email/resend/", follow=True)
    assert len(mail.outbox) == 3
    assert "请稍后再试" in last.content.decode()


def test_after_a_while_the_mail_can_be_sent_again(
    newcomer: User, client: Client, django_capture_on_commit_callbacks: Any
) -> None:
    for _attempt in range(2):
        client.post("/accounts/email/resend/")
    with clock.at(clock.now() + timedelta(minutes=11)), django_capture_on_commit_callbacks(execute=True):
        client.post("/accounts/email/resend/")
    assert len(mail.outbox) == 2


@pytest.mark.parametrize(
    ("field", "value", "sentence"),
    [
        ("email", "not-an-address", "邮箱格式"),
        ("name", "", "必填"),
        ("name", "孙\x00浩", "无法保存"),
        ("name", "孙\x07浩", "控制字符"),
        ("phone", "abc", "手机号或座机号"),
        ("password", "12345678", "密码"),
        ("organisation-kind", "government", "不在可选范围"),
        ("organisation-name", "", "必填"),
        ("organisation-name", "泵" * 101, "100"),
        ("organisation-credit_code", "91370200MA3C1XXW0X", "统一社会信用代码不正确"),
        ("organisation-credit_code", "", "必填"),
        ("organisation-district", "999999", "不可用"),
    ],
)
def test_a_wrong_field_is_told_beside_the_field_and_nothing_is_lost(
    client: Client, sign_up_data: dict[str, str], field: str, value: str, sentence: str
) -> None:
    response = client.post(SIGN_UP, sign_up_data | {field: value})
    page = response.content.decode()
    assert response.status_code == 200
    assert re.search(rf'id="id_{field}_error">.*?{sentence}', page, re.DOTALL)
    kept = "青岛临港泵业有限公司" if field != "organisation-name" else "孙浩"
    assert kept in page
    assert not User.objects.filter(email="new@pump.example").exists()
    assert not Organisation.objects.filter(credit_code="91370200MA3C1XXW0E").exists()


def test_an_organisation_registered_already_asks_for_an_invitation(
    newcomer: User, sign_up_data: dict[str, str]
) -> None:
    again = sign_up_data | {"email": "second@pump.example", "organisation-credit_code": "91370203MA3D5QTE2X"}
    page = Client().post(SIGN_UP, again).content.decode()
    assert "该机构已登记" in page
    same_code = again | {"organisation-name": "另一家公司", "organisation-credit_code": "91370200MA3C1XXW0E"}
    assert "已登记" in Client().post(SIGN_UP, same_code).content.decode()
    assert User.objects.filter(email="second@pump.example").count() == 0


def test_of_two_who_register_at_once_the_second_is_told(newcomer: User) -> None:
    same_name = Organisation(kind="enterprise", name="另一家公司", credit_code="91370203MA3D5QTE2X")
    details = {"name": "孙浩", "phone": "13900000009", "password": "blue-valve-2026"}
    with pytest.raises(StateConflict, match="请直接登录"):
        user_sign_up(email=newcomer.email, organisation=same_name, **details)
    assert not Organisation.objects.filter(name="另一家公司").exists()


def test_the_code_may_be_typed_as_people_copy_it(client: Client, sign_up_data: dict[str, str]) -> None:
    client.post(SIGN_UP, sign_up_data | {"organisation-credit_code": " 91370200 ma3c1xxｗ０e "})
    assert Organisation.objects.filter(credit_code="91370200MA3C1XXW0E").exists()


def test_the_same_address_in_capitals_is_the_same_address(newcomer: User, sign_up_data: dict[str, str]) -> None:
    again = sign_up_data | {
        "email": "NEW@Pump.Example",
        "organisation-name": "另一家公司",
        "organisation-credit_code": "91370203MA3D5QTE2X",
    }
    assert "该邮箱已注册" in Client().post(SIGN_UP, again).content.decode()
    assert User.objects.filter(email="new@pump.example").count() == 1
