"""Posts to groups: the formats of WeCom and DingTalk against a receiver on this machine, and where none may go."""

import base64
import hashlib
import hmac
import socket
from collections.abc import Callable
from datetime import timedelta
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from django.conf import LazySettings
from django.core.exceptions import ValidationError

from apps.accounts.models import Organisation, OrganisationState, User
from apps.core import clock
from apps.core.errors import DomainError, NotAllowed
from apps.core.models import AuditEntry
from apps.notifications import outbound, tasks
from apps.notifications.models import Channel, Delivery, GroupPreference, GroupRobot, RobotKind
from apps.notifications.outbound import Undeliverable, post_json, validate_address
from apps.notifications.senders.group import LONGEST_POST_BYTES, signature
from apps.notifications.services import robot_remove, robot_save, robot_test
from tests.notifications.conftest import NIGHT, NOON, Receiver, make_due

pytestmark = pytest.mark.django_db
Tell = Callable[..., int]


def send_posts(moment: Any = NOON) -> None:
    Delivery.objects.filter(channel=Channel.EMAIL).delete()
    with clock.at(moment):
        for letter in make_due():
            tasks.send(letter)


def test_a_group_of_wecom_gets_a_text_with_a_link_to_the_page(
    tell: Tell, sme_owner: User, enterprise: Organisation, robot: GroupRobot, receiver: Receiver
) -> None:
    tell(sme_owner, organisation=enterprise)
    send_posts()
    ((path, body),) = receiver.got
    assert path == "/send?key=abcd-1234"
    assert body == {
        "msgtype": "text",
        "text": {
            "content": "【云端研发】“轧辊耐磨涂层”有新的回应\n\n胶州湾理工大学 接受了推荐\nhttp://127.0.0.1:8000/",
        },
    }
    assert Delivery.objects.get().state == "sent"


def test_a_group_of_dingtalk_gets_it_signed(
    tell: Tell, sme_owner: User, enterprise: Organisation, robot: GroupRobot, receiver: Receiver
) -> None:
    GroupRobot.objects.update(kind=RobotKind.DINGTALK, secret="SECabc")
    tell(sme_owner, organisation=enterprise)
    send_posts()
    query = parse_qs(urlsplit(receiver.got[0][0]).query)
    stamp = query["timestamp"][0]
    wanted = hmac.new(b"SECabc", f"{stamp}\nSECabc".encode(), hashlib.sha256).digest()
    assert base64.b64decode(query["sign"][0]) == wanted
    assert query["key"] == ["abcd-1234"]


def test_the_signature_is_that_of_the_published_formula() -> None:
    """Computed with openssl: printf '1700000000000\\nSECabc' | openssl dgst -sha256 -hmac SECabc -binary | base64."""
    assert signature("SECabc", "1700000000000") == (
        "timestamp=1700000000000&sign=jcUpW0QmtKduN03n4JqQ0PBosVjqnM8gU7fIIvsDmCM%3D"
    )


def test_a_post_is_in_the_language_of_the_group(
    tell: Tell, sme_owner: User, enterprise: Organisation, robot: GroupRobot, receiver: Receiver
) -> None:
    GroupRobot.objects.update(language="en")
    tell(sme_owner, organisation=enterprise, kind="tests.translated", params={})
    send_posts()
    assert "Needs board" in receiver.texts[0]


def test_a_digest_is_one_post_and_never_longer_than_the_group_takes(
    tell: Tell, sme_owner: User, enterprise: Organisation, robot: GroupRobot, receiver: Receiver
) -> None:
    for number in range(40):
        tell(sme_owner, organisation=enterprise, topic="proposals", event_key=str(number), by_name=False)
    send_posts()
    (text,) = receiver.texts
    assert text.startswith("【云端研发】今日汇总：40 条通知")
    assert text.endswith("更多内容请登录平台查看。")
    assert len(text.encode()) <= LONGEST_POST_BYTES


def test_a_group_sleeps_too(
    tell: Tell, sme_owner: User, enterprise: Organisation, robot: GroupRobot, receiver: Receiver
) -> None:
    tell(sme_owner, organisation=enterprise)
    send_posts(NIGHT)
    assert not receiver.got
    assert Delivery.objects.get().due_at == NIGHT.replace(hour=8, minute=0) + timedelta(days=1)


def test_a_group_gets_no_more_posts_a_minute_than_it_takes(
    tell: Tell, sme_owner: User, enterprise: Organisation, robot: GroupRobot, receiver: Receiver, settings: LazySettings
) -> None:
    settings.ROBOT_POSTS_PER_MINUTE = 2
    with clock.at(NOON):
        for number in range(3):
            tell(sme_owner, organisation=enterprise, event_key=str(number))
    send_posts()
    assert len(receiver.got) == 2
    waiting = Delivery.objects.get(state="due")
    assert (waiting.due_at, waiting.attempts) == (NOON + timedelta(minutes=1), 0)
    send_posts(NOON + timedelta(minutes=2))
    assert len(receiver.got) == 3


def test_what_the_owners_turned_off_meanwhile_is_not_posted(
    tell: Tell, sme_owner: User, enterprise: Organisation, robot: GroupRobot, receiver: Receiver
) -> None:
    tell(sme_owner, organisation=enterprise)
    GroupPreference.objects.create(robot=robot, topic="engagements", frequency="never")
    send_posts()
    assert not receiver.got
    assert Delivery.objects.get().state == "dropped"


@pytest.mark.parametrize(
    ("body", "status", "state"),
    [
        (b'{"errcode": 93000, "errmsg": "invalid webhook url"}', 200, "failed"),
        (b'{"errcode": -1, "errmsg": "system busy"}', 200, "due"),
        (b"{}", 200, "due"),
        (b"<html>", 200, "due"),
        (b"[" * 50_000, 200, "due"),
        (b"x" * 100_000, 200, "due"),
        (b"", 500, "due"),
        (b"", 404, "failed"),
    ],
)
def test_a_refusal_is_tried_again_only_where_there_is_hope(
    tell: Tell,
    sme_owner: User,
    enterprise: Organisation,
    robot: GroupRobot,
    receiver: Receiver,
    body: bytes,
    status: int,
    state: str,
) -> None:
    receiver.body, receiver.status = body, status
    tell(sme_owner, organisation=enterprise)
    send_posts()
    row = Delivery.objects.get()
    assert row.state == state
    assert row.error
    assert "abcd-1234" not in row.error


def test_a_redirect_is_not_followed(
    tell: Tell, sme_owner: User, enterprise: Organisation, robot: GroupRobot, receiver: Receiver
) -> None:
    receiver.status, receiver.headers = 307, {"Location": f"{receiver.origin}/inside"}
    tell(sme_owner, organisation=enterprise)
    send_posts()
    assert [path for path, _body in receiver.got] == ["/send?key=abcd-1234"]
    assert Delivery.objects.get().state == "failed"


# ---- Where no post may go ------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    "url",
    [
        "http://qyapi.weixin.qq.com/cgi-bin/webhook/send?key=1",
        "https://user:pass@qyapi.weixin.qq.com/send",
        "https://qyapi.weixin.qq.com:8443/send",
        "https://127.0.0.1/send",
        "https://127.1/send",
        "https://2130706433/send",
        "https://0x7f000001/send",
        "https://10.0.0.8/send",
        "https://169.254.169.254/latest/meta-data",
        "https://[::1]/send",
        "https://[::ffff:10.0.0.8]/send",
        "https://[64:ff9b::a00:8]/send",
        "https://[fd00::1]/send",
        "file:///etc/passwd",
        "ftp://qyapi.weixin.qq.com/",
        "https://",
        "https://[::1",
        "qyapi.weixin.qq.com/send",
        "https://qyapi.weixin.qq.com/ send",
        "https://qyapi.weixin.qq.com/send\r\nHost: inside",
        "https://企业微信.example/send",
    ],
)
def test_an_address_that_is_not_public_https_is_refused(url: str) -> None:
    with pytest.raises(ValidationError):
        validate_address(url)


@pytest.mark.parametrize(
    "url",
    [
        "https://qyapi.weixin.qq.com/cgi-bin/webhook/send?key=693a91f6-7xxx",
        "https://oapi.dingtalk.com/robot/send?access_token=abc",
        "https://oapi.dingtalk.com:443/robot/send?access_token=abc",
    ],
)
def test_the_addresses_of_wecom_and_dingtalk_are_taken(url: str) -> None:
    validate_address(url)


INSIDE = [
    *(["127.0.0.1"], ["10.1.2.3"], ["192.168.1.1"], ["169.254.169.254"], ["100.64.0.1"], ["0.0.0.0"], ["224.0.0.1"]),  # noqa: S104  (refused, not bound)
    *(["::1"], ["fe80::1%eth0"], ["::ffff:127.0.0.1"], ["64:ff9b::7f00:1"], ["2002:7f00:1::"], ["1.1.1.1", "10.0.0.1"]),
]


def resolve_to(monkeypatch: pytest.MonkeyPatch, *answers: list[str]) -> None:
    """Let names lead to the first answer, then to the next."""
    left = iter(answers)
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_a, **_k: [(2, 1, 6, "", (one, 443)) for one in next(left)])


@pytest.mark.parametrize("addresses", INSIDE, ids=lambda addresses: addresses[-1])
def test_a_name_that_leads_inside_is_not_called(monkeypatch: pytest.MonkeyPatch, addresses: list[str]) -> None:
    called: list[Any] = []
    resolve_to(monkeypatch, addresses)
    monkeypatch.setattr(socket, "create_connection", lambda *arguments, **_k: called.append(arguments))
    with pytest.raises(Undeliverable) as refusal:
        post_json("https://inside.example/send", {})
    assert refusal.value.is_final
    assert not called


def test_the_connection_goes_to_the_address_that_was_checked(monkeypatch: pytest.MonkeyPatch) -> None:
    """A name that resolves differently a moment later (DNS rebinding) gains nothing."""
    called: list[Any] = []

    def connect(address: tuple[str, int], *_arguments: Any, **_keywords: Any) -> socket.socket:
        called.append(address)
        raise ConnectionRefusedError

    resolve_to(monkeypatch, ["93.184.216.34"], ["127.0.0.1"])
    monkeypatch.setattr(socket, "create_connection", connect)
    with pytest.raises(Undeliverable) as refusal:
        post_json("https://rebinding.example/send", {})
    assert called == [("93.184.216.34", 443)]
    assert not refusal.value.is_final


def test_a_name_that_does_not_exist_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    def unknown(*_arguments: Any, **_keywords: Any) -> None:
        raise socket.gaierror

    monkeypatch.setattr(socket, "getaddrinfo", unknown)
    with pytest.raises(Undeliverable, match="域名"):
        post_json("https://nowhere.example/send", {})


def test_only_the_named_origin_is_trusted(receiver: Receiver) -> None:
    validate_address(f"{receiver.origin}/send")
    with pytest.raises(ValidationError):
        validate_address("http://127.0.0.1:1/send")


def test_an_answer_in_drops_ends(receiver: Receiver, robot: GroupRobot, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(outbound, "WHOLE_SECONDS", 0.2)
    receiver.seconds_between_bytes = 0.05
    with pytest.raises(Undeliverable):
        post_json(robot.url, {})


# ---- Who may connect a group ---------------------------------------------------------------------------------------
def fields(**changes: str) -> dict[str, Any]:
    return {
        "kind": "wecom",
        "url": "https://qyapi.weixin.qq.com/cgi-bin/webhook/send?key=abcdef",
        "secret": "",
    } | changes


def test_owners_connect_their_group_and_the_audit_trail_keeps_no_address(
    enterprise: Organisation, sme_owner: User
) -> None:
    robot_save(organisation=enterprise, by=sme_owner, fields=fields(), frequencies={"contracts": "weekly"})
    robot = GroupRobot.objects.get()
    assert robot.preferences.get().frequency == "weekly"
    entry = AuditEntry.objects.get(action="robot.saved")
    assert "abcdef" not in str(entry.changes)


def test_an_empty_address_keeps_the_one_that_is_there(enterprise: Organisation, sme_owner: User) -> None:
    robot_save(organisation=enterprise, by=sme_owner, fields=fields(secret="SECx"), frequencies={})
    robot_save(organisation=enterprise, by=sme_owner, fields=fields(url="", secret=""), frequencies={})
    robot = GroupRobot.objects.get()
    assert (robot.url[-6:], robot.secret) == ("abcdef", "SECx")
    robot_save(organisation=enterprise, by=sme_owner, fields=fields(secret=""), frequencies={})
    assert not GroupRobot.objects.get().secret


def test_another_tool_needs_another_address(enterprise: Organisation, sme_owner: User) -> None:
    robot_save(organisation=enterprise, by=sme_owner, fields=fields(), frequencies={})
    with pytest.raises(ValidationError, match="换了群聊工具"):
        robot_save(organisation=enterprise, by=sme_owner, fields=fields(url="", kind="dingtalk"), frequencies={})


def test_an_inside_address_is_told_beside_its_field(enterprise: Organisation, sme_owner: User) -> None:
    with pytest.raises(ValidationError) as refusal:
        robot_save(organisation=enterprise, by=sme_owner, fields=fields(url="https://10.0.0.8/"), frequencies={})
    assert list(refusal.value.message_dict) == ["url"]
    assert not GroupRobot.objects.exists()


@pytest.mark.parametrize("role", ["colleague", "stranger", "professor", "broker", "reviewer", "administrator"])
def test_nobody_else_touches_the_robot(
    request: pytest.FixtureRequest, enterprise: Organisation, sme_owner: User, robot: GroupRobot, role: str
) -> None:
    person = request.getfixturevalue(role)
    with pytest.raises(NotAllowed):
        robot_save(organisation=enterprise, by=person, fields=fields(), frequencies={})
    with pytest.raises(NotAllowed):
        robot_test(robot=robot, by=person)
    with pytest.raises(NotAllowed):
        robot_remove(robot=robot, by=person)


def test_an_organisation_that_is_not_verified_has_no_robot(enterprise: Organisation, sme_owner: User) -> None:
    Organisation.objects.filter(pk=enterprise.pk).update(state=OrganisationState.PENDING)
    enterprise.refresh_from_db()
    with pytest.raises(NotAllowed):
        robot_save(organisation=enterprise, by=sme_owner, fields=fields(), frequencies={})


def test_a_test_message_arrives_and_its_failure_is_told(sme_owner: User, robot: GroupRobot, receiver: Receiver) -> None:
    robot_test(robot=robot, by=sme_owner)
    assert receiver.texts == ["【云端研发】这是一条测试消息。“青岛海岚精工有限公司”的通知会发到这个群。"]
    receiver.body = b'{"errcode": 310000}'
    with pytest.raises(DomainError, match="310000"):
        robot_test(robot=robot, by=sme_owner)


def test_testing_has_an_end(sme_owner: User, robot: GroupRobot, receiver: Receiver) -> None:
    for _ in range(10):
        robot_test(robot=robot, by=sme_owner)
    with pytest.raises(DomainError, match="一小时"):
        robot_test(robot=robot, by=sme_owner)
    assert len(receiver.got) == 10
