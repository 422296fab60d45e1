"""The home page: what this is, and what waits for whom."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries

from apps.accounts.models import Organisation, User
from apps.capabilities.models import CapabilityState
from apps.core import clock
from apps.engagements.models import Outcome
from apps.matching.models import ProposalState
from apps.needs.models import NeedState
from apps.taxonomy.models import Term
from tests.factories import make_capability, make_engagement, make_need, make_proposal

ClientOf = Callable[[User], Client]
pytestmark = pytest.mark.usefixtures("taxonomy")


def home_of(client: Client) -> str:
    response = client.get("/")
    assert response.status_code == 200
    return response.content.decode()


def test_visitors_read_what_this_is_and_count_what_they_can_open(client: Client) -> None:
    make_need()
    make_need(title="另一个需求", disclosure="members")  # not on a visitor's board, so not in his number
    make_capability()
    page = home_of(client)
    for audience in ("企业", "高校院所", "主管部门"):
        assert audience in page
    assert [number.value for number in client.get("/").context["numbers"]][:2] == [1, 1]


def test_an_empty_platform_has_a_home_page(client: Client) -> None:
    assert [number.value for number in client.get("/").context["numbers"]] == [0, 0, 0, 0]


def test_drafts_and_returned_needs_wait_for_their_organisation_only(
    client_of: ClientOf, sme_owner: User, colleague: User, stranger: User, enterprise: Organisation
) -> None:
    make_need(organisation=enterprise, state=NeedState.DRAFT, title="写了一半的需求")
    make_need(organisation=enterprise, state=NeedState.RETURNED, title="要改的需求", return_reason="指标不清楚")
    for person in (sme_owner, colleague):
        page = home_of(client_of(person))
        assert "写了一半的需求" in page
        assert "指标不清楚" in page
    assert "写了一半的需求" not in home_of(client_of(stranger))


def test_beside_what_waits_stands_what_the_side_is_here_for(
    client_of: ClientOf, sme_owner: User, professor: User, enterprise: Organisation, university: Organisation
) -> None:
    make_need(organisation=enterprise, state=NeedState.DRAFT)
    make_capability(organisation=university, state=CapabilityState.DRAFT)
    for person, address in ((sme_owner, "/needs/new/"), (professor, "/capabilities/new/")):
        page = home_of(client_of(person))
        assert address in page[page.index('class="page-actions"') : page.index('id="waiting"')]


def test_an_answer_of_the_other_side_waits_for_this_one(
    client_of: ClientOf, sme_owner: User, professor: User, enterprise: Organisation, university: Organisation
) -> None:
    need = make_need(organisation=enterprise)
    capability = make_capability(organisation=university)
    make_proposal(need=need, capability=capability, state=ProposalState.INTERESTED, capability_accepted_at=clock.now())
    assert "对方愿意对接" in home_of(client_of(sme_owner))
    assert "对方愿意对接" not in home_of(client_of(professor))


def test_an_outcome_waits_for_the_side_that_did_not_report_it(
    client_of: ClientOf, sme_owner: User, professor: User, enterprise: Organisation, university: Organisation
) -> None:
    proposal = make_proposal(
        need=make_need(organisation=enterprise), capability=make_capability(organisation=university)
    )
    Outcome.objects.create(
        engagement=make_engagement(proposal=proposal),
        outcome_type=Term.objects.filter(vocabulary="outcome_type")[0],
        description="轧辊寿命提高一倍。",
        occurred_on=clock.today(),
        reported_by=sme_owner,
        reported_side="need",
        reported_at=clock.now(),
    )
    assert "请确认成效" in home_of(client_of(professor))
    assert "请确认成效" not in home_of(client_of(sme_owner))


def test_a_supplier_sees_its_drafts_and_what_must_be_confirmed(
    client_of: ClientOf, professor: User, university: Organisation
) -> None:
    make_capability(organisation=university, state=CapabilityState.DRAFT, title="没写完的成果")
    make_capability(organisation=university, state=CapabilityState.STALE, title="去年的成果")
    page = home_of(client_of(professor))
    assert "没写完的成果" in page
    assert "请确认信息仍然有效" in page


def test_somebody_with_nothing_to_do_is_told_so(client_of: ClientOf, sme_owner: User, broker: User) -> None:
    assert "都处理好了" in home_of(client_of(sme_owner))
    assert "都处理好了" in home_of(client_of(broker))


def test_an_unconfirmed_address_and_a_rejection_are_said(
    client_of: ClientOf, sme_owner: User, enterprise: Organisation
) -> None:
    User.objects.filter(pk=sme_owner.pk).update(email_confirmed_at=None)
    Organisation.objects.filter(pk=enterprise.pk).update(state="rejected", rejection_reason="名称与执照不符")
    page = home_of(client_of(sme_owner))
    assert "请确认您的邮箱" in page
    assert "名称与执照不符" in page


def test_a_longer_list_costs_no_more_queries(
    client_of: ClientOf,
    sme_owner: User,
    enterprise: Organisation,
    django_assert_max_num_queries: DjangoAssertNumQueries,
) -> None:
    for _number in range(5):
        need = make_need(organisation=enterprise)
        make_proposal(need=need, state=ProposalState.INTERESTED, capability_accepted_at=clock.now())
        make_need(organisation=enterprise, state=NeedState.DRAFT)
    client = client_of(sme_owner)
    with django_assert_max_num_queries(15):
        page = home_of(client)
    assert page.count("row-card-slim") == 10


def test_a_supplier_s_list_costs_no_more_queries(
    client_of: ClientOf,
    professor: User,
    university: Organisation,
    django_assert_max_num_queries: DjangoAssertNumQueries,
) -> None:
    for state in (ProposalState.INTERESTED, ProposalState.TIMED_OUT):
        for _number in range(5):
            capability = make_capability(organisation=university)
            make_proposal(capability=capability, state=state, need_accepted_at=clock.now())
            make_capability(organisation=university, state=CapabilityState.DRAFT)
            make_capability(organisation=university, state=CapabilityState.STALE)
    client = client_of(professor)
    home_of(client)
    with django_assert_max_num_queries(15):
        page = home_of(client)
    assert (page.count("等您回复"), page.count("仍可答复")) == (5, 5)
    assert "10 项资源待确认" in page


def test_what_waits_is_one_list_with_the_oldest_first(
    client_of: ClientOf, sme_owner: User, enterprise: Organisation, university: Organisation
) -> None:
    """What somebody waits for stands before what the person left off, however old."""
    make_need(organisation=enterprise, state=NeedState.DRAFT, title="写了一半的需求")
    for title, days in (("昨天的资源", 1), ("上周的资源", 7)):
        accepted_at = clock.now() - timedelta(days=days)
        capability = make_capability(organisation=university, title=title)
        pair = {"need": make_need(organisation=enterprise), "capability": capability}
        make_proposal(**pair, state=ProposalState.INTERESTED, capability_accepted_at=accepted_at)
    page = home_of(client_of(sme_owner))
    assert page.index("上周的资源") < page.index("昨天的资源") < page.index("写了一半的需求")


def test_an_enterprise_counts_the_cases_of_both_its_sides(
    client_of: ClientOf, sme_owner: User, enterprise: Organisation, other_enterprise: Organisation, taxonomy: None
) -> None:
    """As many as its list of cases has: one it asked for, one it supplies; not those of others."""
    asked = make_proposal(need=make_need(organisation=enterprise), capability=make_capability())
    own = make_capability(organisation=enterprise)
    supplied = make_proposal(need=make_need(organisation=other_enterprise), capability=own)
    elsewhere = make_proposal(need=make_need(organisation=other_enterprise), capability=make_capability())
    for proposal in (asked, supplied, elsewhere):
        make_engagement(proposal=proposal)
    numbers = {number.url: number.value for number in client_of(sme_owner).get("/").context["numbers"]}
    assert numbers[reverse("engagements:list")] == 2
