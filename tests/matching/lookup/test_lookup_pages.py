"""The page on which people look further: the form, waiting, what was found, and adding it."""

from collections.abc import Callable

import pytest
from django.core.cache import cache
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from apps.accounts.disclosure import Disclosure
from apps.accounts.models import Organisation, User
from apps.capabilities.models import Capability
from apps.matching.lookup.asking import Lookup
from apps.matching.models import Proposal
from apps.needs.models import Need, NeedState
from apps.taxonomy.models import Term
from tests.factories import make_capability, make_proposal
from tests.matching.lookup.conftest import Messages, carry_out
from tests.matching.pages import HTMX, SignIn, list_url, text_of

pytestmark = pytest.mark.django_db
Look = Callable[..., Lookup]
RESULTS = "?kind=result"


@pytest.fixture
def url(need: Need) -> str:
    return reverse("matching:need_lookup", args=[need.public_id])


@pytest.fixture
def found_url(need: Need) -> str:
    return reverse("matching:need_lookup_found", args=[need.public_id])


@pytest.fixture
def pick_url(need: Need) -> str:
    return reverse("matching:need_lookup_pick", args=[need.public_id])


@pytest.fixture
def client(client_of: SignIn, sme_owner: User) -> Client:
    return client_of(sme_owner)


def test_the_list_of_proposals_leads_there_while_the_need_is_open(need: Need, client: Client, url: str) -> None:
    assert url in text_of(client, list_url(need))
    Need.objects.filter(pk=need.pk).update(state=NeedState.CLOSED)
    assert url not in text_of(client, list_url(need))
    assert "需求发布之后才能按条件查找。" in text_of(client, f"{url}{RESULTS}")


def test_nothing_is_looked_up_before_something_is_chosen(client: Client, url: str, sent: Messages) -> None:
    page = text_of(client, url)
    assert all(name in page for name in ("成果", "委托开发", "崂山"))
    assert sent == []


def test_a_page_waits_until_it_is_known_and_shows_what_was_found(
    capability: Capability, client: Client, url: str, found_url: str, sent: Messages
) -> None:
    district = Term.objects.filter(vocabulary="district")[2]
    Capability.objects.filter(pk=capability.pk).update(district=district)
    query = f"?kind=expert&kind=result&district={district.code}"
    assert f'hx-get="{found_url}{query.replace("&", "&amp;")}"' in text_of(client, f"{url}{query}")
    assert "hx-get" in text_of(client, f"{found_url}{query}", **HTMX)
    carry_out(sent)
    fragment = text_of(client, f"{found_url}{query}", **HTMX)
    assert "hx-get" not in fragment
    for shown in (capability.organisation.name, str(district), "成果", "TRL 8", "找到 1 项", "加入推荐"):
        assert shown in fragment
    assert "对口" in fragment or "您" in fragment  # the sentence, said to the enterprise
    assert text_of(client, f"{url}{query}").count('class="found-card') == 1


def test_where_nothing_passes_it_says_so(
    capability: Capability, client: Client, url: str, found_url: str, sent: Messages
) -> None:
    client.get(f"{url}?kind=expert")
    carry_out(sent)
    assert "没有符合条件的资源" in text_of(client, f"{found_url}?kind=expert", **HTMX)


def test_where_no_worker_answers_it_says_so_and_offers_another_try(
    client: Client, url: str, found_url: str, sent: Messages
) -> None:
    client.get(f"{url}{RESULTS}")
    cache.clear()  # ten seconds went by
    fragment = text_of(client, f"{found_url}{RESULTS}", **HTMX)
    assert "暂时查不了" in fragment
    assert f'href="{url}{RESULTS}"' in fragment
    assert "hx-get" not in fragment


@pytest.mark.parametrize("query", ["?kind=spaceship", "?mode=nothing", "?district=%00", "?kind=result&district=x"])
def test_what_is_not_on_the_lists_is_an_error_and_widens_nothing(
    client: Client, url: str, found_url: str, sent: Messages, query: str
) -> None:
    assert "field-wrong" in text_of(client, f"{url}{query}")
    assert client.get(f"{found_url}{query}", headers=HTMX).status_code == 302
    assert sent == []


def test_opened_by_itself_the_fragment_leads_to_the_page(client: Client, url: str, found_url: str) -> None:
    assert client.get(f"{found_url}{RESULTS}")["Location"] == f"{url}{RESULTS}"


def test_what_is_found_is_added_and_then_shown_as_listed(
    need: Need, capability: Capability, client: Client, url: str, pick_url: str, look: Look, sme_owner: User
) -> None:
    look(need, sme_owner, kinds=["result"])
    answer = client.post(f"{pick_url}{RESULTS}", {"capability": capability.public_id})
    assert answer["Location"] == f"{url}{RESULTS}#found-{capability.public_id}"
    page = text_of(client, f"{url}{RESULTS}")
    assert f"已加入推荐名单：{capability.title}" in page
    assert "已在推荐名单中" in page
    assert "加入推荐<" not in page
    assert "需求方按条件查找后加入名单" in text_of(client, list_url(need))


def test_what_cannot_be_added_is_said_and_nothing_is_written(
    need: Need, capability: Capability, client: Client, url: str, pick_url: str
) -> None:
    client.post(f"{pick_url}?kind=spaceship", {"capability": capability.public_id})
    assert "请重新查找后再加入" in text_of(client, url)
    assert client.post(pick_url, {"capability": "nothing"}).status_code == 404
    assert client.post(pick_url, {"capability": "a\x00"}).status_code == 404
    assert client.post(pick_url).status_code == 404
    assert client.get(pick_url).status_code == 405
    assert not Proposal.objects.exists()


def test_what_was_declined_is_not_offered_again(
    need: Need, capability: Capability, client: Client, url: str, look: Look, sme_owner: User, reason: Term
) -> None:
    make_proposal(need=need, capability=capability, state="declined", declined_side="need", decline_reason=reason)
    look(need, sme_owner, kinds=["result"])
    page = text_of(client, f"{url}{RESULTS}")
    assert "已婉拒" in page
    assert "加入推荐<" not in page


# ---- Who may look, and what is never told --------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("role", "expected"),
    [
        ("sme_owner", 200),
        ("colleague", 200),
        ("stranger", 404),
        ("professor", 404),
        ("broker", 200),
        ("reviewer", 200),
        ("administrator", 200),
    ],
)
def test_it_opens_for_the_people_whose_list_it_is(
    *,
    capability: Capability,
    url: str,
    found_url: str,
    pick_url: str,
    client_of: SignIn,
    sent: Messages,
    request: pytest.FixtureRequest,
    role: str,
    expected: int,
) -> None:
    client = client_of(request.getfixturevalue(role))
    assert client.get(f"{url}{RESULTS}").status_code == expected
    assert client.get(f"{found_url}{RESULTS}", headers=HTMX).status_code == expected
    carry_out(sent)
    picked = client.post(pick_url, {"capability": capability.public_id}).status_code
    assert picked == (302 if expected == 200 else expected)
    assert Proposal.objects.exists() == (expected == 200)


def test_visitors_get_no_fragment_and_sign_in_for_the_page(url: str, found_url: str, pick_url: str) -> None:
    assert Client().get(found_url, headers=HTMX).status_code == 401
    assert Client().get(url).status_code == 302
    assert Client().post(pick_url).status_code == 302


CANARIES = ("胶州湾", "周敏", "13000000003")


@pytest.mark.parametrize("role", ["sme_owner", "broker"])
def test_an_anonymous_owner_is_named_nowhere(
    need: Need,
    university: Organisation,
    professor: User,
    url: str,
    found_url: str,
    pick_url: str,
    client_of: SignIn,
    look: Look,
    request: pytest.FixtureRequest,
    role: str,
) -> None:
    person = request.getfixturevalue(role)
    client = client_of(person)
    Organisation.objects.filter(pk=university.pk).update(short_name="胶州湾理工")
    capability = make_capability(
        organisation=university,
        contact=professor,
        disclosure=Disclosure.PUBLIC_ANONYMOUS,
        description="胶州湾理工大学采用激光熔覆在轧辊表面制备耐磨涂层。",
    )
    look(need, person, kinds=["result"])
    pages = [text_of(client, f"{url}{RESULTS}"), text_of(client, f"{found_url}{RESULTS}", **HTMX)]
    client.post(f"{pick_url}{RESULTS}", {"capability": capability.public_id})
    pages.append(text_of(client, f"{url}{RESULTS}"))
    for page in pages:
        assert capability.public_id in page
        assert "（匿名）" in page
        assert [canary for canary in CANARIES if canary in page] == []


def test_what_was_hidden_after_it_was_found_is_not_shown(
    need: Need, capability: Capability, client: Client, url: str, look: Look, sme_owner: User
) -> None:
    look(need, sme_owner, kinds=["result"])
    Capability.objects.filter(pk=capability.pk).update(disclosure=Disclosure.BROKERS)
    assert capability.title not in text_of(client, f"{url}{RESULTS}")


def test_the_page_costs_the_same_however_much_was_found(
    need: Need, university: Organisation, client: Client, url: str, look: Look, sme_owner: User
) -> None:
    counts: list[int] = []
    for _ in range(2):
        for _ in range(3):
            make_capability(organisation=university)
        cache.clear()
        look(need, sme_owner, kinds=["result"])
        client.get(url)
        with CaptureQueriesContext(connection) as queries:
            client.get(f"{url}{RESULTS}")
        counts.append(len(queries))
    assert counts[0] == counts[1]


def test_an_enterprise_that_is_not_verified_reads_why_it_cannot_add(
    need: Need, capability: Capability, client: Client, url: str, look: Look, sme_owner: User
) -> None:
    Organisation.objects.filter(pk=need.organisation_id).update(state="pending", verified_at=None)
    look(need, User.objects.get(pk=sme_owner.pk), kinds=["result"])
    page = text_of(client, f"{url}{RESULTS}")
    assert "贵单位通过核验后即可加入推荐。" in page
    assert "加入推荐<" not in page
