"""Two people at the same moment at the desk: real threads, real transactions, on either database."""

from decimal import Decimal
from functools import partial
from typing import Any

import pytest

from apps.accounts.models import PlatformRole, User
from apps.core.errors import NotAllowed
from apps.core.models import AuditEntry
from apps.engagements.desk.credits import credits_confirm, credits_propose
from apps.engagements.desk.referrals import referral_hand_over, referral_open, referral_take
from apps.engagements.desk.sweep import bring_cases, bring_waits
from apps.engagements.models import Contract, ContractCredit, Engagement, Outcome, Referral, ReferralKind, Wait
from apps.engagements.services import engagement_assign_broker, message_send, outcome_confirm
from tests.engagements.test_case_races import at_once, refusals, taxonomy

__all__ = ["taxonomy"]
pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def other_broker(transactional_db: None) -> User:
    role: dict[str, Any] = {"platform_role": PlatformRole.BROKER, "covers_city": True}
    return User.objects.create_user("other@broker.example", name="孙经纪", **role)


def test_two_brokers_take_one_matter_at_once(
    taxonomy: None, engagement: Engagement, broker: User, other_broker: User
) -> None:
    bring_cases()
    referral = Referral.objects.get()
    results = at_once(
        lambda: referral_take(referral=referral, by=broker), lambda: referral_take(referral=referral, by=other_broker)
    )
    assert refusals(results) == 1
    refused = next(result for result in results if isinstance(result, Exception))
    holder = Referral.objects.get().taken_by
    assert isinstance(refused, NotAllowed)
    assert holder is not None
    assert holder.name in str(refused)
    assert Engagement.objects.get().broker == holder
    assert AuditEntry.objects.filter(action="referral.taken").count() == 1


def test_one_takes_at_the_desk_what_another_takes_on_its_page(
    taxonomy: None, engagement: Engagement, broker: User, other_broker: User
) -> None:
    bring_cases()
    referral = Referral.objects.get()
    results = at_once(
        lambda: referral_take(referral=referral, by=broker),
        lambda: engagement_assign_broker(engagement=engagement, broker=other_broker, by=other_broker),
    )
    assert refusals(results) == 1
    assert Engagement.objects.get().broker == Referral.objects.get().taken_by


def test_a_matter_is_handed_to_two_colleagues_at_once(
    taxonomy: None, engagement: Engagement, broker: User, other_broker: User, administrator: User
) -> None:
    """An administrator and its broker: each hand-over is in the history, and case and desk agree."""
    bring_cases()
    referral = referral_take(referral=Referral.objects.get(), by=broker)
    third = User.objects.create_user(
        "third@broker.example", name="李经纪", platform_role=PlatformRole.BROKER, covers_city=True
    )
    at_once(
        lambda: referral_hand_over(referral=referral, to=other_broker, note="请接手", by=broker),
        lambda: referral_hand_over(referral=referral, to=third, note="改派", by=administrator),
    )
    assert Engagement.objects.get().broker == Referral.objects.get().taken_by


def test_one_matter_is_opened_twice_at_once(taxonomy: None, engagement: Engagement) -> None:
    pair = engagement.proposal
    opening = partial(referral_open, kind=ReferralKind.PROPOSAL_TIMED_OUT, need=pair.need, proposal=pair)
    results = at_once(opening, opening)
    assert refusals(results) == 0
    assert Referral.objects.filter(kind="proposal_timed_out").count() == 1


def test_an_answer_comes_while_its_wait_is_handed_over(
    taxonomy: None, engagement: Engagement, sme_owner: User, professor: User
) -> None:
    """Whichever is first: afterwards nobody is waited for, and nothing of it lies on the desk."""
    message_send(engagement=engagement, by=sme_owner, text="何时可以寄样？")
    wait = Wait.objects.get()
    Wait.objects.update(due_at=wait.asked_at)
    at_once(bring_waits, lambda: message_send(engagement=engagement, by=professor, text="下周二。"))
    assert not Wait.objects.open().filter(side="capability").exists()
    assert not Referral.objects.open().filter(kind="message_unanswered").exists()


def test_an_outcome_is_confirmed_while_its_wait_is_handed_over(
    taxonomy: None, reported: Outcome, professor: User
) -> None:
    Wait.objects.update(due_at=Wait.objects.get().asked_at)
    results = at_once(bring_waits, lambda: outcome_confirm(outcome=reported, by=professor))
    assert refusals(results) == 0
    assert not Wait.objects.open().exists()
    assert not Referral.objects.open().filter(kind="outcome_unanswered").exists()


def test_shares_proposed_anew_while_they_are_confirmed(
    taxonomy: None, contract: Contract, broker: User, other_broker: User, administrator: User
) -> None:
    """Never more than the whole, and never half of one proposal with half of the other."""
    engagement_assign_broker(engagement=contract.engagement, broker=broker, by=broker)
    credits_propose(contract=contract, shares={broker: Decimal(100)}, by=broker)
    at_once(
        lambda: credits_confirm(contract=contract, by=administrator),
        lambda: credits_propose(contract=contract, shares={other_broker: Decimal(80)}, by=broker),
    )
    rows = list(ContractCredit.objects.all())
    assert len(rows) == 1
    assert (rows[0].broker, rows[0].percent) in [(broker, Decimal(100)), (other_broker, Decimal(80))]
