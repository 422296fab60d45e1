"""The money of a contract: payments planned, received, and taken back where they were recorded wrongly."""

from datetime import date
from decimal import Decimal
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from apps.accounts.models import User
from apps.core import clock
from apps.core.errors import StateConflict
from apps.engagements import history
from apps.engagements.models import Contract, Instalment
from apps.engagements.permissions import can_keep_contract
from apps.engagements.services.contracts import planned_yuan, received_yuan
from apps.engagements.services.locking import locked_contract


@transaction.atomic
def instalment_plan(*, contract: Contract, by: User, planned_on: date, planned_yuan: Decimal) -> Instalment:
    """One more payment; together they are at most the contract's amount. ValidationError by field."""
    contract = locked_contract(contract)
    can_keep_contract(by, contract.engagement).require()
    instalment = Instalment(contract=contract, planned_on=planned_on, planned_yuan=planned_yuan)
    instalment.full_clean()
    _check_planned(contract, planned_yuan)
    instalment.save()
    _record(instalment, "instalment.planned", by, day=planned_on, yuan=planned_yuan)
    return instalment


@transaction.atomic
def instalment_drop(*, instalment: Instalment, by: User) -> None:
    """Take a payment out of the plan, as long as nothing came of it."""
    instalment = _held(instalment, by)
    if instalment.is_received:
        raise StateConflict(_("这笔款项已登记到账，不能删除。"))
    _record(instalment, "instalment.dropped", by, day=instalment.planned_on, yuan=instalment.planned_yuan)
    instalment.delete()


@transaction.atomic
def instalment_receive(*, instalment: Instalment, by: User, received_on: date, received_yuan: Decimal) -> Instalment:
    """Money came. Of two people who record the same payment, the second is told; the sum stays within the amount."""
    instalment = _held(instalment, by)
    if instalment.is_received:
        raise StateConflict(_("这笔款项已登记到账。"))
    instalment.received_on, instalment.received_yuan, instalment.received_by = received_on, received_yuan, by
    instalment.full_clean()
    _check_received(instalment, received_on, received_yuan)
    instalment.save()
    _record(instalment, "instalment.received", by, day=received_on, yuan=received_yuan)
    return instalment


@transaction.atomic
def instalment_take_back(*, instalment: Instalment, by: User) -> Instalment:
    """The receipt was recorded wrongly: the payment waits again, and the history keeps what was there."""
    instalment = _held(instalment, by)
    if not instalment.is_received:
        raise StateConflict(_("这笔款项还没有登记到账。"))
    _record(instalment, "instalment.taken_back", by, day=instalment.received_on, yuan=instalment.received_yuan)
    instalment.received_on, instalment.received_yuan, instalment.received_by = None, None, None
    instalment.save()
    return instalment


def _held(instalment: Instalment, by: User) -> Instalment:
    contract = locked_contract(instalment.contract)
    can_keep_contract(by, contract.engagement).require()
    fresh = Instalment.objects.filter(pk=instalment.pk).first()
    if fresh is None:
        raise StateConflict
    fresh.contract = contract
    return fresh


def _check_planned(contract: Contract, more: Decimal) -> None:
    if planned_yuan(contract) + more > contract.amount_yuan:
        raise ValidationError({"planned_yuan": _("各期计划金额合计不能大于成交额。")})


def _check_received(instalment: Instalment, day: date, more: Decimal) -> None:
    if not instalment.contract.signed_on <= day <= clock.today():
        raise ValidationError({"received_on": _("到账日期应在签订之日与今天之间。")})
    if received_yuan(instalment.contract) + more > instalment.contract.amount_yuan:
        raise ValidationError({"received_yuan": _("到账额合计不能大于成交额。")})


def _record(instalment: Instalment, event: str, by: User, **changes: Any) -> None:
    history.record(instalment.contract.engagement, event, by=by, about=instalment, changes=changes)
