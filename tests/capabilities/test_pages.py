"""The catalogue, a capability's page, one's own list: who sees what, and what it costs."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from apps.accounts.disclosure import Disclosure
from apps.accounts.models import Organisation, User
from apps.capabilities.models import Capability, CapabilityState
from apps.core import clock
from apps.taxonomy.models import Term
from tests.factories import make_capability

pytestmark = pytest.mark.django_db
Clients = Callable[[User], Client]
CATALOGUE = "/capabilities/"
CANARIES = ("胶州湾理工大学", "湾理工", "林教授", "13000000003", "professor@wan.example", "金丝雀专利", "金丝雀团队")


@pytest.fixture
def anonymous(university: Organisation, professor: User) -> Capability:
    return make_capability(
        organisation=university,
        contact=professor,
        created_by=professor,
        disclosure=Disclosure.PUBLIC_ANONYMOUS,
        details={"ip_status": "granted", "patent_numbers": "金丝雀专利", "team": "金丝雀团队", "cases": "三家企业"},
    )


def page(client: Client, address: str, **query: Any) -> str:
    answer = client.get(address, query)
    assert answer.status_code == 200
    return answer.content.decode()


def test_the_catalogue_shows_what_is_open_and_nothing_else(published: Capability, draft: Capability) -> None:
    past = make_capability(title="过期的技术", valid_until=clock.today() - timedelta(days=1))
    down = make_capability(title="下架的技术", state=CapabilityState.ARCHIVED)
    Capability.objects.filter(pk=draft.pk).update(title="草稿里的技术")
    text = page(Client(), CATALOGUE)
    assert published.title in text
    for hidden in (past, down, Capability.objects.get(pk=draft.pk)):
        assert hidden.title not in text


def test_an_empty_catalogue_says_so(db: None) -> None:
    assert "还没有上架的资源" in page(Client(), CATALOGUE)


def test_a_search_without_success_offers_the_whole_catalogue(published: Capability) -> None:
    assert "没有符合条件的资源" in page(Client(), CATALOGUE, q="不存在的词")


def test_the_filters_narrow_the_catalogue(university: Organisation) -> None:
    chains = Term.objects.filter(vocabulary="industry_chain", parent__isnull=False)
    field = Term.objects.filter(vocabulary="tech_field", parent__isnull=False)[0]
    tag = Term.objects.filter(vocabulary="tag", parent=field).first() or Term.objects.filter(vocabulary="tag")[0]
    district = Term.objects.filter(vocabulary="district")[2]
    wanted = make_capability(organisation=university, title="想要的炉", kind="instrument", trl=None, district=district)
    wanted.industries.set([chains[0]])
    wanted.tags.set([tag])
    wanted.cooperation_modes.set(Term.objects.filter(vocabulary="cooperation_mode", code="testing_pilot"))
    ripe = make_capability(title="成熟的工艺", trl=8)
    ripe.industries.set([chains[1]])
    raw = make_capability(title="早期的工艺", trl=3)
    raw.industries.set([chains[1]])
    for query, found in (
        ({"kind": "instrument"}, {wanted}),
        ({"chain": chains[0].code}, {wanted}),
        ({"chain": chains[0].parent.code if chains[0].parent else ""}, {wanted}),
        ({"district": district.code}, {wanted}),
        ({"mode": "testing_pilot"}, {wanted}),
        ({"q": "想要"}, {wanted}),
        ({"q": tag.name}, {wanted}),
        ({"trl": "7"}, {ripe}),
        ({"trl": "4"}, {ripe}),
        ({"q": "工艺", "trl": "7"}, {ripe}),
    ):
        answer = Client().get(CATALOGUE, query)
        shown = {card.public_id for card in answer.context["cards"]}
        assert wanted.public_id in shown or wanted not in found, query
        assert {c.public_id for c in found} <= shown, query
        assert (raw.public_id not in shown) or raw in found, query


def test_a_field_finds_what_is_tagged_below_it(university: Organisation) -> None:
    tag = Term.objects.filter(vocabulary="tag", parent__vocabulary="tech_field", parent__parent__isnull=False)[0]
    assert tag.parent is not None
    capability = make_capability(organisation=university)
    capability.tags.set([tag])
    other = make_capability(title="别的领域")
    for code in (tag.parent.code, tag.parent.parent.code if tag.parent.parent else ""):
        shown = {card.public_id for card in Client().get(CATALOGUE, {"field": code}).context["cards"]}
        assert shown == {capability.public_id}
    assert other.public_id not in shown


@pytest.mark.parametrize(
    "query",
    [
        {"kind": "magic", "chain": "\x00", "field": "x", "trl": "high", "district": "-1", "mode": "[]", "page": "x"},
        {"q": "\x00'\";--" + "长" * 5000, "page": "99999"},
        {"page": "-3"},
    ],
)
def test_what_cannot_be_understood_is_left_out(published: Capability, query: dict[str, str]) -> None:
    assert published.title in page(Client(), CATALOGUE, **query)


def test_the_owners_name_is_no_search_word_for_anonymous_rows(anonymous: Capability) -> None:
    for word in ("湾理工", "金丝雀专利"):
        assert anonymous.title not in page(Client(), CATALOGUE, q=word)


def test_the_owner_of_an_anonymous_one_is_in_no_page_of_a_stranger(
    anonymous: Capability, client_of: Clients, stranger: User, sme_owner: User, broker: User
) -> None:
    detail = reverse("capabilities:detail", args=[anonymous.public_id])
    for client in (Client(), client_of(stranger), client_of(sme_owner), client_of(broker)):
        for address in (CATALOGUE, detail):
            text = page(client, address)
            assert anonymous.title in text
            assert not [word for word in CANARIES if word in text]
            assert f'"{anonymous.organisation.public_id}"' not in text


def test_its_own_people_and_reviewers_see_all_of_it(
    anonymous: Capability, client_of: Clients, professor: User, reviewer: User
) -> None:
    detail = reverse("capabilities:detail", args=[anonymous.public_id])
    for user in (professor, reviewer):
        text = page(client_of(user), detail)
        assert "胶州湾理工大学" in text
        assert "金丝雀专利" in text


@pytest.mark.parametrize(
    ("disclosure", "seen_by"),
    [
        (Disclosure.PUBLIC_NAMED, {"visitor", "stranger", "broker", "professor", "reviewer"}),
        (Disclosure.PUBLIC_ANONYMOUS, {"visitor", "stranger", "broker", "professor", "reviewer"}),
        (Disclosure.MEMBERS, {"stranger", "broker", "professor", "reviewer"}),
        (Disclosure.BROKERS, {"broker", "professor", "reviewer"}),
    ],
)
def test_each_sees_what_is_disclosed_to_them_and_the_rest_is_not_there(
    published: Capability, client_of: Clients, everybody: dict[str, User], disclosure: str, seen_by: set[str]
) -> None:
    Capability.objects.filter(pk=published.pk).update(disclosure=disclosure)
    clients = {"visitor": Client()} | {name: client_of(user) for name, user in everybody.items()}
    detail = reverse("capabilities:detail", args=[published.public_id])
    for name in ("visitor", "stranger", "broker", "professor", "reviewer"):
        assert clients[name].get(detail).status_code == (200 if name in seen_by else 404), name
        assert (published.title in page(clients[name], CATALOGUE)) is (name in seen_by), name


@pytest.mark.parametrize(
    "state",
    [
        CapabilityState.DRAFT,
        CapabilityState.SUBMITTED,
        CapabilityState.RETURNED,
        CapabilityState.STALE,
        CapabilityState.ARCHIVED,
    ],
)
def test_what_is_not_in_the_catalogue_is_its_owners_and_the_reviewers_alone(
    in_state: Callable[[CapabilityState], Capability],
    client_of: Clients,
    everybody: dict[str, User],
    state: CapabilityState,
) -> None:
    detail = reverse("capabilities:detail", args=[in_state(state).public_id])
    assert Client().get(detail).status_code == 404
    for name, user in everybody.items():
        expected = 200 if name in {"professor", "reviewer", "administrator"} else 404
        assert client_of(user).get(detail).status_code == expected, name


def test_its_owner_sees_the_needs_that_fit_and_visitors_do_not(
    published: Capability, client_of: Clients, professor: User
) -> None:
    detail = reverse("capabilities:detail", args=[published.public_id])
    needs = reverse("matching:capability_needs", args=[published.public_id])
    assert f'hx-get="{needs}"' in page(client_of(professor), detail)
    assert needs not in page(Client(), detail)


# Page or button → the roles that may use it on a published capability of the university (others: see the test).
GET_PAGES = {"edit": {"professor"}, "publish": {"professor"}}
BUTTONS = {
    "publish": {"professor"},
    "archive": {"professor", "administrator"},
    "confirm": {"professor", "administrator"},
    "reopen": {"professor", "administrator"},
    "recall": {"professor"},
}
ROLES = ("visitor", "professor", "sme_owner", "stranger", "broker", "reviewer", "administrator")


@pytest.mark.parametrize("role", ROLES)
def test_every_page_and_button_is_refused_to_the_wrong_roles(
    request: pytest.FixtureRequest, client_of: Clients, published: Capability, role: str
) -> None:
    client = Client() if role == "visitor" else client_of(request.getfixturevalue(role))
    for method, table in ((client.get, GET_PAGES), (client.post, BUTTONS)):
        for name, allowed in table.items():
            answer = method(reverse(f"capabilities:{name}", args=[published.public_id]))
            if role == "visitor":
                assert answer.headers["Location"].startswith(reverse("accounts:sign_in")), name
            elif role in allowed:
                assert answer.status_code in (200, 302), name
            else:
                assert answer.status_code == 403, name
    published.refresh_from_db()
    if role not in {"professor", "administrator"}:
        assert (published.state, published.version) == (CapabilityState.PUBLISHED, 1)


OFFERED = {
    "draft": {"edit", "publish", "archive"},
    "submitted": {"recall"},
    "returned": {"edit", "publish", "archive"},
    "published": {"edit", "confirm", "archive"},
    "stale": {"edit", "confirm", "archive"},
    "archived": {"reopen"},
}


@pytest.mark.parametrize("state", list(CapabilityState))
def test_each_state_offers_its_buttons_to_the_owner_and_none_to_visitors(
    in_state: Callable[[CapabilityState], Capability], client_of: Clients, professor: User, state: CapabilityState
) -> None:
    capability = in_state(state)
    detail = reverse("capabilities:detail", args=[capability.public_id])
    addresses = {name: reverse(f"capabilities:{name}", args=[capability.public_id]) for name in {"edit", *BUTTONS}}
    text = page(client_of(professor), detail)
    assert {name for name, address in addresses.items() if f'"{address}"' in text} == OFFERED[state]
    visitors = Client().get(detail).content.decode()
    assert not [address for address in addresses.values() if f'"{address}"' in visitors]


def test_a_reviewer_is_offered_the_way_back(
    published: Capability, client_of: Clients, reviewer: User, professor: User
) -> None:
    detail = reverse("capabilities:detail", args=[published.public_id])
    assert reverse("capability_return", args=[published.public_id]) in page(client_of(reviewer), detail)
    assert reverse("capability_return", args=[published.public_id]) not in page(client_of(professor), detail)


@pytest.mark.parametrize("name", ["archive", "confirm", "reopen", "recall"])
def test_a_button_is_no_link(published: Capability, client_of: Clients, professor: User, name: str) -> None:
    answer = client_of(professor).get(reverse(f"capabilities:{name}", args=[published.public_id]))
    assert answer.status_code == 405


def test_what_a_person_may_not_see_is_absent_to_every_button(
    draft: Capability, client_of: Clients, stranger: User, broker: User
) -> None:
    for user in (stranger, broker):
        for name in ("edit", "publish", "archive", "confirm", "reopen", "recall"):
            assert client_of(user).post(reverse(f"capabilities:{name}", args=[draft.public_id])).status_code == 404


def test_a_button_does_what_it_says(published: Capability, client_of: Clients, professor: User) -> None:
    client = client_of(professor)
    for name, state in (("archive", "archived"), ("reopen", "published"), ("confirm", "published")):
        client.post(reverse(f"capabilities:{name}", args=[published.public_id]))
        published.refresh_from_db()
        assert published.state == state


def test_a_move_that_came_too_late_is_told_and_changes_nothing(
    published: Capability, client_of: Clients, professor: User
) -> None:
    client = client_of(professor)
    for _ in range(2):
        answer = client.post(reverse("capabilities:archive", args=[published.public_id]), follow=True)
    assert answer.status_code == 200
    assert "alert" in answer.content.decode()


def test_ones_own_list_shows_every_state_and_the_next_step(
    client_of: Clients, professor: User, draft: Capability, published: Capability, stranger: User
) -> None:
    Capability.objects.filter(pk=published.pk).update(valid_until=clock.today() + timedelta(days=5), title="快到期的")
    text = page(client_of(professor), reverse("capabilities:mine"))
    assert "继续填写" in text
    assert "还有 5 天到期" in text
    only_drafts = page(client_of(professor), reverse("capabilities:mine"), state="draft")
    assert "快到期的" not in only_drafts
    assert "快到期的" in page(client_of(professor), reverse("capabilities:mine"), state="nonsense")
    assert draft.title not in page(client_of(stranger), reverse("capabilities:mine"))


def test_lists_cost_the_same_however_long_they_are(
    university: Organisation, client_of: Clients, professor: User
) -> None:
    tags = list(Term.objects.filter(vocabulary="tag")[:3])
    for number in range(3):
        make_capability(organisation=university, title=f"技术{number}").tags.set(tags)
    few = _queries(Client(), CATALOGUE), _queries(client_of(professor), "/capabilities/mine/")
    for number in range(12):
        make_capability(organisation=university, title=f"更多技术{number}").tags.set(tags)
    assert (_queries(Client(), CATALOGUE), _queries(client_of(professor), "/capabilities/mine/")) == few


def _queries(client: Client, address: str) -> int:
    with CaptureQueriesContext(connection) as captured:
        assert client.get(address).status_code == 200
    return len(captured)


def test_long_lists_are_paged(university: Organisation) -> None:
    for number in range(23):
        make_capability(organisation=university, title=f"技术{number:02d}")
    assert len(Client().get(CATALOGUE).context["cards"]) == 20
    assert len(Client().get(CATALOGUE, {"page": 2}).context["cards"]) == 3


def test_whoever_could_use_a_capability_is_told_what_comes_next(
    published: Capability, client_of: Clients, sme_owner: User, professor: User
) -> None:
    address = reverse("capabilities:detail", args=[published.public_id])
    assert f'href="/accounts/sign-in/?next={address}"' in page(Client(), address)
    assert "已有需求的" in page(client_of(sme_owner), address)
    assert "用得上这项资源" not in page(client_of(professor), address)
