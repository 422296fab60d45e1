"""Each part that a city can turn off: pages, API, menu and tasks are closed with a sentence, and nothing is lost."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, reverse

from apps.accounts.models import Organisation, User
from apps.core import clock
from apps.core.city_settings import city_setting_change
from apps.core.switches import registered_switches
from apps.engagements.models import Outcome, OutcomeState
from apps.followups import tasks as followup_tasks
from apps.followups.links import answer_path
from apps.followups.models import Questionnaire, StoryState
from apps.followups.services import story_draft
from apps.imports import tasks as import_tasks
from apps.imports.models import Import, ImportKind, ImportState
from apps.notifications.models import GroupRobot, Notification
from apps.notifications.planning import group_deliveries
from apps.notifications.senders.group import PAUSE_OF_THE_CITY, GroupSender
from apps.notifications.topics import topic_of
from apps.searches import tasks as search_tasks
from apps.searches.lists import list_of
from apps.searches.models import SavedSearch
from apps.searches.services import search_save
from apps.taxonomy.models import Term
from tests.factories import make_capability, make_engagement, make_need, make_notification, make_proposal

pytestmark = pytest.mark.django_db
ClientOf = Callable[[User], Client]
Turn = Callable[..., None]
OFF, ON = False, True


@pytest.fixture
def turn(administrator: User, taxonomy: None) -> Turn:
    return lambda name, value: city_setting_change(key=f"switch.{name}", value=value, by=administrator)


def addresses(patterns: Any, before: str = "") -> list[tuple[str, URLPattern]]:
    found: list[tuple[str, URLPattern]] = []
    for pattern in patterns:
        if isinstance(pattern, URLResolver):
            inner = f"{before}{pattern.namespace}:" if pattern.namespace else before
            found += addresses(pattern.url_patterns, inner)
        else:
            found.append((f"{before}{pattern.name}", pattern))
    return found


def closed_addresses() -> list[tuple[str, str]]:
    """(switch, address) of every page and endpoint that a switch names, made up where it takes arguments."""
    names = [(switch, prefix) for switch in registered_switches() for prefix in switch.pages]
    found = []
    for name, pattern in addresses(get_resolver().url_patterns):
        for switch, prefix in names:
            if name.startswith(prefix):
                made_up = dict.fromkeys(pattern.pattern.converters or pattern.pattern.regex.groupindex, "23456789abcd")
                found.append((switch.name, reverse(name, kwargs=made_up)))
    return found


def test_every_page_and_endpoint_of_a_part_that_is_off_says_why(
    turn: Turn, sme_owner: User, administrator: User, client_of: ClientOf
) -> None:
    there = closed_addresses()
    assert {name for name, _url in there} == {"searches", "imports", "group_robots", "questionnaires", "stories"}
    assert len(there) > 35
    for switch in registered_switches():
        turn(switch.name, OFF)
    sentences = {switch.name: str(switch.closed) for switch in registered_switches()}
    for person in (sme_owner, administrator):
        client = client_of(person)
        for name, url in there:
            for answer in (client.get(url), client.post(url)):
                said = answer.content.decode() if not url.startswith("/api/") else answer.json()["detail"]
                assert answer.status_code == 404, url
                assert sentences[name] in said, url


def test_menus_lead_to_nothing_that_is_closed(turn: Turn, sme_owner: User, client_of: ClientOf) -> None:
    client, home = client_of(sme_owner), reverse("home")
    parts = {
        "searches": reverse("searches:mine"),
        "imports": reverse("imports:list"),
        "stories": reverse("stories:list"),
    }
    parts |= {"stories": reverse("stories:list"), "open_statistics": reverse("open:statistics")}
    page = client.get(home).content.decode()
    for name, url in parts.items():
        assert f'href="{url}"' in page, name
        turn(name, OFF)
    page = client.get(home).content.decode()
    assert [name for name, url in parts.items() if f'href="{url}"' in page] == []


def test_searches_rest_and_then_tell_of_what_came_meanwhile(
    turn: Turn, professor: User, university: Organisation, enterprise: Organisation, client_of: ClientOf
) -> None:
    source = list_of("needs.board")
    assert source is not None
    search = search_save(source=source, params={"q": "轧辊"}, by=professor)
    client, board = client_of(professor), reverse("needs:board")
    assert "keep-filter" in client.get(board).content.decode() or search.name in client.get(board).content.decode()
    turn("searches", OFF)
    assert search.name not in client.get(board).content.decode()
    SavedSearch.objects.update(looked_at=clock.now() - timedelta(days=2), watched_since=clock.now() - timedelta(days=3))
    make_need(organisation=enterprise, title="轧辊耐磨涂层", published_at=clock.now())
    search_tasks.look()
    assert not Notification.objects.filter(kind__startswith="searches.").exists()
    turn("searches", ON)
    search_tasks.look()
    assert Notification.objects.filter(kind="searches.found_one", recipient=professor).count() == 1


@pytest.fixture
def asked(sme_owner: User, enterprise: Organisation, university: Organisation, taxonomy: None) -> Questionnaire:
    """The enterprise is asked, and has one day left."""
    need = make_need(organisation=enterprise, contact=sme_owner)
    case = make_engagement(
        proposal=make_proposal(need=need, capability=make_capability(organisation=university)), state="delivered"
    )
    now = clock.now()
    return Questionnaire.objects.create(
        engagement=case,
        side="need",
        months=3,
        due_on=clock.today(),
        opened_at=now - timedelta(days=29),
        closes_at=now + timedelta(days=1),
    )


def test_questionnaires_rest_and_none_closes_meanwhile(
    turn: Turn, asked: Questionnaire, sme_owner: User, client: Client, client_of: ClientOf
) -> None:
    link = answer_path(asked.public_id, user=sme_owner.pk)
    case = reverse("followups:case", args=[asked.engagement.public_id])
    assert client.get(link).status_code == 200
    assert "现在填写" in client_of(sme_owner).get(case).content.decode()
    turn("questionnaires", OFF)
    assert "回访问卷目前没有开放" in client.get(link).content.decode()
    page = client_of(sme_owner).get(case).content.decode()
    assert "回访问卷目前没有开放" in page
    assert "现在填写" not in page
    followup_tasks.remind()
    followup_tasks.ask()
    asked.refresh_from_db()
    assert asked.reminded_at is None
    assert asked.closes_at > clock.now() + timedelta(days=6)
    turn("questionnaires", ON)
    assert client.get(link).status_code == 200
    followup_tasks.remind()
    asked.refresh_from_db()
    assert asked.reminded_at is not None


def test_stories_are_hidden_from_the_public_and_worked_on_all_the_same(
    turn: Turn,
    asked: Questionnaire,
    sme_owner: User,
    stranger: User,
    reviewer: User,
    client: Client,
    client_of: ClientOf,
) -> None:
    outcome = Outcome.objects.create(
        engagement=asked.engagement,
        outcome_type=Term.objects.get(vocabulary="outcome_type", code="process_change"),
        state=OutcomeState.CONFIRMED,
        confirmed_at=clock.now(),
        decided_by=reviewer,
        description="轧辊寿命提高一倍。",
        occurred_on=clock.today(),
        reported_by=sme_owner,
        reported_side="need",
        reported_at=clock.now(),
    )
    texts: dict[str, Any] = dict.fromkeys(("summary", "problem", "approach", "result"), "换用激光熔覆。")
    story = story_draft(outcome=outcome, by=sme_owner, title="轧辊寿命提高一倍", **texts)
    agreed = dict.fromkeys(("need_agreed_version", "capability_agreed_version"), story.version)
    type(story).objects.update(state=StoryState.PUBLISHED, published_at=clock.now(), **agreed)
    pages = [reverse("stories:detail", args=[story.public_id]), reverse("api:story-detail", args=[story.public_id])]
    everybody = [client, client_of(stranger)]
    for url in pages:
        assert [one.get(url).status_code for one in everybody] == [200, 200]
    assert story.title in client.get(reverse("home")).content.decode()
    turn("stories", OFF)
    for url in pages:
        assert [one.get(url).status_code for one in everybody] == [404, 404]
        assert "暂不对外展示" in client.get(url).content.decode()
        assert [client_of(one).get(url).status_code for one in (sme_owner, reviewer)] == [200, 200]
    assert client.get(reverse("api:story-list")).status_code == 404
    assert client_of(sme_owner).get(reverse("api:story-own")).json()["count"] == 1
    assert story.title not in client.get(reverse("home")).content.decode()
    turn("stories", ON)
    assert client.get(pages[0]).status_code == 200


def test_an_import_under_way_stays_where_it_is(
    turn: Turn, university: Organisation, professor: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    named = {"kind": ImportKind.RESULT, "file_name": "成果.xlsx", "size_bytes": 1, "state": ImportState.RUNNING}
    job = Import.objects.create(organisation=university, started_by=professor, **named)
    hints: list[str] = []
    claimed: list[str] = []
    monkeypatch.setattr("apps.imports.work.send_hint", hints.append)
    monkeypatch.setattr("apps.imports.work.claim", claimed.append)
    turn("imports", OFF)
    import_tasks.carry_out(job.public_id)
    import_tasks.reconcile()
    assert (hints, claimed) == ([], [])
    turn("imports", ON)
    import_tasks.carry_out(job.public_id)
    import_tasks.reconcile()
    assert (hints, claimed) == ([job.public_id], [job.public_id])


def test_groups_hear_nothing_and_keep_their_robot(
    turn: Turn, enterprise: Organisation, sme_owner: User, client_of: ClientOf
) -> None:
    robot = GroupRobot.objects.create(organisation=enterprise, url="https://qyapi.weixin.qq.com/x?key=1")
    row = make_notification(recipient=sme_owner, organisation=enterprise)
    topic = topic_of(row.topic)
    assert topic.group is not None
    (waiting,) = group_deliveries([row], topic, clock.now())
    page = reverse("notifications:settings")
    assert 'id="robot"' in client_of(sme_owner).get(page).content.decode()
    turn("group_robots", OFF)
    assert group_deliveries([row], topic, clock.now()) == []
    assert GroupSender().pause_before(waiting) == PAUSE_OF_THE_CITY
    assert 'id="robot"' not in client_of(sme_owner).get(page).content.decode()
    turn("group_robots", ON)
    assert GroupSender().pause_before(waiting) == timedelta()
    assert GroupRobot.objects.get() == robot


def test_bids_that_were_placed_are_still_listed(turn: Turn, professor: User, client_of: ClientOf) -> None:
    turn("bids", OFF)
    assert client_of(professor).get(reverse("matching:my_bids")).status_code == 200
    assert client_of(professor).get(reverse("api:bid-list")).status_code == 200
