"""A new capability is compared with needs that ended unmatched: only their owner hears of it."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.conf import LazySettings
from django.test import Client
from django.urls import reverse
from django.utils.timezone import localtime

from apps.accounts.disclosure import Disclosure
from apps.accounts.models import Organisation, User
from apps.capabilities.models import Capability
from apps.capabilities.signals import capability_withdrawn
from apps.core import clock
from apps.matching.models import MatchRequest, Proposal, ProposalState, Prospect
from apps.matching.prospects import prospects_for, revival_of, revivals_for
from apps.matching.selectors import needs_that_fit, proposals_of_capability
from apps.needs.models import Need, NeedState
from apps.needs.services import need_renew, need_reopen
from tests.factories import make_capability, make_proposal
from tests.matching.pages import HTMX, SignIn, text_of

Match = Callable[..., MatchRequest]


def days(count: int) -> timedelta:
    return timedelta(days=count)


@pytest.fixture
def ended(need: Need, sme_owner: User) -> Need:
    """It expired some 300 days ago; nobody had answered."""
    today = clock.today()
    Need.objects.filter(pk=need.pk).update(
        state=NeedState.EXPIRED,
        valid_until=today - days(300),
        published_at=clock.now() - days(365),
        contact=sme_owner,
    )
    need.refresh_from_db()
    return need


@pytest.fixture
def prospect(ended: Need, capability: Capability, match: Match) -> Prospect:
    match(capability=capability)
    return Prospect.objects.get()


def test_a_new_capability_finds_the_ended_need_and_makes_no_proposal(
    prospect: Prospect, ended: Need, capability: Capability
) -> None:
    assert (prospect.need, prospect.capability) == (ended, capability)
    assert not Proposal.objects.exists()


def test_the_score_is_that_of_the_need_once_it_is_open_again(
    prospect: Prospect, ended: Need, match: Match, sme_owner: User
) -> None:
    need_renew(need=ended, by=sme_owner)
    MatchRequest.objects.all().delete()
    match(need=ended)
    assert Proposal.objects.get().score == prospect.score


@pytest.mark.parametrize("reason", ["too old", "answered", "proposed before", "own", "closed by its owner"])
def test_some_ended_needs_are_left_alone(
    *, ended: Need, capability: Capability, match: Match, reason: str, university: Organisation
) -> None:
    rows = Need.objects.filter(pk=ended.pk)
    if reason == "too old":
        rows.update(valid_until=clock.today() - days(25 * 31))
    elif reason == "answered":
        fields = dict.fromkeys(("need_accepted_at", "capability_accepted_at", "accepted_at"), clock.now())
        make_proposal(need=ended, capability=make_capability(), state=ProposalState.ACCEPTED, **fields)
    elif reason == "proposed before":
        make_proposal(need=ended, capability=capability)
    elif reason == "own":
        rows.update(organisation=university)
    else:
        rows.update(state=NeedState.CLOSED, closed_at=clock.now())
    match(capability=capability)
    assert not Prospect.objects.exists()


def test_how_long_ended_needs_are_remembered_is_a_setting(
    ended: Need, capability: Capability, match: Match, settings: LazySettings
) -> None:
    settings.MATCHING_UNMATCHED_MONTHS = 6
    match(capability=capability)
    assert not Prospect.objects.exists()


def test_a_need_that_was_given_up_as_unmatched_is_found_by_the_day_it_ended(
    ended: Need, capability: Capability, match: Match
) -> None:
    long_ago = clock.today() - days(900)
    Need.objects.update(state=NeedState.UNMATCHED, valid_until=long_ago, closed_at=clock.now() - days(10))
    match(capability=capability)
    assert Prospect.objects.get().need == ended


def test_what_hardly_fits_is_not_worth_a_word(
    ended: Need, capability: Capability, match: Match, settings: LazySettings
) -> None:
    settings.MATCHING_PREVIEW_SCORE = 100
    match(capability=capability)
    assert not Prospect.objects.exists()


def test_the_same_again_writes_nothing_and_what_fits_no_more_goes(
    prospect: Prospect, capability: Capability, match: Match
) -> None:
    match(capability=capability)
    assert Prospect.objects.get().updated_at == prospect.updated_at
    Capability.objects.update(title="海盐蒸发池", value="卤水浓缩", description="滩田补水与结晶控制。", version=2)
    match(capability=capability)
    assert not Prospect.objects.exists()


def test_only_the_owner_is_told(
    prospect: Prospect, sme_owner: User, colleague: User, professor: User, stranger: User, broker: User
) -> None:
    for own in (sme_owner, colleague):
        assert list(prospects_for(own)) == [prospect]
        assert [revival.count for revival in revivals_for(own)] == [1]
    for other in (professor, stranger, broker):
        assert not prospects_for(other).exists()
        assert revival_of(prospect.need, other) is None


def test_the_supplier_sees_the_need_nowhere_until_it_is_open_again(
    *, prospect: Prospect, professor: User, sme_owner: User, client_of: SignIn, match: Match, ended: Need
) -> None:
    client = client_of(professor)
    pages = [
        reverse("home"),
        reverse("matching:needs_for_me"),
        reverse("matching:inbox"),
        reverse("matching:capability_needs", args=[prospect.capability.public_id]),
        reverse("needs:board"),
        "/api/v1/proposals/",
    ]
    assert all(ended.title not in text_of(client, page) for page in pages)
    assert client.get(reverse("needs:detail", args=[ended.public_id])).status_code == 404
    assert not proposals_of_capability(prospect.capability, professor).exists()
    need_renew(need=ended, by=sme_owner)
    MatchRequest.objects.all().delete()
    match(need=ended)
    assert needs_that_fit(professor).count() == 1


@pytest.mark.parametrize("role", ["professor", "stranger", "broker", "reviewer", "administrator"])
def test_others_find_no_such_page(
    prospect: Prospect, client_of: SignIn, role: str, request: pytest.FixtureRequest
) -> None:
    client = client_of(request.getfixturevalue(role))
    assert client.get(reverse("matching:need_prospects", args=[prospect.need.public_id])).status_code == 404


def test_a_visitor_gets_no_fragment(prospect: Prospect, client: Client) -> None:
    url = reverse("matching:need_prospects", args=[prospect.need.public_id])
    assert client.get(url, headers=HTMX).status_code == 401


def test_the_owner_renews_with_one_click(prospect: Prospect, sme_owner: User, client_of: SignIn) -> None:
    client = client_of(sme_owner)
    need = prospect.need
    assert need.title in text_of(client, reverse("home"))
    text = text_of(client, reverse("matching:need_prospects", args=[need.public_id]))
    assert need.published_at is not None
    month = localtime(need.published_at)
    assert f"贵单位 {month.year}年{month.month}月的需求当时未找到合适资源，现有 1 项新资源可能适合" in text
    assert prospect.capability.title in text
    renew = reverse("needs:renew", args=[need.public_id])
    assert f'action="{renew}"' in text
    client.post(renew)
    need.refresh_from_db()
    assert need.is_open
    assert not Prospect.objects.exists()
    assert MatchRequest.objects.filter(need=need, priority="interactive").exists()


def test_an_unmatched_need_is_reopened_instead(prospect: Prospect, sme_owner: User) -> None:
    Need.objects.update(state=NeedState.UNMATCHED)
    (revival,) = revivals_for(sme_owner)
    assert revival.action == "needs:reopen"
    need_reopen(need=revival.need, by=sme_owner)
    assert not Prospect.objects.exists()


def test_a_capability_that_was_withdrawn_or_changed_is_shown_no_more(prospect: Prospect, sme_owner: User) -> None:
    Capability.objects.update(version=2)
    assert not revivals_for(sme_owner)
    capability_withdrawn.send(Capability, capability=prospect.capability, by=None)
    assert not Prospect.objects.exists()


def test_an_anonymous_supplier_stays_anonymous(prospect: Prospect, sme_owner: User, university: Organisation) -> None:
    reasons = [{"kind": "for_need", "text": f"{university.name}的激光熔覆正对您的轧辊。", "terms": []}]
    Prospect.objects.update(reasons=reasons)
    Capability.objects.update(disclosure=Disclosure.PUBLIC_NAMED)
    named = revival_of(prospect.need, sme_owner)
    Capability.objects.update(disclosure=Disclosure.PUBLIC_ANONYMOUS)
    anonymous = revival_of(prospect.need, sme_owner)
    assert named is not None
    assert anonymous is not None
    assert (named.cards[0].owner, anonymous.cards[0].owner) == (university.name, None)
    assert (named.cards[0].why != "", anonymous.cards[0].why) == (True, "")
