"""暂停展示: a need at work or an organisation is kept from the public, its cases go on, and it comes back."""

from itertools import product
from typing import Any

import pytest
from django.contrib.auth.models import AnonymousUser
from django.core.exceptions import ValidationError
from django.urls import reverse
from rest_framework.test import APIClient

from apps.accounts.disclosure import Disclosure
from apps.accounts.models import Organisation, User
from apps.accounts.services import cloud_centre_open
from apps.capabilities.models import Capability
from apps.core.errors import NotAllowed, StateConflict
from apps.engagements.models import Engagement
from apps.matching.models import MatchRequest
from apps.needs.models import Need, NeedState
from apps.notifications.models import Notification
from apps.review.models import Report, ReportReason, ReportState, Withholding
from apps.review.queues import counts
from apps.review.services.reporting import report_answer, report_make
from apps.review.services.withholding import row_withhold, withholding_lift
from apps.taxonomy.models import Term, Vocabulary
from tests.factories import make_capability, make_engagement, make_need, make_proposal
from tests.review.conftest import ClientOf

pytestmark = pytest.mark.usefixtures("taxonomy")
REASON = "涉嫌冒用他人名义"


@pytest.fixture
def case(sme_owner: User, professor: User) -> Engagement:
    """A running one of the enterprise and the university."""
    need = make_need(
        organisation=sme_owner.membership.organisation, contact=sme_owner, state=NeedState.ENGAGED, nda_required=False
    )
    capability = make_capability(organisation=professor.membership.organisation, contact=professor)
    return make_engagement(proposal=make_proposal(need=need, capability=capability))


def seen_by(person: User, row: Need | Capability) -> bool:
    return type(row).objects.visible_to(person).filter(pk=row.pk).exists()


def test_a_need_at_work_is_hidden_after_a_report_and_its_case_goes_on(
    case: Engagement, stranger: User, sme_owner: User, professor: User, reviewer: User, client_of: ClientOf
) -> None:
    need = case.proposal.need
    report = report_make(subject=need, by=stranger, reason=ReportReason.FALSE)
    page = client_of(reviewer).get(reverse("report_detail", args=[report.public_id])).content.decode()
    assert "暂停展示：不再公开，进行中的对接不受影响" in page
    report_answer(report=report, by=reviewer, state=ReportState.TAKEN_DOWN, text=REASON, seen=report.subject_version)
    need.refresh_from_db()
    assert need.state == NeedState.ENGAGED
    assert Report.objects.get().state == ReportState.TAKEN_DOWN
    assert [seen_by(person, need) for person in (stranger, sme_owner, reviewer)] == [False, True, True]
    assert not Need.objects.open().filter(pk=need.pk).exists()
    url = reverse("needs:detail", args=[need.public_id])
    assert [client_of(person).get(url).status_code for person in (stranger, professor, sme_owner)] == [404, 200, 200]
    assert client_of(professor).get(reverse("engagements:detail", args=[case.public_id])).status_code == 200
    told = Notification.objects.get(recipient=sme_owner, kind="review.withheld")
    assert told.parameters["text"] == REASON


def test_an_organisation_is_hidden_with_all_that_it_published(
    case: Engagement, stranger: User, sme_owner: User, reviewer: User, client_of: ClientOf
) -> None:
    organisation = case.proposal.need.organisation
    other = make_need(organisation=organisation)
    pair = make_proposal(need=other, rank=1)
    row_withhold(row=organisation, by=reviewer, reason=REASON)
    assert [seen_by(stranger, row) for row in (case.proposal.need, other)] == [False, False]
    assert seen_by(sme_owner, other)
    page = reverse("accounts:organisation_public", args=[organisation.public_id])
    assert [client_of(person).get(page).status_code for person in (stranger, sme_owner, reviewer)] == [404, 200, 200]
    pair.refresh_from_db()
    assert pair.rank is None
    names = [row["name"] for row in APIClient().get(reverse("api:organisation-list")).json()["results"]]
    assert names
    assert organisation.name not in names
    organisation.refresh_from_db()
    assert organisation.is_verified


def test_an_enterprise_takes_its_centre_along(
    enterprise: Organisation, stranger: User, sme_owner: User, reviewer: User, client_of: ClientOf
) -> None:
    chain = Term.objects.filter(vocabulary=Vocabulary.INDUSTRY_CHAIN, is_active=True)[0]
    cloud_centre_open(organisation=enterprise, by=sme_owner, values={"industry_chain": chain, "products": "离心泵"})
    urls = reverse("accounts:centres"), reverse("api:centre-list"), reverse("exports:list", args=["centres", "csv"])

    def told() -> list[bool]:
        answers: list[Any] = [client_of(stranger).get(url) for url in urls]
        return [enterprise.name in b"".join(answer).decode() for answer in answers]

    assert told() == [True] * 3
    row_withhold(row=enterprise, by=reviewer, reason=REASON)
    assert told() == [False] * 3
    assert client_of(sme_owner).get(reverse("accounts:centre")).status_code == 200


@pytest.mark.parametrize("role", ["stranger", "sme_owner", "broker", "reviewer", None])
def test_open_rows_of_a_person_are_those_that_are_open_and_visible(
    case: Engagement, reviewer: User, request: pytest.FixtureRequest, role: str | None
) -> None:
    """In one condition: what is kept back is asked for once, by itself and by its organisation."""
    person = request.getfixturevalue(role) if role else AnonymousUser()
    own, other = case.proposal.need.organisation, case.proposal.capability.organisation
    for owner, disclosure, state in product((own, other), Disclosure, (NeedState.PUBLISHED, NeedState.DRAFT)):
        make_need(organisation=owner, disclosure=disclosure, state=state)
        make_capability(organisation=owner, disclosure=disclosure, state=state)
    row_withhold(row=make_need(organisation=other), by=reviewer, reason=REASON)
    row_withhold(row=make_capability(organisation=own), by=reviewer, reason=REASON)
    for rows in (Need.objects.all(), Capability.objects.all()):
        assert set(rows.open_to(person)) == set(rows.open()) & set(rows.visible_to(person))
        assert str(rows.open_to(person).query).count('FROM "review_withholding"') == 2
    row_withhold(row=own, by=reviewer, reason=REASON)
    assert own.pk not in Need.objects.open_to(person).values_list("organisation", flat=True)


def test_what_is_kept_back_cannot_be_reported_by_name(
    enterprise: Organisation, stranger: User, reviewer: User, client_of: ClientOf
) -> None:
    url = reverse("report_new", args=["organisations", enterprise.public_id])
    assert client_of(stranger).get(url).status_code == 200
    row_withhold(row=enterprise, by=reviewer, reason=REASON)
    assert client_of(stranger).get(url).status_code == 404


def test_a_university_takes_its_resources_along(case: Engagement, stranger: User, reviewer: User) -> None:
    capability = case.proposal.capability
    row_withhold(row=capability.organisation, by=reviewer, reason=REASON)
    assert not seen_by(stranger, capability)
    assert not Capability.objects.open().exists()


def test_lifted_it_is_shown_and_matched_again(case: Engagement, stranger: User, reviewer: User) -> None:
    need = case.proposal.need
    withholding = row_withhold(row=need, by=reviewer, reason=REASON)
    assert counts(reviewer)["withheld"] == 1
    MatchRequest.objects.all().delete()
    withholding_lift(withholding=withholding, by=reviewer, note="已核实身份")
    assert seen_by(stranger, need)
    assert counts(reviewer)["withheld"] == 0
    assert MatchRequest.objects.filter(need=need).exists()
    with pytest.raises(StateConflict):
        withholding_lift(withholding=withholding, by=reviewer, note="再恢复一次")


def test_it_is_lifted_from_the_queue_with_a_reason(case: Engagement, reviewer: User, client_of: ClientOf) -> None:
    withholding, desk = row_withhold(row=case.proposal.need, by=reviewer, reason=REASON), client_of(reviewer)
    url = reverse("review_lift", args=[withholding.public_id])
    assert url in desk.get(reverse("review"), {"tab": "withheld"}).content.decode()
    assert "请写明原因" in desk.post(url, {"note": " "}, follow=True).content.decode()
    assert "已恢复展示" in desk.post(url, {"note": "已核实身份"}, follow=True).content.decode()
    assert Withholding.objects.get().lifted_by == reviewer


def test_only_reviewers_who_are_not_of_it_do_it_and_only_with_a_reason(
    case: Engagement, sme_owner: User, broker: User, reviewer: User, client_of: ClientOf
) -> None:
    need = case.proposal.need
    for person in (sme_owner, broker):
        with pytest.raises(NotAllowed):
            row_withhold(row=need, by=person, reason=REASON)
    with pytest.raises(ValidationError):
        row_withhold(row=need, by=reviewer, reason=" ")
    withholding = row_withhold(row=need, by=reviewer, reason=REASON)
    with pytest.raises(StateConflict):
        row_withhold(row=need, by=reviewer, reason=REASON)
    url = reverse("review_lift", args=[withholding.public_id])
    assert client_of(sme_owner).post(url, {"note": "我恢复"}).status_code == 403


def test_a_draft_or_an_unverified_organisation_is_not_kept_back(enterprise: Organisation, reviewer: User) -> None:
    with pytest.raises(StateConflict):
        row_withhold(row=make_need(organisation=enterprise, state=NeedState.DRAFT), by=reviewer, reason=REASON)
