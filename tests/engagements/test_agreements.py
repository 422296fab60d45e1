"""Where the need asks for a non-disclosure agreement, nothing opens before both sides have confirmed it."""

from collections.abc import Callable
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from rest_framework.test import APIClient

from apps.accounts.models import Organisation, User
from apps.core.errors import NotAllowed, StateConflict
from apps.engagements.agreement_panel import names_for
from apps.engagements.agreement_pdf import UNNAMED, Names, agreement_pdf
from apps.engagements.agreement_text import CLAUSES, CURRENT_VERSION
from apps.engagements.models import Agreement, EndReason, Engagement
from apps.engagements.services import (
    agreement_confirm,
    contract_record,
    engagement_advance,
    engagement_end,
    engagement_plan,
    outcome_report,
)
from apps.engagements.services.steps import Plan
from apps.matching.models import Proposal
from apps.matching.services import proposal_accept
from apps.needs.models import NeedAttachment, NeedState
from apps.needs.services import attachment_add
from tests.engagements.conftest import PNG
from tests.factories import make_capability, make_need, make_proposal

ClientOf = Callable[[User], Client]
pytestmark = pytest.mark.django_db
NEED_SIDE = ("陈立", "13000000001", "owner@hailan.example", "青岛海岚精工有限公司", "海岚精工")
CAPABILITY_SIDE = ("林教授", "13000000003", "professor@wan.example", "胶州湾理工大学", "湾理工")


@pytest.fixture
def file(enterprise: Organisation, sme_owner: User, media: Any) -> NeedAttachment:
    need = make_need(organisation=enterprise, contact=sme_owner, nda_required=True)
    upload = SimpleUploadedFile("图纸.png", PNG)
    return attachment_add(need=need, by=sme_owner, upload=upload, visibility="after_acceptance")


@pytest.fixture
def agreement(file: NeedAttachment, university: Organisation, sme_owner: User, professor: User) -> Agreement:
    """Both sides accepted a need that asks for the agreement; neither has confirmed it."""
    capability = make_capability(organisation=university, contact=professor, disclosure="public_anonymous")
    proposal = make_proposal(need=file.need, capability=capability)
    proposal_accept(proposal=proposal, by=sme_owner)
    proposal_accept(proposal=proposal, by=professor)
    return Agreement.objects.get()


def addresses(agreement: Agreement) -> list[str]:
    """Every page that a side may open of such a case, the API's too."""
    case, proposal = agreement.engagement, agreement.engagement.proposal
    return [
        reverse("engagements:list"),
        reverse("engagements:list") + "?view=board",
        reverse("engagements:list") + "?q=海岚",
        reverse("engagements:detail", args=[case.public_id]),
        reverse("engagements:contract", args=[case.public_id]),
        reverse("matching:proposal", args=[proposal.public_id]),
        reverse("matching:inbox"),
        reverse("needs:detail", args=[proposal.need.public_id]),
        reverse("capabilities:detail", args=[proposal.capability.public_id]),
        reverse("home"),
    ]


def leaks(client: Client, agreement: Agreement, names: tuple[str, ...]) -> list[tuple[str, str]]:
    found = []
    for address in addresses(agreement):
        response = client.get(address)
        assert response.status_code == 200, address
        page = response.content.decode()
        found += [(address, name) for name in names if name in page]
    return found


def test_before_both_confirmed_no_page_tells_the_other_side(
    agreement: Agreement, sme_owner: User, professor: User, broker: User, client_of: ClientOf
) -> None:
    assert leaks(client_of(professor), agreement, NEED_SIDE) == []
    assert leaks(client_of(sme_owner), agreement, CAPABILITY_SIDE) == []
    assert leaks(client_of(broker), agreement, (*NEED_SIDE, *CAPABILITY_SIDE)) == []
    agreement_confirm(agreement=agreement, by=sme_owner)
    assert leaks(client_of(professor), agreement, NEED_SIDE) == []


def test_before_both_confirmed_the_api_tells_nothing(agreement: Agreement, professor: User, sme_owner: User) -> None:
    case, proposal = agreement.engagement, agreement.engagement.proposal
    for person, names in ((professor, NEED_SIDE), (sme_owner, CAPABILITY_SIDE)):
        client = APIClient()
        client.force_authenticate(person)
        for name, arguments in (
            ("engagement-list", []),
            ("engagement-detail", [case.public_id]),
            ("proposal-list", []),
            ("proposal-detail", [proposal.public_id]),
            ("need-detail", [proposal.need.public_id]),
        ):
            answer = client.get(reverse(f"api:{name}", args=arguments)).content.decode()
            assert not [word for word in names if word in answer], name


def test_the_search_does_not_find_a_case_by_a_name_that_is_not_open(
    agreement: Agreement, professor: User, sme_owner: User, client_of: ClientOf
) -> None:
    def found() -> int:
        return int(client_of(professor).get(reverse("engagements:list"), {"q": "海岚"}).context["page"].paginator.count)

    assert found() == 0
    agreement_confirm(agreement=agreement, by=sme_owner)
    agreement_confirm(agreement=agreement, by=professor)
    assert found() == 1


def test_the_files_of_the_need_open_with_the_agreement(
    agreement: Agreement, file: NeedAttachment, sme_owner: User, professor: User, client_of: ClientOf
) -> None:
    url = reverse("needs:attachment", args=[file.need.public_id, file.public_id])
    assert client_of(professor).get(url).status_code == 404
    agreement_confirm(agreement=agreement, by=professor)
    assert client_of(professor).get(url).status_code == 404
    agreement_confirm(agreement=agreement, by=sme_owner)
    assert client_of(professor).get(url).status_code == 200


def test_a_case_that_ended_closes_the_files_again(
    agreement: Agreement, file: NeedAttachment, sme_owner: User, professor: User, client_of: ClientOf
) -> None:
    for person in (sme_owner, professor):
        agreement_confirm(agreement=agreement, by=person)
    engagement_end(engagement=agreement.engagement, by=professor, reason=EndReason.COST)
    url = reverse("needs:attachment", args=[file.need.public_id, file.public_id])
    assert client_of(professor).get(url).status_code == 404


def test_with_both_confirmations_contacts_open(
    agreement: Agreement, sme_owner: User, professor: User, client_of: ClientOf
) -> None:
    agreement_confirm(agreement=agreement, by=sme_owner)
    agreement_confirm(agreement=agreement, by=professor)
    stored = Agreement.objects.get()
    assert stored.signed_at is not None
    assert (stored.need_party, stored.capability_party) == ("青岛海岚精工有限公司", "胶州湾理工大学")
    page = client_of(professor).get(reverse("engagements:detail", args=[stored.engagement.public_id])).content.decode()
    assert all(text in page for text in NEED_SIDE[:4])


@pytest.mark.parametrize("who", ["stranger", "broker", "reviewer", "administrator"])
def test_only_the_two_sides_confirm(agreement: Agreement, who: str, request: pytest.FixtureRequest) -> None:
    with pytest.raises(NotAllowed):
        agreement_confirm(agreement=agreement, by=request.getfixturevalue(who))


def test_both_members_of_one_side_are_one_side(agreement: Agreement, sme_owner: User, colleague: User) -> None:
    agreement_confirm(agreement=agreement, by=sme_owner)
    agreement_confirm(agreement=agreement, by=colleague)
    stored = Agreement.objects.get()
    assert (stored.need_confirmed_by, stored.signed_at) == (sme_owner, None)


def test_nobody_confirms_a_text_they_have_not_read(agreement: Agreement, sme_owner: User) -> None:
    with pytest.raises(StateConflict):
        agreement_confirm(agreement=agreement, by=sme_owner, seen="2020-01")


def test_till_then_nothing_else_is_done_but_ending(
    agreement: Agreement, sme_owner: User, columns: Callable[..., dict[str, Any]], terms: Callable[..., dict[str, Any]]
) -> None:
    case = agreement.engagement
    acts: list[Callable[[], Any]] = [
        lambda: engagement_advance(engagement=case, by=sme_owner),
        lambda: engagement_plan(engagement=case, by=sme_owner, plan=Plan(next_action="寄样")),
        lambda: contract_record(engagement=case, by=sme_owner, **terms()),
        lambda: outcome_report(engagement=case, by=sme_owner, **columns()),
    ]
    for act in acts:
        with pytest.raises(NotAllowed, match="保密协议"):
            act()
    engagement_end(engagement=case, by=sme_owner, reason=EndReason.NO_AGREEMENT)
    assert Engagement.objects.get().proposal.need.state == NeedState.PUBLISHED
    with pytest.raises(NotAllowed):
        agreement_confirm(agreement=agreement, by=sme_owner)


def test_a_need_without_it_opens_at_once(
    enterprise: Organisation, university: Organisation, sme_owner: User, professor: User
) -> None:
    proposal = make_proposal(
        need=make_need(organisation=enterprise), capability=make_capability(organisation=university)
    )
    proposal_accept(proposal=proposal, by=sme_owner)
    proposal_accept(proposal=Proposal.objects.get(), by=professor)
    assert not Engagement.objects.get().awaits_agreement
    assert not Agreement.objects.exists()


def test_the_document_names_whom_the_reader_may_know(agreement: Agreement, sme_owner: User, professor: User) -> None:
    assert names_for(professor, agreement) == Names(UNNAMED, "胶州湾理工大学")
    assert names_for(sme_owner, agreement) == Names("青岛海岚精工有限公司", UNNAMED)
    agreement_confirm(agreement=agreement, by=sme_owner)
    signed = agreement_confirm(agreement=agreement, by=professor)
    assert names_for(professor, signed) == Names("青岛海岚精工有限公司", "胶州湾理工大学")


def test_the_document_is_a_pdf_and_the_same_every_time(
    agreement: Agreement, professor: User, stranger: User, client_of: ClientOf
) -> None:
    names = names_for(professor, agreement)
    assert agreement_pdf(agreement, names) == agreement_pdf(agreement, names)
    url = reverse("engagements:agreement", args=[agreement.engagement.public_id])
    answer = client_of(professor).get(url)
    assert answer.content.startswith(b"%PDF-")
    assert answer["Content-Type"] == "application/pdf"
    assert client_of(stranger).get(url).status_code == 404
    assert CURRENT_VERSION in CLAUSES


def test_a_side_confirms_on_the_page(
    agreement: Agreement, sme_owner: User, professor: User, client_of: ClientOf
) -> None:
    detail = reverse("engagements:detail", args=[agreement.engagement.public_id])
    confirm = reverse("engagements:agreement_confirm", args=[agreement.engagement.public_id])
    client = client_of(professor)
    assert confirm in client.get(detail).content.decode()
    assert "等待对方确认保密协议" in client.post(confirm, follow=True).content.decode()
    assert confirm not in client.get(detail).content.decode()
    assert "保密协议已生效" in client_of(sme_owner).post(confirm, follow=True).content.decode()
