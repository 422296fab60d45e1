"""What people are shown of near-duplicates, and what they are never told."""

from collections.abc import Callable

import pytest
from django.conf import LazySettings
from django.test import Client
from django.urls import reverse

from apps.accounts.models import Organisation, User
from apps.capabilities.models import Capability
from apps.matching.fingerprints import refresh
from apps.matching.models import MatchRequest, ProposalState
from apps.needs.models import Need, NeedState
from tests.factories import make_capability, make_need, make_organisation

type SignIn = Callable[[User], Client]
type Match = Callable[..., MatchRequest]
HTMX = {"HX-Request": "true"}


def twin_of(need: Need, **fields: object) -> Need:
    return make_need(**{"organisation": need.organisation, "title": f"{need.title}（再次发布）"} | fields)


def said_of(row: Need | Capability, client: Client) -> str:
    name = "need_look_alikes" if isinstance(row, Need) else "capability_look_alikes"
    response = client.get(reverse(f"matching:{name}", args=[row.public_id]), headers=HTMX)
    assert response.status_code == 200
    return response.content.decode()


@pytest.fixture
def posted(need: Need) -> Need:
    refresh(Need, [need.pk])
    return need


def test_a_need_posted_again_is_told_kindly_before_it_is_published(
    posted: Need, sme_owner: User, client_of: SignIn
) -> None:
    again = twin_of(posted, state=NeedState.DRAFT)
    said = said_of(again, client_of(sme_owner))
    assert posted.title in said
    assert reverse("needs:detail", args=[posted.public_id]) in said
    assert "是否为重复发布" in said
    assert said_of(posted, client_of(sme_owner)).strip() == ""


def test_both_pages_of_a_need_ask_for_what_looks_alike(posted: Need, sme_owner: User, client_of: SignIn) -> None:
    again = twin_of(posted, state=NeedState.DRAFT)
    for page in ("needs:detail", "needs:publish"):
        html = client_of(sme_owner).get(reverse(page, args=[again.public_id])).content.decode()
        assert reverse("matching:need_look_alikes", args=[again.public_id]) in html


def test_a_competitor_s_need_is_never_told_of_but_to_reviewers_and_brokers(
    posted: Need,
    other_enterprise: Organisation,
    stranger: User,
    reviewer: User,
    broker: User,
    administrator: User,
    client_of: SignIn,
) -> None:
    theirs = twin_of(posted, organisation=other_enterprise)
    refresh(Need, [theirs.pk])
    assert said_of(theirs, client_of(stranger)).strip() == ""
    for person in (reviewer, broker, administrator):
        said = said_of(theirs, client_of(person))
        assert posted.title in said
        assert posted.organisation.name in said


def test_what_looks_like_a_row_is_told_to_its_own_people_and_the_platform_only(
    posted: Need, professor: User, stranger: User, client_of: SignIn, client: Client
) -> None:
    url = reverse("matching:need_look_alikes", args=[posted.public_id])
    assert [client_of(person).get(url, headers=HTMX).status_code for person in (professor, stranger)] == [404, 404]
    assert client.get(url, headers=HTMX).status_code == 401


def test_a_result_listed_twice_is_told_to_its_owner(capability: Capability, professor: User, client_of: SignIn) -> None:
    refresh(Capability, [capability.pk])
    again = make_capability(organisation=capability.organisation)
    said = said_of(again, client_of(professor))
    assert reverse("capabilities:detail", args=[capability.public_id]) in said


def test_twins_take_one_place_and_the_others_stand_under_it(
    need: Need, capability: Capability, sme_owner: User, match: Match, client_of: SignIn, settings: LazySettings
) -> None:
    settings.MATCHING_PROPOSALS_PER_NEED = 2
    twin = make_capability(organisation=make_organisation("另一所大学"))
    other = make_capability(
        organisation=capability.organisation,
        title="模具堆焊修复",
        value="模具开裂后不必报废",
        description="用药芯焊丝堆焊修补模具型腔，再做激光重熔和磨削，硬度 55 HRC。",
    )
    match(need=need)
    places = dict(need.proposals.values_list("capability_id", "rank"))
    assert sorted(places[pk] or 0 for pk in (capability.pk, twin.pk)) == [0, 1]
    assert places[other.pk] == 2
    html = client_of(sme_owner).get(reverse("matching:need_proposals", args=[need.public_id])).content.decode()
    assert html.count("另有 1 条内容相近的资源") == 1
    folded = need.proposals.get(rank=None)
    assert reverse("matching:proposal", args=[folded.public_id]) in html
    shown = client_of(sme_owner).get(
        reverse("api:proposal-list"), {"need": need.public_id, "ordering": "rank", "listed": "true"}
    )
    first, second = shown.json()["results"]
    assert [row["id"] for row in first["similar"]] == [folded.public_id]
    assert first["similar"][0]["capability"]["title"] == folded.capability.title
    assert second["similar"] == []
    alone = client_of(sme_owner).get(reverse("api:proposal-detail", args=[folded.public_id])).json()
    assert alone["similar"] == []


def test_a_twin_that_got_a_yes_stands_for_itself(
    need: Need, capability: Capability, sme_owner: User, match: Match, client_of: SignIn
) -> None:
    make_capability(organisation=make_organisation("另一所大学"))
    match(need=need)
    need.proposals.filter(rank=None).update(state=ProposalState.INTERESTED, need_accepted_at=need.created_at)
    html = client_of(sme_owner).get(reverse("matching:need_proposals", args=[need.public_id])).content.decode()
    assert "内容相近的资源" not in html
    assert html.count('class="match-card panel"') == 2


@pytest.mark.parametrize("page", ["capability_needs", "needs_for_me"])
def test_needs_that_say_the_same_are_one_card_for_a_supplier(
    page: str, posted: Need, capability: Capability, professor: User, match: Match, client_of: SignIn
) -> None:
    again = twin_of(posted)
    refresh(Need, [again.pk])
    match(capability=capability)
    url = reverse(f"matching:{page}", args=[capability.public_id] if page == "capability_needs" else [])
    html = client_of(professor).get(url).content.decode()
    assert html.count('class="match-card panel"') == 1
    assert html.count("另有 1 条内容相近的需求") == 1
    assert posted.title in html
    assert again.title in html
