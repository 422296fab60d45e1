"""The office for programs: what it answers, what it refuses, and that it is the pages' own rules that refuse."""

import json
from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.core.cache import cache
from django.test import Client

from apps.accounts.models import User
from apps.administration.models import Announcement
from apps.administration.services.erasure import erasure_ask
from apps.core import audit, clock
from apps.core.city_settings import city_value
from apps.core.models import AuditEntry
from apps.core.switches import is_on
from apps.taxonomy.models import Term

pytestmark = pytest.mark.django_db
ROOT = "/api/v1/office/"


@pytest.fixture(autouse=True)
def no_limits(settings: Any) -> Iterator[None]:
    settings.CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}
    cache.clear()
    yield
    cache.clear()


@pytest.fixture
def office(administrator: User, client_of: Callable[[User], Client], taxonomy: None) -> Callable[..., Any]:
    """A call of the administrator's program: the answer's status and body."""
    client = client_of(administrator)

    def call(method: str, path: str, body: Any = None) -> tuple[int, Any]:
        answer = client.generic(method, ROOT + path, *_encoded(body))
        return answer.status_code, answer.json() if answer.content else None

    return call


def _encoded(body: Any) -> tuple[Any, ...]:
    return (json.dumps(body).encode(), "application/json") if body is not None else ()


def test_a_role_is_given_for_a_district_and_only_to_who_was_read_before(
    office: Callable[..., Any], stranger: User
) -> None:
    _code, shown = office("GET", f"people/{stranger.pk}/")
    district = Term.objects.filter(vocabulary="district")[0]
    body = {"role": "reviewer", "districts": [district.code], "reason": "轮岗", "seen": shown["seen"]}
    code, now = office("PATCH", f"people/{stranger.pk}/", body)
    assert (code, now["platform_role"], [term["code"] for term in now["districts"]]) == (
        200,
        "reviewer",
        [district.code],
    )
    code, told = office("PATCH", f"people/{stranger.pk}/", body)
    assert (code, "更新" in told["detail"]) == (409, True)
    code, told = office("PATCH", f"people/{stranger.pk}/", {"role": "broker", "seen": now["seen"]})
    assert (code, list(told)) == (400, ["districts"])


def test_the_last_administrator_is_kept_here_too(office: Callable[..., Any], administrator: User) -> None:
    _code, shown = office("GET", f"people/{administrator.pk}/")
    code, told = office("PATCH", f"people/{administrator.pk}/", {"role": "", "seen": shown["seen"]})
    assert (code, "至少需要一位管理员" in told["detail"]) == (403, True)
    assert User.objects.get(pk=administrator.pk).is_administrator


def test_people_are_narrowed_as_on_the_page(office: Callable[..., Any], broker: User, stranger: User) -> None:
    assert [row["email"] for row in office("GET", "people/?role=broker")[1]["results"]] == [broker.email]
    assert office("GET", "people/?role=king")[0] == 400


def test_a_rule_is_changed_with_its_history_and_not_over_anothers_change(office: Callable[..., Any]) -> None:
    _code, shown = office("GET", "settings/retention.drafts/")
    body = {"value": 200, "reason": "节约空间", "seen": shown["seen"]}
    code, now = office("PATCH", "settings/retention.drafts/", body)
    assert (code, now["value"], now["history"][0]["details"]["原因"]) == (200, 200, "节约空间")
    assert office("PATCH", "settings/retention.drafts/", body | {"value": 300})[0] == 409
    wrong: Any
    for wrong in (1, "x", [], {}, [None], True, 10**400, "\x00"):
        code, _told = office("PATCH", "settings/retention.drafts/", {"value": wrong})
        assert code == 400, wrong
    assert city_value("retention.drafts") == 200
    assert office("PATCH", "settings/retention.drafts/", {"value": None})[1]["value"] == 365
    assert office("GET", "settings/no.such/")[0] == 404


def test_a_switch_is_turned(office: Callable[..., Any]) -> None:
    assert office("POST", "switches/searches/turn/", {"is_on": False, "reason": "维护"})[1]["is_on"] is False
    assert not is_on("searches")
    assert office("POST", "switches/nothing/turn/", {"is_on": False})[0] == 404
    assert {row["name"] for row in office("GET", "switches/")[1]} >= {"searches", "stories", "bids"}


def test_an_announcement_is_written_changed_and_ended(office: Callable[..., Any]) -> None:
    ends = (clock.now() + timedelta(days=1)).isoformat()
    code, row = office("POST", "announcements/", {"text": "今晚维护", "ends_at": ends})
    assert (code, row["written_by"]) == (201, "王管理")
    address = f"announcements/{row['id']}/"
    assert list(office("PATCH", address, {"text": "明晚维护"})[1]) == ["seen"]
    changed = office("PATCH", address, {"text": "明晚维护", "seen": row["seen"]})[1]
    assert (changed["text"], changed["ends_at"]) == ("明晚维护", row["ends_at"])
    assert office("PATCH", address, {"text": "后天维护", "seen": row["seen"]})[0] == 409
    assert office("PATCH", address, {"level": "warning", "seen": changed["seen"]})[1]["text"] == "明晚维护"
    past = (clock.now() - timedelta(days=1)).isoformat()
    code, told = office("POST", "announcements/", {"text": "旧的", "ends_at": past})
    assert (code, list(told)) == (400, ["ends_at"])
    assert office("POST", f"announcements/{row['id']}/end/", {"seen": row["seen"]})[0] == 409
    assert not Announcement.objects.get().is_over
    assert office("POST", f"announcements/{row['id']}/end/")[0] == 200
    assert office("POST", f"announcements/{row['id']}/end/")[0] == 409
    assert Announcement.objects.get().is_over


def test_a_term_is_added_named_otherwise_merged_and_retired(office: Callable[..., Any]) -> None:
    code, old = office("POST", "terms/", {"vocabulary": "tag", "code": "x_old", "name": "旧词条"})
    _code, new = office("POST", "terms/", {"vocabulary": "tag", "code": "x_new", "name": "新词条", "parent": "旧词条"})
    assert (code, new["parent_code"]) == (201, "x_old")
    address, seen = f"terms/{old['id']}/", old["seen"]
    code, told = office("PATCH", address, {"parent": "x_new", "seen": seen})
    assert (code, list(told)) == (400, ["parent"])
    assert list(office("PATCH", address, {"description": "一句说明"})[1]) == ["seen"]
    changed = office("PATCH", address, {"description": "一句说明", "seen": seen})[1]
    assert (changed["name"], changed["description"]) == ("旧词条", "一句说明")
    assert office("PATCH", address, {"description": "别的说明", "is_active": False, "seen": seen})[0] == 409
    assert Term.objects.get(code="x_old").is_active
    _code, named = office("POST", f"terms/{old['id']}/aliases/", {"text": "别的叫法"})
    assert office("POST", f"terms/{new['id']}/aliases/", {"text": "别的叫法"})[0] == 400
    assert office("DELETE", f"terms/{old['id']}/aliases/{named['aliases'][0]['id']}/") == (204, None)
    assert office("POST", f"terms/{old['id']}/merge/", {"into": "x_new", "typed": "错了"})[0] == 409
    assert office("POST", f"terms/{old['id']}/merge/", {"into": "x_old", "typed": "旧词条"})[0] == 400
    assert office("POST", f"terms/{old['id']}/merge/", {"into": "x_new", "typed": "旧词条"})[0] == 200
    shown = office("GET", f"terms/{old['id']}/")[1]
    assert (shown["merged_into"], shown["is_active"]) == ("x_new", False)
    assert office("PATCH", address, {"is_active": True, "seen": shown["seen"]})[0] == 409


def test_the_trail_goes_on_page_by_page_and_keeps_its_filter(
    office: Callable[..., Any], administrator: User, stranger: User
) -> None:
    for number in range(60):
        audit.record(stranger, "user.updated", by=administrator, changes={"name": ["甲", str(number)]})
    audit.record(stranger, "token.created", by=stranger)
    _code, page = office("GET", "trail/?action=user.updated")
    assert len(page["results"]) == 50
    _code, rest = office("GET", f"trail/?action=user.updated&after={page['older'].replace('+', '%2B')}")
    assert (len(rest["results"]), rest["older"]) == (10, "")
    assert office("GET", "trail/?since=yesterday")[0] == 400
    assert office("GET", "trail/?person=nobody@nowhere.example")[0] == 400


def test_an_erasure_is_carried_out_once_and_with_the_address(office: Callable[..., Any], stranger: User) -> None:
    request = erasure_ask(person=stranger)
    path = f"erasures/{request.public_id}/"
    assert office("POST", path + "carry-out/", {"typed": stranger.email})[0] == 409
    type(request).objects.update(due_at=clock.now())
    assert office("POST", path + "carry-out/", {"typed": "else@city.example"})[0] == 409
    code, shown = office("POST", path + "carry-out/", {"typed": stranger.email})
    assert (code, shown["state"]) == (200, "done")
    assert stranger.name not in shown["person"]
    assert office("POST", path + "cancel/")[0] == 409
    assert AuditEntry.objects.filter(action="user.erased").count() == 1
