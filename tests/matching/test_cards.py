"""What the cards of the lists say, in which order, and in how many questions to the database."""

from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from apps.accounts.disclosure import Disclosure
from apps.accounts.models import User
from apps.capabilities.models import Capability
from apps.core import clock
from apps.matching.models import Proposal, ProposalState
from apps.needs.models import Need
from tests.factories import make_capability, make_need, make_proposal
from tests.matching.conftest import ENGINE_FIELDS
from tests.matching.pages import SignIn, list_url, text_of, url_of


def test_a_card_says_score_parts_reasons_and_indicators(proposal: Proposal, sme_owner: User, client_of: SignIn) -> None:
    page = text_of(client_of(sme_owner), list_url(proposal.need))
    for said in (
        "匹配度 62 分",
        "词语 <strong>15.0</strong>",
        "字串 <strong>30.0</strong>",
        "标签 未参与",
        "指标 <strong>17.5</strong>",
        '<span class="chip">激光熔覆</span>',
        "方向相近",
        "需求为耐磨涂层，供给方为热喷涂",
        "差 50 ℃",
        "<mark>激光熔覆</mark>",
    ):
        assert said in page


def test_each_side_reads_the_sentence_said_to_it_and_a_broker_both(
    *, proposal: Proposal, sme_owner: User, professor: User, broker: User, client_of: SignIn
) -> None:
    to_need, to_capability = (reason["text"] for reason in proposal.reasons[:2])
    url = url_of("proposal", proposal)
    told = {person.pk: text_of(client_of(person), url) for person in (sme_owner, professor, broker)}
    assert to_need in told[sme_owner.pk]
    assert to_capability not in told[sme_owner.pk]
    assert to_capability in told[professor.pk]
    assert to_need not in told[professor.pk]
    assert f"对需求方说</b>{to_need}" in told[broker.pk]
    assert f"对供给方说</b>{to_capability}" in told[broker.pk]


def test_a_card_begins_with_its_sentence_and_keeps_the_sum_one_click_away(
    proposal: Proposal, sme_owner: User, client_of: SignIn
) -> None:
    page = text_of(client_of(sme_owner), list_url(proposal.need))
    sum_of_parts = page.index('<details class="why-score">')
    assert page.index(proposal.reasons[0]["text"]) < sum_of_parts < page.index('<span class="chip">激光熔覆</span>')


def test_a_proposal_from_before_the_sentences_still_says_why(
    proposal: Proposal, sme_owner: User, client_of: SignIn
) -> None:
    Proposal.objects.update(reasons=proposal.reasons[2:])
    page = text_of(client_of(sme_owner), list_url(proposal.need))
    assert "why-told" not in page
    assert page.index('<span class="chip">激光熔覆</span>') < page.index('<details class="why-score">')
    assert page.count("差 50 ℃") == 1
    assert "why-told" not in text_of(client_of(sme_owner), url_of("proposal", proposal))


def test_texts_of_people_are_escaped_around_the_marks(proposal: Proposal, sme_owner: User, client_of: SignIn) -> None:
    hostile = "<script>alert(1)</script>涂层&<b>激光熔覆</b>"
    Need.objects.filter(pk=proposal.need_id).update(goal=hostile, title="<i>涂层</i>")
    Capability.objects.filter(pk=proposal.capability_id).update(description=hostile, value=hostile)
    for url in (list_url(proposal.need), url_of("proposal", proposal)):
        page = text_of(client_of(sme_owner), url)
        assert "<script>alert" not in page
        assert "<b><mark>" not in page
        assert "&lt;b&gt;<mark>激光熔覆</mark>&lt;/b&gt;" in page
        assert "&amp;" in page


def test_seeing_the_list_is_noted_for_the_side_and_only_once_new(
    proposal: Proposal, sme_owner: User, broker: User, client_of: SignIn
) -> None:
    text_of(client_of(broker), list_url(proposal.need))
    proposal.refresh_from_db()
    assert proposal.need_viewed_at is None
    assert "new-mark" in text_of(client_of(sme_owner), list_url(proposal.need))
    proposal.refresh_from_db()
    assert (proposal.state, proposal.need_viewed_at is not None) == (ProposalState.VIEWED, True)
    assert "new-mark" not in text_of(client_of(sme_owner), list_url(proposal.need))


def test_a_list_asks_a_constant_number_of_questions(
    proposal: Proposal, sme_owner: User, professor: User, client_of: SignIn
) -> None:
    university = proposal.capability.organisation
    pages = (
        (sme_owner, list_url(proposal.need)),
        (sme_owner, reverse("matching:inbox")),
        (professor, reverse("matching:needs_for_me")),
        (professor, reverse("matching:capability_needs", args=[proposal.capability.public_id])),
        (professor, reverse("matching:inbox")),
    )

    def offered() -> None:
        yes = {"state": ProposalState.INTERESTED, "need_accepted_at": clock.now()}
        make_proposal(need=make_need(), capability=proposal.capability, **yes)

    def counts() -> list[int]:
        found = []
        for person, url in pages:
            client = client_of(person)
            client.get(url)
            with CaptureQueriesContext(connection) as queries:
                client.get(url)
            found.append(len(queries))
        return found

    offered()
    few = counts()
    for _number in range(3):
        offered()
    for rank in range(2, 9):
        capability = make_capability(organisation=university)
        make_proposal(need=proposal.need, capability=capability, rank=rank, **ENGINE_FIELDS)
    assert counts() == few
    assert max(few) <= 15


def test_a_long_list_is_cut_into_pages(proposal: Proposal, sme_owner: User, client_of: SignIn) -> None:
    for rank in range(2, 23):
        capability = make_capability(organisation=proposal.capability.organisation)
        make_proposal(need=proposal.need, capability=capability, rank=rank)
    client = client_of(sme_owner)
    assert text_of(client, list_url(proposal.need)).count("match-card ") == 10
    assert text_of(client, f"{list_url(proposal.need)}?page=3").count("match-card ") == 2
    assert text_of(client, f"{list_url(proposal.need)}?page=nonsense").count("match-card ") == 10


def test_the_inbox_holds_what_waits_for_my_side(
    interesting: Proposal, sme_owner: User, professor: User, client_of: SignIn
) -> None:
    assert url_of("accept", interesting) in text_of(client_of(professor), reverse("matching:inbox"))
    mine = text_of(client_of(sme_owner), reverse("matching:inbox"))
    assert "没有等您答复的推荐" in mine
    assert "1 项推荐" in mine


def test_fitting_needs_come_once_best_first_and_can_be_filtered(
    proposal: Proposal, professor: User, client_of: SignIn
) -> None:
    better = make_capability(organisation=proposal.capability.organisation, title="更合适的资源")
    make_proposal(need=proposal.need, capability=better, rank=2, **(ENGINE_FIELDS | {"score": 80.0}))
    client, url = client_of(professor), reverse("matching:needs_for_me")
    page = text_of(client, url)
    assert page.count("match-card ") == 1
    assert "匹配度 80 分" in page
    assert proposal.capability.title in page.partition("本单位还有资源也适合")[2]
    only = text_of(client, f"{url}?capability={proposal.capability.public_id}")
    assert "匹配度 62 分" in only
    assert "没有符合筛选条件的需求" in text_of(client, f"{url}?need_type=talent")
    assert text_of(client, f"{url}?need_type=nonsense&chain=%00&capability=x").count("match-card ") == 1


def test_a_capability_for_brokers_says_why_nothing_is_proposed(
    capability: Capability, professor: User, client_of: SignIn
) -> None:
    Capability.objects.filter(pk=capability.pk).update(disclosure=Disclosure.BROKERS)
    page = text_of(client_of(professor), reverse("matching:capability_needs", args=[capability.public_id]))
    assert "不参与自动推荐" in page
