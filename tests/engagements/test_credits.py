"""Credit for a contract: shares in percent, proposed by the case's broker, confirmed by an administrator."""

from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.test import Client
from django.urls import reverse

from apps.accounts.models import PlatformRole, User
from apps.core.errors import NotAllowed, StateConflict
from apps.core.models import AuditEntry
from apps.engagements.desk.credits import credits_confirm, credits_propose, revision_of
from apps.engagements.desk.selectors import credit_totals, credits_of
from apps.engagements.models import Contract, ContractCredit
from apps.engagements.services import engagement_assign_broker

ClientOf = Callable[[User], Client]


@pytest.fixture
def other_broker(db: None) -> User:
    role: dict[str, Any] = {"platform_role": PlatformRole.BROKER, "covers_city": True}
    return User.objects.create_user("other@broker.example", name="孙经纪", **role)


@pytest.fixture
def followed(contract: Contract, broker: User) -> Contract:
    """32 万元, in a case that the broker of the cast has."""
    engagement_assign_broker(engagement=contract.engagement, broker=broker, by=broker)
    contract.engagement.refresh_from_db()
    return contract


def test_shares_are_proposed_and_confirmed_to_the_fen(
    followed: Contract, broker: User, other_broker: User, administrator: User
) -> None:
    shares = {broker: Decimal("66.67"), other_broker: Decimal("33.33")}
    credits_propose(contract=followed, shares=shares, by=broker)
    assert credit_totals(credits_of(broker)) == {"confirmed": 0, "waiting": Decimal("213344.00")}
    credits_confirm(contract=followed, by=administrator)
    assert credit_totals(credits_of(other_broker)) == {"confirmed": Decimal("106656.00"), "waiting": 0}
    assert AuditEntry.objects.get(action="credits.confirmed").changes["shares"] == "吴经纪 66.67%；孙经纪 33.33%"


def test_together_they_are_at_most_the_whole(followed: Contract, broker: User, other_broker: User) -> None:
    with pytest.raises(ValidationError, match="不能超过 100%"):
        credits_propose(contract=followed, shares={broker: Decimal(60), other_broker: Decimal("40.01")}, by=broker)
    with pytest.raises(ValidationError):
        credits_propose(contract=followed, shares={}, by=broker)
    assert not ContractCredit.objects.exists()


def test_only_brokers_share(followed: Contract, broker: User, sme_owner: User) -> None:
    credits_propose(contract=followed, shares={broker: Decimal(50)}, by=broker)
    with pytest.raises(ValidationError):
        credits_propose(contract=followed, shares={sme_owner: Decimal(10)}, by=broker)
    assert ContractCredit.objects.get().broker == broker, "what stood there is kept"


def test_others_neither_propose_nor_confirm(
    followed: Contract, broker: User, other_broker: User, sme_owner: User, reviewer: User
) -> None:
    for person in (other_broker, sme_owner, reviewer):
        with pytest.raises(NotAllowed):
            credits_propose(contract=followed, shares={broker: Decimal(10)}, by=person)
    credits_propose(contract=followed, shares={broker: Decimal(10)}, by=broker)
    for person in (broker, other_broker, reviewer):
        with pytest.raises(NotAllowed):
            credits_confirm(contract=followed, by=person)


def test_what_was_confirmed_is_changed_by_administrators_only(
    followed: Contract, broker: User, administrator: User
) -> None:
    credits_propose(contract=followed, shares={broker: Decimal(10)}, by=broker)
    credits_confirm(contract=followed, by=administrator)
    with pytest.raises(NotAllowed):
        credits_propose(contract=followed, shares={broker: Decimal(100)}, by=broker)
    credits_propose(contract=followed, shares={broker: Decimal(20)}, by=administrator)
    assert not ContractCredit.objects.confirmed().exists(), "it waits to be confirmed again"


def test_nobody_confirms_shares_that_were_changed_meanwhile(
    followed: Contract, broker: User, administrator: User
) -> None:
    seen = revision_of(credits_propose(contract=followed, shares={broker: Decimal(10)}, by=broker))
    credits_propose(contract=followed, shares={broker: Decimal(90)}, by=broker)
    with pytest.raises(StateConflict):
        credits_confirm(contract=followed, by=administrator, seen=seen)
    assert not ContractCredit.objects.confirmed().exists()


def test_the_pages_go_from_the_contract_to_my_credit(
    followed: Contract, broker: User, administrator: User, sme_owner: User, client_of: ClientOf
) -> None:
    case = followed.engagement.public_id
    edit = reverse("desk:credits_edit", args=[case])
    assert edit in client_of(broker).get(reverse("engagements:contract", args=[case])).content.decode()
    sent = {"form-TOTAL_FORMS": "6", "form-INITIAL_FORMS": "0", "form-0-broker": str(broker.pk), "form-0-percent": ""}
    assert "请填写比例" in client_of(broker).post(edit, sent).content.decode()
    assert client_of(broker).post(edit, sent | {"form-0-percent": "25"}).status_code == 302
    waiting = client_of(administrator).get(reverse("desk:credits")).content.decode()
    assert "等待确认的分配" in waiting
    client_of(administrator).post(reverse("desk:credits_confirm", args=[case]))
    assert "80,000" in client_of(broker).get(reverse("desk:credits")).content.decode()
    assert "业绩分配" not in client_of(sme_owner).get(reverse("engagements:contract", args=[case])).content.decode()
    assert client_of(sme_owner).get(edit).status_code == 403
