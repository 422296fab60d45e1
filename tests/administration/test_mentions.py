"""A person's name in texts, replaced place by place before they are forgotten."""

from collections.abc import Callable
from datetime import timedelta
from decimal import Decimal

import pytest
from django.test import Client
from django.urls import reverse

from apps.accounts.models import Membership, MembershipRole, Organisation, User
from apps.administration.erasing.mentions import mentions_of
from apps.administration.models import ErasureRequest
from apps.administration.services.erasure import erasure_ask, erasure_carry_out
from apps.administration.services.mentions import mention_replace
from apps.core import clock
from apps.core.errors import DomainError, NotAllowed, StateConflict
from apps.core.models import AuditEntry
from apps.engagements.models import Contract
from apps.engagements.services import contract_record
from apps.needs.models import Need
from apps.taxonomy.models import Term
from tests.factories import make_capability, make_engagement, make_need, make_proposal

pytestmark = pytest.mark.django_db
ClientOf = Callable[[User], Client]


@pytest.fixture
def need(sme_owner: User, enterprise: Organisation, taxonomy: None) -> Need:
    return make_need(organisation=enterprise, created_by=sme_owner, goal="请联系陈立确认轧辊寿命的测试方法和样件。")


@pytest.fixture
def contract(need: Need, sme_owner: User, university: Organisation) -> Contract:
    proposal = make_proposal(need=need, capability=make_capability(organisation=university))
    return contract_record(
        engagement=make_engagement(proposal=proposal),
        by=sme_owner,
        contract_type=Term.objects.get(vocabulary="contract_type", code="contract_development"),
        title="轧辊激光熔覆（陈立签）",
        client_name="青岛海岚精工有限公司",
        provider_name="胶州湾理工大学",
        signed_on=clock.today(),
        amount_yuan=Decimal(320000),
    )


@pytest.fixture
def due(sme_owner: User, colleague: User) -> ErasureRequest:
    Membership.objects.filter(user=colleague).update(role=MembershipRole.OWNER)
    request = erasure_ask(person=sme_owner)
    ErasureRequest.objects.update(due_at=clock.now())
    return ErasureRequest.objects.select_related("person").get(pk=request.pk)


def test_each_place_is_shown_with_the_words_around_it(
    need: Need, contract: Contract, due: ErasureRequest, administrator: User, client_of: ClientOf
) -> None:
    page = client_of(administrator).get(reverse("office:erasure_mentions", args=[due.public_id])).content.decode()
    for said in ("请联系陈立确认轧辊寿命", "轧辊激光熔覆（陈立签）", "按原样保留", "替换为“已注销用户”"):
        assert said in page


def test_one_place_is_rewritten_and_the_trail_says_so_without_the_name(
    need: Need, due: ErasureRequest, administrator: User, client_of: ClientOf
) -> None:
    url = reverse("office:erasure_mentions", args=[due.public_id])
    client_of(administrator).post(url, {"place": "needs.need.goal", "key": need.pk})
    version = need.version
    need.refresh_from_db()
    assert need.goal == "请联系已注销用户确认轧辊寿命的测试方法和样件。"
    assert need.version == version + 1
    entry = AuditEntry.objects.get(action="text.name_replaced")
    assert (entry.actor, entry.object_public_id) == (administrator, need.public_id)
    assert "陈立" not in str(entry.changes)
    with pytest.raises(StateConflict):
        mention_replace(request=due, place="needs.need.goal", key=str(need.pk), by=administrator)


def test_contracts_are_kept_word_for_word_before_and_after(
    contract: Contract, due: ErasureRequest, administrator: User
) -> None:
    assert {row.place: row.is_kept for row in mentions_of(due.person)}["engagements.contract.title"]
    with pytest.raises(DomainError, match="原样保留"):
        mention_replace(request=due, place="engagements.contract.title", key=str(contract.pk), by=administrator)
    trail = AuditEntry.objects.count()
    erasure_carry_out(request=due, by=administrator, typed=due.person.email)
    contract.refresh_from_db()
    assert contract.title == "轧辊激光熔覆（陈立签）"
    assert contract.amount_yuan == Decimal(320000)
    assert AuditEntry.objects.count() > trail


@pytest.mark.parametrize(
    ("place", "key"),
    [
        ("core.auditentry.changes", "1"),
        ("accounts.user.password", "1"),
        ("needs.need.nothing", "1"),
        ("no.such", "1"),
        ("", ""),
        ("needs.need.goal", "x"),
        ("needs.need.goal", "9" * 39),
    ],
)
def test_a_place_that_is_none_is_refused(due: ErasureRequest, administrator: User, place: str, key: str) -> None:
    with pytest.raises(DomainError):
        mention_replace(request=due, place=place, key=key, by=administrator)


def test_nobody_replaces_before_the_waiting_time_is_over_or_without_the_right(
    need: Need, due: ErasureRequest, administrator: User, reviewer: User, colleague: User, client_of: ClientOf
) -> None:
    url = reverse("office:erasure_mentions", args=[due.public_id])
    for person in (reviewer, colleague, due.person):
        with pytest.raises(NotAllowed):
            mention_replace(request=due, place="needs.need.goal", key=str(need.pk), by=person)
        assert client_of(person).get(url).status_code == 403
    ErasureRequest.objects.update(due_at=clock.now() + timedelta(days=1))
    with pytest.raises(StateConflict):
        mention_replace(request=due, place="needs.need.goal", key=str(need.pk), by=administrator)
    need.refresh_from_db()
    assert "陈立" in need.goal


def test_nobody_replaces_a_name_for_their_own_request(need: Need, due: ErasureRequest, administrator: User) -> None:
    ErasureRequest.objects.filter(pk=due.pk).update(person=administrator)
    with pytest.raises(NotAllowed, match="另一位管理员"):
        mention_replace(request=due, place="needs.need.goal", key=str(need.pk), by=administrator)
