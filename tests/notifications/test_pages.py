"""The inbox, the bell, the settings page and the way out of a topic; what strangers get."""

import re
from collections.abc import Callable
from datetime import time, timedelta
from typing import Any

import pytest
from django.conf import LazySettings
from django.core import signing
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from apps.accounts.links import CONFIRMATION_SALT, confirmation_token
from apps.accounts.models import Organisation, User
from apps.core import clock
from apps.core.models import AuditEntry
from apps.notifications.links import UNSUBSCRIBE_LIFETIME, unsubscribe_url
from apps.notifications.models import GroupRobot, Notification, Preference, Recipient
from apps.notifications.selectors import choices_of, unread_count
from apps.notifications.tasks import prune
from apps.notifications.topics import BY_CODE, TOPICS
from tests.factories import make_notification
from tests.notifications.conftest import NOON, Receiver

pytestmark = pytest.mark.django_db
ClientOf = Callable[[User], Client]
Tell = Callable[..., int]
INBOX, SETTINGS = "/notifications/", "/notifications/settings/"


def text_of(response: Any) -> str:
    return bytes(response.content).decode()


def chosen(**changes: Any) -> dict[str, Any]:
    """A complete settings form with the defaults, but for what is changed; False leaves a box empty."""
    data: dict[str, Any] = {f"email_{topic.code}": str(topic.email) for topic in TOPICS}
    data |= {f"site_{topic.code}": "on" for topic in TOPICS}
    data |= {"language": "zh-hans", "quiet_from": "22:00", "quiet_until": "08:00"} | changes
    return {name: value for name, value in data.items() if value is not False}


# ---- Inbox -----------------------------------------------------------------------------------------------------------
def test_an_empty_inbox_says_what_will_come(client_of: ClientOf, sme_owner: User) -> None:
    assert "还没有通知" in text_of(client_of(sme_owner).get(INBOX))


def test_the_inbox_shows_the_newest_first_with_links_that_open_the_page(
    client_of: ClientOf, tell: Tell, sme_owner: User
) -> None:
    with clock.at(NOON):
        tell(sme_owner, event_key="a", params={"need": "旧事", "who": ""})
    tell(sme_owner, event_key="b", params={"need": "新事", "who": ""}, url_name="notifications:settings")
    client = client_of(sme_owner)
    page = text_of(client.get(INBOX))
    assert page.index("新事") < page.index("旧事")
    link = re.findall(r'href="(/notifications/\w+/open/)"', page)[0]
    assert client.get(link)["Location"] == SETTINGS
    assert Notification.objects.get(event_key="b").read_at is not None
    assert Notification.objects.get(event_key="a").read_at is None


def test_the_inbox_is_narrowed_and_paged(client_of: ClientOf, sme_owner: User) -> None:
    for number in range(23):
        make_notification(recipient=sme_owner, topic="contracts" if number else "review")
    Notification.objects.filter(topic="contracts").earliest("pk").delete()
    Notification.objects.filter(pk=Notification.objects.filter(topic="contracts")[0].pk).update(read_at=timezone.now())
    client = client_of(sme_owner)

    def count(query: str) -> int:
        return text_of(client.get(INBOX + query)).count('class="row-card')

    assert [count(""), count("?page=2"), count("?topic=review"), count("?state=unread&page=2")] == [20, 2, 1, 1]
    assert count("?topic=nonsense&page=x") == 20
    Notification.objects.filter(topic="review").delete()
    assert "没有符合条件的通知" in text_of(client.get(INBOX + "?topic=review"))


def test_one_or_all_are_marked_read(client_of: ClientOf, sme_owner: User, colleague: User) -> None:
    rows = [make_notification(recipient=sme_owner, topic=topic) for topic in ("review", "review", "contracts")]
    theirs = make_notification(recipient=colleague)
    client = client_of(sme_owner)
    client.post(f"/notifications/{rows[0].public_id}/read/")
    assert unread_count(sme_owner) == 2
    client.post("/notifications/read/", {"topic": "review"})
    assert unread_count(sme_owner) == 1
    client.post("/notifications/read/")
    assert unread_count(sme_owner) == 0
    theirs.refresh_from_db()
    assert theirs.read_at is None


@pytest.mark.parametrize("query", ["", "?topic=review", "?page=2"])
def test_what_came_after_the_page_was_opened_stays_unread(client_of: ClientOf, sme_owner: User, query: str) -> None:
    for _number in range(21):
        make_notification(recipient=sme_owner, topic="review")
    client = client_of(sme_owner)
    page = text_of(client.get(INBOX + query))
    form = dict(re.findall(r'<input type="hidden" name="(topic|until)" value="([^"]*)"', page))
    late = make_notification(recipient=sme_owner, topic="review")
    client.post("/notifications/read/", form)
    assert list(Notification.objects.filter(read_at=None)) == [late]


def test_of_two_told_at_one_moment_only_the_shown_one_is_marked(client_of: ClientOf, sme_owner: User) -> None:
    shown, late = (make_notification(recipient=sme_owner, told_at=NOON) for _ in range(2))
    client_of(sme_owner).post("/notifications/read/", {"until": shown.public_id})
    assert list(Notification.objects.filter(read_at=None)) == [late]


@pytest.mark.parametrize("until", ["nosuchrow234", "\x00", "x" * 5000])
def test_marking_until_a_row_that_is_not_ones_own_marks_nothing(
    client_of: ClientOf, sme_owner: User, colleague: User, until: str
) -> None:
    make_notification(recipient=sme_owner)
    theirs = make_notification(recipient=colleague)
    for named in (until, theirs.public_id):
        assert client_of(sme_owner).post("/notifications/read/", {"until": named}).status_code == 404
    assert unread_count(sme_owner) == 1


def test_marking_one_answers_htmx_with_its_row_and_tells_the_bell(client_of: ClientOf, sme_owner: User) -> None:
    row = make_notification(recipient=sme_owner)
    answer = client_of(sme_owner).post(f"/notifications/{row.public_id}/read/", headers={"HX-Request": "true"})
    assert answer["HX-Trigger"] == "notificationsRead"
    assert text_of(answer).strip().startswith("<li")
    assert "未读" not in text_of(answer)


@pytest.mark.parametrize("role", ["colleague", "stranger", "broker", "administrator"])
def test_strangers_find_nothing(
    request: pytest.FixtureRequest, client_of: ClientOf, sme_owner: User, role: str
) -> None:
    row = make_notification(recipient=sme_owner, topic="contracts")
    client = client_of(request.getfixturevalue(role))
    assert client.get(f"/notifications/{row.public_id}/open/").status_code == 404
    assert client.post(f"/notifications/{row.public_id}/read/").status_code == 404
    assert row.public_id not in text_of(client.get(INBOX))
    row.refresh_from_db()
    assert row.read_at is None


def test_a_colleague_may_follow_a_forwarded_link_and_reads_for_nobody_else(
    client_of: ClientOf, sme_owner: User, colleague: User, stranger: User, enterprise: Organisation
) -> None:
    row = make_notification(recipient=sme_owner, organisation=enterprise)
    assert client_of(colleague).get(f"/notifications/{row.public_id}/open/")["Location"] == "/"
    assert client_of(stranger).get(f"/notifications/{row.public_id}/open/").status_code == 404
    row.refresh_from_db()
    assert row.read_at is None


def test_who_left_the_organisation_reads_no_more_of_it(
    client_of: ClientOf, sme_owner: User, enterprise: Organisation
) -> None:
    row = make_notification(recipient=sme_owner, organisation=enterprise)
    own = make_notification(recipient=sme_owner)
    sme_owner.membership.delete()
    user = User.objects.get(pk=sme_owner.pk)
    page = text_of(client_of(user).get(INBOX))
    assert own.public_id in page
    assert row.public_id not in page
    assert client_of(user).get(f"/notifications/{row.public_id}/open/").status_code == 404


def test_a_page_that_is_gone_is_told(client_of: ClientOf, sme_owner: User) -> None:
    row = make_notification(recipient=sme_owner, url_name="gone:page")
    page = client_of(sme_owner).get(f"/notifications/{row.public_id}/open/", follow=True)
    assert "已经不在了" in text_of(page)


@pytest.mark.parametrize("path", ["", "settings/", "abcdefghjkmn/open/"])
def test_a_visitor_signs_in_first(client: Client, path: str) -> None:
    answer = client.get(INBOX + path)
    assert answer.status_code == 302
    assert answer["Location"].startswith("/accounts/sign-in/?next=/notifications/")


def test_the_inbox_costs_the_same_however_full_it_is(
    client_of: ClientOf, sme_owner: User, django_assert_num_queries: Callable[..., Any]
) -> None:
    client = client_of(sme_owner)
    for _ in range(3):
        make_notification(recipient=sme_owner)
        with django_assert_num_queries(6):  # session, person with membership, number, unread, any, rows
            client.get(INBOX)


# ---- Bell ------------------------------------------------------------------------------------------------------------
def test_the_bell_counts_what_is_unread(client_of: ClientOf, sme_owner: User, tell: Tell) -> None:
    client = client_of(sme_owner)
    assert "bell-count" not in text_of(client.get("/notifications/bell/"))
    tell(sme_owner)
    assert re.search(r'bell-count"[^>]*>1<', text_of(client.get("/notifications/bell/")))
    rows = [Notification(recipient=sme_owner, topic="review", event_key=str(number)) for number in range(120)]
    Notification.objects.bulk_create(rows)
    assert re.search(r'bell-count"[^>]*>99\+<', text_of(client.get("/notifications/bell/")))


def test_the_bell_is_not_asked_again_at_once(client_of: ClientOf, sme_owner: User) -> None:
    """What the answer brings must not load itself anew, or it would without end."""
    client = client_of(sme_owner)
    assert 'hx-trigger="load, every' in text_of(client.get(INBOX))
    assert 'hx-trigger="every' in text_of(client.get("/notifications/bell/"))


def test_a_row_that_cannot_be_put_into_words_leaves_the_others(client_of: ClientOf, sme_owner: User) -> None:
    make_notification(recipient=sme_owner, kind="tests.accepted", parameters={})
    make_notification(recipient=sme_owner, kind="tests.accepted", parameters={"need": "轧辊", "who": ""})
    page = text_of(client_of(sme_owner).get(INBOX))
    assert "“轧辊”有新的回应" in page
    assert page.count('class="row-card') == 2


def test_the_bell_of_who_is_signed_out_stops_asking(client: Client) -> None:
    assert client.get("/notifications/bell/").status_code == 286


def test_every_page_has_the_bell_and_none_pays_for_its_count(
    client_of: ClientOf, client: Client, sme_owner: User
) -> None:
    assert 'hx-get="/notifications/bell/"' in text_of(client_of(sme_owner).get("/accounts/profile/"))
    assert "/notifications/bell/" not in text_of(client.get("/accounts/sign-in/"))


# ---- Settings --------------------------------------------------------------------------------------------------------
def test_choices_are_kept(client_of: ClientOf, sme_owner: User) -> None:
    client = client_of(sme_owner)
    client.post(SETTINGS, chosen(email_contracts="weekly", site_searches=False, quiet_from="20:30", language="en"))
    choices = choices_of(sme_owner)
    assert (choices["contracts"].email, choices["searches"].is_in_inbox) == ("weekly", False)
    assert choices["replies"].email == "at_once"
    terms = Recipient.objects.get(user=sme_owner)
    assert (terms.language, terms.quiet_from) == ("en", time(20, 30))
    page = text_of(client.get(SETTINGS))
    assert re.search(r'name="email_contracts".*?value="weekly" selected', page, re.DOTALL)
    assert AuditEntry.objects.filter(action="notifications.chosen", actor=sme_owner).exists()


@pytest.mark.parametrize("wrong", [{"email_contracts": "hourly"}, {"quiet_from": "25:00"}, {"language": "fr"}])
def test_wrong_choices_are_told_and_change_nothing(client_of: ClientOf, sme_owner: User, wrong: dict[str, str]) -> None:
    page = text_of(client_of(sme_owner).post(SETTINGS, chosen(**wrong)))
    assert "还有几处需要改一下" in page
    assert not Preference.objects.exists()


def test_each_person_chooses_for_themselves(client_of: ClientOf, sme_owner: User, colleague: User) -> None:
    client_of(sme_owner).post(SETTINGS, chosen(email_contracts="never"))
    assert choices_of(colleague)["contracts"].email == "at_once"


def test_who_never_confirmed_their_address_is_told_why_no_letter_comes(client_of: ClientOf, sme_owner: User) -> None:
    assert "还没有确认" not in text_of(client_of(sme_owner).get(SETTINGS))
    User.objects.update(email_confirmed_at=None)
    assert "还没有确认" in text_of(client_of(sme_owner).get(SETTINGS))


def robot_form(**changes: str) -> dict[str, str]:
    fields = {"kind": "wecom", "url": "https://qyapi.weixin.qq.com/cgi-bin/webhook/send?key=top-secret", "secret": ""}
    fields |= {"language": "zh-hans", "quiet_from": "22:00", "quiet_until": "08:00"}
    fields |= {f"group_{topic.code}": str(topic.group) for topic in TOPICS if topic.group}
    return {f"robot-{name}": value for name, value in (fields | changes).items()}


def test_an_owner_connects_tests_and_removes_the_group(
    client_of: ClientOf, sme_owner: User, receiver: Receiver, settings: LazySettings
) -> None:
    client = client_of(sme_owner)
    client.post(f"{SETTINGS}robot/", robot_form(url=f"{receiver.origin}/send?key=top-secret", group_contracts="daily"))
    page = text_of(client.get(SETTINGS))
    assert "top-secret" not in page
    assert "127.0.0.1/…cret" in page
    assert "测试消息已发出" in text_of(client.post(f"{SETTINGS}robot/test/", follow=True))
    assert len(receiver.got) == 1
    client.post(f"{SETTINGS}robot/remove/")
    assert not GroupRobot.objects.exists()


def test_a_wrong_address_is_told_beside_it(client_of: ClientOf, sme_owner: User) -> None:
    page = text_of(client_of(sme_owner).post(f"{SETTINGS}robot/", robot_form(url="https://10.0.0.8/send")))
    assert "只能填写公网地址" in page
    assert not GroupRobot.objects.exists()


@pytest.mark.parametrize("role", ["colleague", "stranger"])
def test_nobody_but_its_owners_changes_the_group(
    request: pytest.FixtureRequest, client_of: ClientOf, robot: GroupRobot, sme_owner: User, role: str
) -> None:
    client = client_of(request.getfixturevalue(role))
    answers = [client.post(f"{SETTINGS}robot/{path}", robot_form()).status_code for path in ("test/", "remove/")]
    assert answers == ([403, 403] if role == "colleague" else [404, 404])
    if role == "colleague":
        assert client.post(f"{SETTINGS}robot/", robot_form()).status_code == 403
        assert "只有本单位负责人可以设置群机器人" in text_of(client.get(SETTINGS))
    robot.refresh_from_db()
    assert robot.url.endswith("abcd-1234")


def test_staff_without_an_organisation_have_no_group(client_of: ClientOf, broker: User) -> None:
    client = client_of(broker)
    assert "群机器人" not in text_of(client.get(SETTINGS))
    assert client.post(f"{SETTINGS}robot/", robot_form()).status_code == 404


# ---- The way out -----------------------------------------------------------------------------------------------------
def way_out(user: User, *topics: str) -> str:
    return "/notifications/" + unsubscribe_url(user, [BY_CODE[topic] for topic in topics]).split("/notifications/")[1]


def test_one_click_ends_the_letters_of_one_topic(sme_owner: User) -> None:
    client = Client(enforce_csrf_checks=True)
    link = way_out(sme_owner, "proposals")
    assert "推荐" in text_of(client.get(link))
    assert not Preference.objects.exists()  # looking changes nothing
    answer = client.post(link, {"List-Unsubscribe": "One-Click"})
    assert (answer.status_code, "已退订" in text_of(answer)) == (200, True)
    choices = choices_of(sme_owner)
    assert {code for code, choice in choices.items() if choice.email == "never"} == {"proposals"}
    assert choices["proposals"].is_in_inbox
    assert client.post(link).status_code == 200  # twice is the same as once


def test_the_link_does_nothing_else(sme_owner: User, client: Client) -> None:
    link = way_out(sme_owner, "proposals")
    token = link.split("/")[-2]
    client.post(link)
    assert "_auth_user_id" not in client.session
    assert client.get(f"/accounts/email/confirm/{token}/").status_code == 302
    assert AuditEntry.objects.get(object_id=sme_owner.pk).action == "notifications.unsubscribed"


@pytest.mark.parametrize("token", ["confirmation", "forged", "cut", "nonsense"])
def test_no_other_token_unsubscribes(sme_owner: User, client: Client, token: str) -> None:
    tokens = {
        "confirmation": confirmation_token(sme_owner),
        "forged": signing.dumps({"user": sme_owner.pk, "topics": ["proposals"]}, salt=CONFIRMATION_SALT),
        "cut": way_out(sme_owner, "proposals").split("/")[-2][:-2],
        "nonsense": "abc",
    }
    for answer in (client.get(link := reverse("notifications:unsubscribe", args=[tokens[token]])), client.post(link)):
        assert answer.status_code == 410
        assert "退订链接已失效" in text_of(answer)
    assert not Preference.objects.exists()


def test_a_link_ends_with_its_time_and_with_the_account(
    sme_owner: User, client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    link = way_out(sme_owner, "proposals")
    with monkeypatch.context() as patched:
        late = timezone.now().timestamp() + UNSUBSCRIBE_LIFETIME.total_seconds() + 1
        patched.setattr("django.core.signing.time.time", lambda: late)
        assert client.get(link).status_code == 410
    assert client.get(link).status_code == 200
    User.objects.update(is_active=False)
    assert client.get(link).status_code == 410


def test_what_was_read_long_ago_is_forgotten(sme_owner: User, settings: LazySettings) -> None:
    now = timezone.now()
    kept = {make_notification(recipient=sme_owner, read_at=now - timedelta(days=days)) for days in (1, 179)}
    kept.add(make_notification(recipient=sme_owner))
    make_notification(recipient=sme_owner, read_at=now - timedelta(days=181))
    prune()
    assert set(Notification.objects.all()) == kept
