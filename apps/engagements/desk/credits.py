"""业绩分配: the shares of a contract, written together; they count once an administrator has confirmed them."""

from collections.abc import Mapping
from decimal import Decimal

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from apps.accounts.models import User
from apps.core import audit, clock
from apps.core.errors import StateConflict
from apps.engagements.desk.permissions import can_confirm_credits, can_propose_credits
from apps.engagements.models import Contract, ContractCredit
from apps.engagements.services.locking import locked_contract

WHOLE = Decimal(100)


@transaction.atomic
def credits_propose(*, contract: Contract, shares: Mapping[User, Decimal], by: User) -> list[ContractCredit]:
    """Who shares in the contract, in percent: replaces what was proposed before, and waits to be confirmed.

    The history keeps every reading. ValidationError where they are more than 100 together, or not brokers'.
    """
    contract = locked_contract(contract)
    can_propose_credits(by, contract).require()
    if not shares:
        raise ValidationError(_("请至少填写一位技术经纪人的比例。"))
    if sum(shares.values()) > WHOLE:
        raise ValidationError(_("各位技术经纪人的比例合计不能超过 100%。"))
    now = clock.now()
    rows = [
        ContractCredit(contract=contract, broker=broker, percent=percent, proposed_by=by, proposed_at=now)
        for broker, percent in shares.items()
    ]
    contract.credits.all().delete()
    for row in rows:
        if not row.broker.is_broker:
            raise ValidationError(_("只有技术经纪人可以参与业绩分配。"))
        row.full_clean()
        row.save()
    audit.record(contract, "credits.proposed", by=by, changes=_told(rows))
    return rows


@transaction.atomic
def credits_confirm(*, contract: Contract, by: User, seen: str = "") -> list[ContractCredit]:
    """All shares of the contract count from now on. `seen` is the `revision_of` the shares that were read."""
    contract = locked_contract(contract)
    can_confirm_credits(by).require()
    rows = list(contract.credits.select_related("broker"))
    if not rows:
        raise StateConflict(_("这份合同还没有提出业绩分配。"))
    if seen and seen != revision_of(rows):
        raise StateConflict(_("分配方案刚刚被修改，请看过最新内容后再确认。"))
    waiting = [row for row in rows if row.confirmed_at is None]
    for row in waiting:
        row.confirmed_at, row.confirmed_by = clock.now(), by
        row.save()
    if waiting:
        audit.record(contract, "credits.confirmed", by=by, changes=_told(rows))
    return rows


def revision_of(rows: list[ContractCredit]) -> str:
    """Changes whenever the shares do."""
    return max((row.proposed_at.isoformat() for row in rows), default="")


def _told(rows: list[ContractCredit]) -> dict[str, str]:
    return {"shares": "；".join(f"{row.broker.name} {row.percent}%" for row in rows)}
