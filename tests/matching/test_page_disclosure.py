"""What the pages never tell before both sides have accepted."""

from django.urls import reverse

from apps.accounts.disclosure import Disclosure
from apps.accounts.models import Organisation, User
from apps.capabilities.models import Capability
from apps.core import clock
from apps.engagements.models import Engagement
from apps.matching.models import Proposal
from apps.matching.services import proposal_accept
from apps.needs.models import Need
from tests.matching.pages import HTMX, SignIn, list_url, text_of, url_of


def test_contacts_and_the_case_appear_when_both_accepted(
    interesting: Proposal, sme_owner: User, professor: User, client_of: SignIn
) -> None:
    for person in (sme_owner, professor):
        before = text_of(client_of(person), url_of("proposal", interesting))
        assert "13000000001" not in before
        assert "13000000003" not in before
    proposal_accept(proposal=interesting, by=professor)
    case = Engagement.objects.get_or_create(proposal=interesting, defaults={"opened_at": clock.now()})[0]
    for person in (sme_owner, professor):
        page = text_of(client_of(person), url_of("proposal", interesting))
        for shown in ("13000000001", "owner@hailan.example", "青岛海岚精工有限公司", "13000000003", "胶州湾理工大学"):
            assert shown in page
        assert reverse("engagements:detail", args=[case.public_id]) in page


CANARIES = ("海岚精工", "陈立", "13000000001", "owner@hailan.example", "88.88", "周敏")


def test_an_anonymous_need_tells_the_supplier_nothing_of_its_owner(
    proposal: Proposal, sme_owner: User, colleague: User, professor: User, client_of: SignIn
) -> None:
    Need.objects.filter(pk=proposal.need_id).update(
        disclosure=Disclosure.PUBLIC_ANONYMOUS, contact=sme_owner, created_by=colleague, budget_wan="88.88"
    )
    proposal_accept(proposal=proposal, by=sme_owner)
    client = client_of(professor)
    seen = [
        text_of(client, url_of("proposal", proposal)),
        text_of(client, reverse("matching:needs_for_me")),
        text_of(client, reverse("matching:inbox")),
        text_of(client, reverse("matching:capability_needs", args=[proposal.capability.public_id])),
        text_of(client, reverse("matching:capability_needs", args=[proposal.capability.public_id]), **HTMX),
        client.get(url_of("decline", proposal), headers=HTMX).content.decode(),
        client.post(url_of("withdraw", proposal), headers=HTMX).content.decode(),
    ]
    for page in seen:
        assert [canary for canary in CANARIES if canary in page] == []
    assert "某企业（匿名）" in seen[0]


def test_an_anonymous_capability_tells_the_enterprise_nothing_of_its_owner(
    proposal: Proposal, university: Organisation, professor: User, sme_owner: User, client_of: SignIn
) -> None:
    Capability.objects.filter(pk=proposal.capability_id).update(
        disclosure=Disclosure.PUBLIC_ANONYMOUS,
        contact=professor,
        created_by=professor,
        details={"innovation": f"{university.name}自主研发的激光熔覆", "team": "林教授团队", "price": "面议"},
    )
    client = client_of(sme_owner)
    for page in (text_of(client, list_url(proposal.need)), text_of(client, url_of("proposal", proposal))):
        leaks = ("胶州湾理工大学", "湾理工", "林教授", "13000000003", "professor@wan.example")
        assert [canary for canary in leaks if canary in page] == []
        assert "某高校（匿名）" in page


def test_a_sentence_that_names_a_hidden_owner_is_kept_from_the_other_side(
    *,
    proposal: Proposal,
    enterprise: Organisation,
    university: Organisation,
    sme_owner: User,
    professor: User,
    client_of: SignIn,
) -> None:
    reasons = [
        {"kind": "for_need", "text": f"这项成果写到{university.name}的装置。", "terms": []},
        {"kind": "for_capability", "text": f"有企业提出“{enterprise.name}的轧辊”。", "terms": []},
        {"kind": "shared_terms", "text": f"双方都涉及：{university.name}", "terms": [university.name]},
    ]
    Proposal.objects.update(reasons=reasons, shared_terms=[])
    for row in (Need, Capability):
        row.objects.update(disclosure=Disclosure.PUBLIC_ANONYMOUS)
    assert university.name not in text_of(client_of(sme_owner), url_of("proposal", proposal))
    assert enterprise.name not in text_of(client_of(professor), url_of("proposal", proposal))
    for row in (Need, Capability):
        row.objects.update(disclosure=Disclosure.PUBLIC_NAMED)
    assert f"写到{university.name}的装置" in text_of(client_of(sme_owner), url_of("proposal", proposal))
