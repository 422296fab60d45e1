"""Who is told of proposals and answers, once each, and never whose row it is."""

from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from apps.accounts.models import Membership, Organisation, User
from apps.capabilities.models import Capability
from apps.core import clock
from apps.matching import notices, requests
from apps.matching.models import Ask, MatchRequest, Priority, Proposal, Side
from apps.matching.services import proposal_accept, proposal_decline
from apps.needs.models import Need
from apps.notifications import outbox
from apps.notifications.letters import write
from apps.notifications.models import Channel, Delivery, GroupRobot, Notification, RobotKind
from apps.notifications.senders.group import post_of
from apps.taxonomy.models import Term
from tests.factories import make_capability, make_need, make_proposal

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def letters(monkeypatch: pytest.MonkeyPatch) -> None:
    """No broker is asked."""
    monkeypatch.setattr(outbox, "send_hints", lambda _letters, **_: None)


@pytest.fixture
def need(taxonomy: None, enterprise: Organisation, sme_owner: User, colleague: User) -> Need:
    return make_need(organisation=enterprise, contact=sme_owner, created_by=colleague)


@pytest.fixture
def capability(taxonomy: None, university: Organisation, professor: User, stranger: User) -> Capability:
    return make_capability(organisation=university, contact=professor)


def told(kind: str) -> set[User]:
    return {row.recipient for row in Notification.objects.filter(kind=f"matching.{kind}")}


def test_a_match_tells_the_need_of_its_list_and_the_supplier_of_the_need(
    need: Need, capability: Capability, sme_owner: User, professor: User, match: Callable[..., MatchRequest]
) -> None:
    match(need=need)
    assert (told("list_ready"), told("listed")) == ({sme_owner}, {professor})
    rows = Notification.objects.all()
    assert len(rows) == 2
    assert not any(row.is_by_name for row in rows)  # with the day's digest
    assert all(row.target for row in rows)


def test_a_match_that_brings_nothing_new_tells_nothing(
    need: Need, capability: Capability, match: Callable[..., MatchRequest]
) -> None:
    match(need=need)
    match(need=need)
    assert Notification.objects.count() == 2


def test_a_match_of_a_capability_tells_both_sides(
    need: Need, capability: Capability, sme_owner: User, professor: User, match: Callable[..., MatchRequest]
) -> None:
    match(capability=capability)
    assert (told("list_ready"), told("needs_found")) == ({sme_owner}, {professor})
    match(capability=capability)
    assert Notification.objects.count() == 2


def test_a_need_for_brokers_only_is_told_to_no_supplier(
    need: Need, capability: Capability, match: Callable[..., MatchRequest]
) -> None:
    Need.objects.filter(pk=need.pk).update(disclosure="brokers")
    match(need=need)
    match(capability=capability)
    assert told("listed") == told("needs_found") == set()


def test_many_suppliers_are_told_in_as_many_queries_as_one(
    need: Need, university: Organisation, other_enterprise: Organisation, professor: User, stranger: User,
    django_assert_max_num_queries: Any,
) -> None:  # fmt: skip
    make_proposal(need=need, capability=make_capability(organisation=university, contact=professor))
    make_proposal(need=need, capability=make_capability(organisation=other_enterprise, contact=stranger))
    make_proposal(need=need, capability=make_capability(organisation=university))
    with django_assert_max_num_queries(25):
        notices.tell_of_need_list(need, known=set())
    assert told("listed") == {professor, stranger}
    organisations = Notification.objects.filter(kind="matching.listed").values_list("organisation", flat=True)
    assert set(organisations) == {university.pk, other_enterprise.pk}


def test_a_resource_for_many_needs_is_told_in_as_many_queries_as_for_one(
    taxonomy: None, capability: Capability, enterprise: Organisation, other_enterprise: Organisation,
    sme_owner: User, stranger: User,
) -> None:  # fmt: skip
    """Each need's contact hears of each of their needs; a need without one tells its owners."""

    def queries(count: int, **fields: Any) -> int:
        known = set(Proposal.objects.values_list("pk", flat=True))
        for _ in range(count):
            make_proposal(need=make_need(**fields), capability=capability)
        with CaptureQueriesContext(connection) as asked:
            notices.tell_of_capability_list(capability, known)
        return len(asked)

    one = queries(1, organisation=enterprise, contact=sme_owner)
    many = queries(12, organisation=other_enterprise)
    assert Notification.objects.filter(kind="matching.list_ready", recipient=stranger).count() == 12
    assert Notification.objects.filter(kind="matching.list_ready", recipient=sme_owner).count() == 1
    assert many <= one + 1  # the owners of those without a contact


@pytest.mark.usefixtures("sme_owner", "stranger")
def test_each_event_reaches_the_group_of_its_organisation(
    capability: Capability, enterprise: Organisation, other_enterprise: Organisation
) -> None:
    for organisation in (enterprise, other_enterprise):
        GroupRobot.objects.create(organisation=organisation, kind=RobotKind.WECOM, url="https://qyapi.weixin.qq.com/x")
    for organisation in (enterprise, enterprise, other_enterprise):
        make_proposal(need=make_need(organisation=organisation), capability=capability)
    notices.tell_of_capability_list(capability, set())
    posts = Delivery.objects.filter(channel=Channel.GROUP)
    told_to = [row.robot.organisation for row in posts if row.robot]
    assert sorted(told_to, key=str) == sorted([enterprise, enterprise, other_enterprise], key=str)


def test_the_first_yes_is_told_to_the_other_sides_contact_at_once(
    proposal: Proposal, sme_owner: User, colleague: User, professor: User
) -> None:
    proposal_accept(proposal=proposal, by=colleague)
    proposal_accept(proposal=proposal, by=colleague)
    assert told("asked_by_need") == {professor}
    assert Notification.objects.get().is_by_name


def test_the_suppliers_yes_is_told_to_the_need(proposal: Proposal, professor: User, sme_owner: User) -> None:
    proposal_accept(proposal=proposal, by=professor)
    assert told("offered_by_capability") == {sme_owner}


def test_the_second_yes_is_told_to_everybody_but_who_said_it(
    proposal: Proposal, sme_owner: User, colleague: User, professor: User
) -> None:
    proposal_accept(proposal=proposal, by=colleague)
    proposal_accept(proposal=proposal, by=professor)
    assert told("accepted") == {sme_owner, colleague}


def test_a_no_is_told_with_its_reason_to_the_side_that_had_said_yes(
    interesting: Proposal, sme_owner: User, professor: User, reason: Term
) -> None:
    Notification.objects.all().delete()
    proposal_decline(proposal=interesting, by=professor, reason=reason, note="胶州湾理工大学正忙")
    row = Notification.objects.get()
    assert row.recipient == sme_owner
    assert reason.name in row.text.line
    assert "胶州湾" not in row.text.line


def test_a_no_to_what_nobody_accepted_is_told_to_nobody(proposal: Proposal, professor: User, reason: Term) -> None:
    proposal_decline(proposal=proposal, by=professor, reason=reason)
    assert not Notification.objects.exists()


def test_owners_are_told_where_the_contact_has_left_or_is_deactivated(
    proposal: Proposal, professor: User, sme_owner: User, colleague: User
) -> None:
    Need.objects.filter(pk=proposal.need_id).update(contact=colleague)
    Membership.objects.filter(user=colleague).delete()
    proposal_accept(proposal=proposal, by=professor)
    assert told("offered_by_capability") == {sme_owner}


def test_a_deactivated_contact_is_told_nothing(proposal: Proposal, professor: User, sme_owner: User) -> None:
    User.objects.filter(pk=sme_owner.pk).update(is_active=False)
    proposal_accept(proposal=proposal, by=professor)
    assert not Notification.objects.exists()


def test_an_event_that_is_sent_twice_is_told_once(interesting: Proposal, sme_owner: User) -> None:
    notices.tell_of_interest(interesting, side=Side.NEED, by=sme_owner, due_at=Ask.objects.get().due_at)
    assert Notification.objects.count() == 1


def test_no_text_of_the_way_to_both_acceptances_names_the_owners(
    need: Need, capability: Capability, sme_owner: User, professor: User, match: Callable[..., MatchRequest],
    client_of: Callable[[User], Any],
) -> None:  # fmt: skip
    match(need=need)
    proposal = Proposal.objects.get()
    proposal_accept(proposal=proposal, by=sme_owner)
    proposal_accept(proposal=proposal, by=professor)
    canaries = {
        professor: ("海岚", need.organisation.public_id, sme_owner.name, sme_owner.email),
        sme_owner: ("湾理工", "胶州湾理工大学", capability.organisation.public_id, professor.name, professor.email),
    }
    for person, names in canaries.items():
        rows = list(Notification.objects.filter(recipient=person))
        assert rows
        client = client_of(person)
        own = person.membership.organisation.name  # the page's own head names the reader
        page = client.get("/notifications/").content.decode().replace(own, "")
        answer = client.get("/api/v1/notifications/").content.decode()
        letter = write(rows, frequency="daily")
        mail = "".join(line.title + line.text + line.url for line in letter.lines)
        post = post_of(write(rows, frequency="daily", to_group=True))
        stored = str([(row.parameters, row.event_key, row.url_args) for row in rows])
        for name in names:
            assert not any(name in text for text in (page, answer, mail, post, stored))


def test_a_claim_that_is_lost_tells_nobody(need: Need, capability: Capability, monkeypatch: pytest.MonkeyPatch) -> None:
    requests.request_for_needs([need], priority=Priority.INTERACTIVE)
    claimed = requests.claim(MatchRequest.objects.get(need=need).public_id)
    assert claimed is not None
    MatchRequest.objects.filter(pk=claimed.pk).update(state="done", finished_at=clock.now())
    from apps.matching.runs import carry_out  # noqa: PLC0415  (beside its only use)

    carry_out(claimed)
    assert not Notification.objects.exists()
