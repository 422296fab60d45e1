"""The board, a need's page and one's own needs; above all: what strangers never get to read."""

import re
from collections.abc import Callable
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from apps.accounts.models import Organisation, User
from apps.core import clock
from apps.needs.models import Need, NeedState
from apps.taxonomy.models import Term
from tests.factories import make_need, make_organisation

pytestmark = pytest.mark.django_db
Clients = Callable[[User], Client]

OPEN, HIDDEN = 200, 404
SEES = {
    "public_anonymous": {"visitor", "professor", "stranger", "broker", "reviewer", "sme_owner"},
    "public_named": {"visitor", "professor", "stranger", "broker", "reviewer", "sme_owner"},
    "members": {"professor", "stranger", "broker", "reviewer", "sme_owner"},
    "brokers": {"broker", "reviewer", "sme_owner"},
}


@pytest.fixture
def browser_of(client_of: Clients, request: pytest.FixtureRequest) -> Callable[[str], Client]:
    def browser(who: str) -> Client:
        return Client() if who == "visitor" else client_of(request.getfixturevalue(who))

    return browser


@pytest.mark.parametrize("who", ["visitor", "professor", "stranger", "broker", "reviewer", "sme_owner"])
@pytest.mark.parametrize("disclosure", SEES)
def test_disclosure_decides_who_sees_a_need_on_its_page_and_on_the_board(
    published: Need, browser_of: Callable[[str], Client], who: str, disclosure: str
) -> None:
    Need.objects.filter(pk=published.pk).update(disclosure=disclosure)
    browser = browser_of(who)
    page = browser.get(reverse("needs:detail", args=[published.public_id]))
    board = browser.get(reverse("needs:board")).content.decode()
    is_seen = who in SEES[disclosure]
    assert page.status_code == (OPEN if is_seen else HIDDEN)
    assert (published.title in board) is is_seen


@pytest.mark.parametrize("state", ["draft", "submitted", "returned", "closed", "expired", "unmatched"])
@pytest.mark.parametrize("who", ["visitor", "professor", "stranger", "broker"])
def test_what_is_not_on_the_board_is_its_owners_alone(
    published: Need, browser_of: Callable[[str], Client], who: str, state: str
) -> None:
    Need.objects.filter(pk=published.pk).update(state=state)
    assert browser_of(who).get(reverse("needs:detail", args=[published.public_id])).status_code == HIDDEN
    assert browser_of("sme_owner").get(reverse("needs:detail", args=[published.public_id])).status_code == OPEN


@pytest.fixture
def canaries(published: Need, enterprise: Organisation, sme_owner: User, colleague: User) -> list[str]:
    """Everything that would tell who is behind the need; the need is anonymous."""
    Need.objects.filter(pk=published.pk).update(budget_wan=Decimal("87.65"), created_by=colleague, external_id="HL-XYZ")
    people = [text for user in (sme_owner, colleague) for text in (user.name, user.email, user.phone)]
    return [enterprise.name, enterprise.short_name, enterprise.public_id, "87.65", "HL-XYZ", *people]


@pytest.mark.parametrize("who", ["visitor", "professor", "stranger", "broker"])
def test_an_anonymous_need_never_tells_whose_it_is(
    published: Need, canaries: list[str], browser_of: Callable[[str], Client], who: str
) -> None:
    browser = browser_of(who)
    pages = [
        browser.get(reverse("needs:detail", args=[published.public_id])),
        browser.get(reverse("needs:board")),
        browser.get(reverse("needs:board"), {"q": "轧辊"}),
    ]
    for page in pages:
        text = page.content.decode()
        assert published.title in text
        assert [canary for canary in canaries if canary in text] == []


@pytest.mark.parametrize("word", ["青岛海岚精工有限公司", "海岚精工", "HL-XYZ"])
def test_no_search_tells_whose_a_need_is(published: Need, canaries: list[str], word: str) -> None:
    assert published.title not in Client().get(reverse("needs:board"), {"q": word}).content.decode()


def test_a_named_need_shows_its_organisation_but_no_person(
    published: Need, canaries: list[str], enterprise: Organisation, sme_owner: User
) -> None:
    Need.objects.filter(pk=published.pk).update(disclosure="public_named")
    page = Client().get(reverse("needs:detail", args=[published.public_id])).content.decode()
    assert enterprise.name in page
    assert sme_owner.name not in page
    assert "87.65" not in page


@pytest.mark.parametrize("who", ["sme_owner", "colleague", "reviewer"])
def test_its_own_people_and_reviewers_see_the_private_part(
    published: Need, canaries: list[str], browser_of: Callable[[str], Client], who: str
) -> None:
    page = browser_of(who).get(reverse("needs:detail", args=[published.public_id])).content.decode()
    assert "87.65" in page
    assert "陈立" in page


def test_a_hidden_need_looks_like_an_absent_one(published: Need) -> None:
    Need.objects.filter(pk=published.pk).update(disclosure="brokers")
    hidden = Client().get(reverse("needs:detail", args=[published.public_id]))
    absent = Client().get(reverse("needs:detail", args=["222222222222"]))
    pages = [page.content.decode().replace(page.headers["X-Request-Id"], "") for page in (hidden, absent)]
    assert _without_tokens(pages[0]) == _without_tokens(pages[1])


def _without_tokens(page: str) -> str:
    return re.sub(r'data-csrf="[^"]*"|value="[A-Za-z0-9]{64}"|/needs/\w{12}/', "", page)


# ---- The board ----------------------------------------------------------------------------------------------------


def titles(query: dict[str, Any]) -> set[str]:
    page = Client().get(reverse("needs:board"), query)
    assert page.status_code == OPEN
    return {card.title for card in page.context["cards"]}


@pytest.fixture
def two_needs(db: None) -> tuple[Need, Need]:
    shinan, jiaozhou = (Term.objects.get(vocabulary="district", name__startswith=name) for name in ("市南", "胶州"))
    chains = Term.objects.filter(vocabulary="industry_chain", parent=None)
    steel = make_need(
        title="钢管内壁除锈",
        organisation=make_organisation("青岛甲厂有限公司", district=shinan),
        industry_chain=chains[0].children.first() or chains[0],
        tags=Term.objects.filter(vocabulary="tag", code="laser_cladding"),
    )
    water = make_need(
        title="印染废水脱色",
        goal="把印染废水的色度降下来,药剂费用不超过每吨两元,出水稳定达标。",
        background="现有混凝沉淀,夏天波动大,药剂用量越来越多,污泥处置费用高。",
        organisation=make_organisation("青岛乙厂有限公司", district=jiaozhou),
        industry_chain=chains[1],
        need_type=Term.objects.get(vocabulary="need_type", code="testing"),
        valid_until=clock.today() + timedelta(days=3),
        tags=[],
    )
    water.cooperation_modes.set(Term.objects.filter(vocabulary="cooperation_mode", code="joint"))
    return steel, water


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ({"q": "废水"}, {"印染废水脱色"}),
        ({"q": "废水 脱色"}, {"印染废水脱色"}),
        ({"q": "废水 钢管"}, set()),
        ({"district": "shinan"}, {"钢管内壁除锈"}),
        ({"type": "testing"}, {"印染废水脱色"}),
        ({"mode": "joint"}, {"印染废水脱色"}),
        ({"q": "\x00"}, {"钢管内壁除锈", "印染废水脱色"}),
        ({"q": "字" * 500}, {"钢管内壁除锈", "印染废水脱色"}),
        ({"district": "nowhere"}, {"钢管内壁除锈", "印染废水脱色"}),
        ({"district": "\x00"}, {"钢管内壁除锈", "印染废水脱色"}),
        ({"sort": "best"}, {"钢管内壁除锈", "印染废水脱色"}),
        ({"page": "many"}, {"钢管内壁除锈", "印染废水脱色"}),
        ({"page": "9999"}, {"钢管内壁除锈", "印染废水脱色"}),
        ({"q": "%"}, set()),
    ],
)
def test_filters_narrow_the_board_and_nonsense_does_nothing(
    two_needs: tuple[Need, Need], query: dict[str, str], found: set[str]
) -> None:
    assert titles(query) == found


def test_a_chain_includes_those_below_it(two_needs: tuple[Need, Need]) -> None:
    steel = two_needs[0]
    assert steel.industry_chain is not None
    chain = steel.industry_chain.parent or steel.industry_chain
    assert titles({"chain": chain.code}) == {steel.title}


def test_a_need_is_found_by_its_tag(two_needs: tuple[Need, Need]) -> None:
    assert titles({"q": "激光熔覆"}) >= {"钢管内壁除锈"}


def test_the_board_can_be_sorted_by_what_expires_first(two_needs: tuple[Need, Need]) -> None:
    page = Client().get(reverse("needs:board"), {"sort": "expiring"})
    assert [card.title for card in page.context["cards"]] == ["印染废水脱色", "钢管内壁除锈"]


def test_a_need_past_its_day_has_left_the_board(published: Need) -> None:
    Need.objects.filter(pk=published.pk).update(valid_until=clock.today() - timedelta(days=1))
    assert titles({}) == set()


def test_an_empty_board_says_so(db: None) -> None:
    assert "还没有在榜的需求" in Client().get(reverse("needs:board")).content.decode()
    assert "没有符合条件的需求" in Client().get(reverse("needs:board"), {"q": "没有"}).content.decode()


@pytest.mark.parametrize("name", ["needs:board", "needs:mine"])
def test_lists_cost_the_same_number_of_queries_whatever_their_length(
    client_of: Clients, sme_owner: User, enterprise: Organisation, name: str
) -> None:
    browser = client_of(sme_owner)
    counts = []
    for _ in range(2):
        make_need(organisation=enterprise)
        make_need(organisation=make_organisation(f"青岛第{_}厂"))
        with CaptureQueriesContext(connection) as queries:
            browser.get(reverse(name))
        counts.append(len(queries))
    assert counts[0] == counts[1]


def test_the_board_is_cut_into_pages(db: None) -> None:
    for number in range(21):
        make_need(title=f"需求{number}")
    assert len(titles({})) == 20
    assert len(titles({"page": "2"})) == 1


# ---- One's own ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("state", NeedState.values)
def test_each_state_has_its_next_step(client_of: Clients, sme_owner: User, published: Need, state: str) -> None:
    Need.objects.filter(pk=published.pk).update(state=state, return_reason="补充型号")
    page = client_of(sme_owner).get(reverse("needs:mine"), {"state": state})
    ((_, step),) = page.context["rows"]
    assert step.label in page.content.decode()
    assert page.context["states"] == [(state, NeedState(state).label, 1)]


def test_a_need_about_to_expire_can_be_renewed_from_the_list(
    client_of: Clients, sme_owner: User, published: Need
) -> None:
    Need.objects.filter(pk=published.pk).update(valid_until=clock.today() + timedelta(days=3))
    browser = client_of(sme_owner)
    ((_, step),) = browser.get(reverse("needs:mine")).context["rows"]
    assert (step.is_post, step.url) == (True, reverse("needs:renew", args=[published.public_id]))
    browser.post(step.url)
    assert Need.objects.get().valid_until == clock.today() + timedelta(days=93)


def test_others_needs_are_not_among_ones_own(client_of: Clients, stranger: User, published: Need) -> None:
    assert published.title not in client_of(stranger).get(reverse("needs:mine")).content.decode()


def test_an_unknown_state_shows_all(client_of: Clients, sme_owner: User, published: Need) -> None:
    page = client_of(sme_owner).get(reverse("needs:mine"), {"state": "\x00"})
    assert published.title in page.content.decode()


@pytest.mark.parametrize("who", ["professor", "broker", "reviewer", "administrator"])
def test_people_without_needs_get_an_explanation(browser_of: Callable[[str], Client], who: str) -> None:
    assert browser_of(who).get(reverse("needs:mine")).status_code == OPEN


# ---- Buttons ------------------------------------------------------------------------------------------------------

BUTTONS = {"close": "published", "reopen": "closed", "renew": "expired", "solve": "engaged", "recall": "submitted"}


@pytest.mark.parametrize(("name", "state"), BUTTONS.items())
def test_a_button_stands_on_the_page_and_works(
    client_of: Clients, colleague: User, published: Need, name: str, state: str
) -> None:
    Need.objects.filter(pk=published.pk).update(state=state)
    browser = client_of(colleague)
    address = reverse(f"needs:{name}", args=[published.public_id])
    assert address in browser.get(reverse("needs:detail", args=[published.public_id])).content.decode()
    assert browser.get(address).status_code == 405
    assert browser.post(address).status_code == 302
    assert Need.objects.get().state != state


@pytest.mark.parametrize(("name", "state"), [*BUTTONS.items(), ("publish", "draft"), ("edit", "published")])
@pytest.mark.parametrize("who", ["visitor", "professor", "stranger", "broker", "reviewer"])
def test_buttons_do_nothing_for_others(
    browser_of: Callable[[str], Client], published: Need, name: str, state: str, who: str
) -> None:
    Need.objects.filter(pk=published.pk).update(state=state)
    answer = browser_of(who).post(reverse(f"needs:{name}", args=[published.public_id]))
    if who == "visitor":
        assert answer.headers["Location"].startswith(reverse("accounts:sign_in"))
    else:
        assert answer.status_code in (403, 404)
    stored = Need.objects.get()
    assert (stored.state, stored.version) == (state, 1)


def test_an_action_out_of_turn_sends_the_person_back_with_a_sentence(
    client_of: Clients, sme_owner: User, published: Need
) -> None:
    answer = client_of(sme_owner).post(reverse("needs:solve", args=[published.public_id]))
    assert answer.status_code == 302
    assert Need.objects.get().state == NeedState.PUBLISHED


def test_a_reviewer_finds_both_buttons_on_a_submitted_need(client_of: Clients, reviewer: User, published: Need) -> None:
    Need.objects.filter(pk=published.pk).update(state=NeedState.SUBMITTED)
    page = client_of(reviewer).get(reverse("needs:detail", args=[published.public_id])).content.decode()
    assert reverse("need_approve", args=[published.public_id]) in page
    assert reverse("need_return", args=[published.public_id]) in page


def test_the_owner_sees_the_proposals_come_in_and_a_visitor_does_not(
    client_of: Clients, sme_owner: User, published: Need
) -> None:
    fragment = reverse("matching:need_proposals", args=[published.public_id])
    address = reverse("needs:detail", args=[published.public_id])
    assert f'hx-get="{fragment}"' in client_of(sme_owner).get(address).content.decode()
    assert fragment not in Client().get(address).content.decode()


def test_a_visitor_is_led_from_a_need_to_the_door_and_back(
    published: Need, client_of: Clients, professor: User
) -> None:
    address = reverse("needs:detail", args=[published.public_id])
    page = Client().get(address).content.decode()
    assert f'href="/accounts/sign-in/?next={address}"' in page
    assert "登录后可以揭榜" not in client_of(professor).get(address).content.decode()
