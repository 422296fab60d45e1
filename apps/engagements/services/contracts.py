"""The contract of a case: recorded, corrected where it was typed wrongly, amended where the two sides signed anew."""

from decimal import Decimal
from typing import Any

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.db.models import Sum
from django.utils.translation import gettext_lazy as _

from apps.accounts.models import User
from apps.core import clock
from apps.core.errors import StateConflict
from apps.core.lifecycle import move
from apps.engagements import events, history
from apps.engagements.lifecycle import BEFORE_CONTRACT, ENGAGEMENT_LIFECYCLE
from apps.engagements.models import TERM_NAMES, Contract, Engagement, EngagementState, FormerTerms
from apps.engagements.permissions import can_keep_contract, can_work
from apps.engagements.services.locking import locked_case, locked_contract, require_unchanged

NOTHING = Decimal(0)


@transaction.atomic
def contract_record(*, engagement: Engagement, by: User, **terms: Any) -> Contract:
    """What the two sides signed; a case before that step moves to 签约. ValidationError by field.

    `terms` are the columns of `ContractTerms`; amounts are in yuan.
    """
    engagement = locked_case(engagement)
    can_work(by, engagement).require()
    if Contract.objects.filter(engagement=engagement).exists():
        raise StateConflict(_("这项对接已登记合同。内容有误请修改，重新签订请登记变更。"))
    contract = Contract(engagement=engagement, recorded_by=by)
    _write(contract, terms)
    history.record(engagement, "contract.recorded", by=by, about=contract, changes=told(contract))
    if engagement.state in BEFORE_CONTRACT:
        fields = {"state_since": clock.now(), "next_action": "", "due_on": None}
        move(
            engagement,
            EngagementState.CONTRACTED,
            lifecycle=ENGAGEMENT_LIFECYCLE,
            action="engagement.contracted",
            by=by,
            **fields,
        )
        events.tell("engagement.contracted", engagement=engagement, by=by, about=contract)
    return contract


@transaction.atomic
def contract_correct(*, contract: Contract, by: User, seen: str = "", **terms: Any) -> Contract:
    """Mend what was typed wrongly; the history keeps what stood there. `seen`: the revision that was read."""
    contract = _held(contract, by, seen)
    before = told(contract)
    _write(contract, terms)
    _check_money(contract)
    after = told(contract)
    changed = {name: [before[name], after[name]] for name in after if before[name] != after[name]}
    if changed:
        history.record(contract.engagement, "contract.corrected", by=by, about=contract, changes=changed)
    return contract


@transaction.atomic
def contract_amend(*, contract: Contract, by: User, reason: str, seen: str = "", **terms: Any) -> Contract:
    """The two sides signed a change: the terms until now are kept as a former version, with the reason."""
    contract = _held(contract, by, seen)
    former = FormerTerms(
        contract=contract,
        version=contract.version,
        reason=reason.strip(),
        replaced_at=clock.now(),
        replaced_by=by,
        **{name: getattr(contract, name) for name in TERM_NAMES},
    )
    former.full_clean()
    former.save()
    contract.version += 1
    _write(contract, terms)
    _check_money(contract)
    changes = {"reason": former.reason, "version": contract.version} | told(contract)
    history.record(contract.engagement, "contract.amended", by=by, about=contract, changes=changes)
    return contract


def told(contract: Contract) -> dict[str, str]:
    """The terms as the history keeps them."""
    return {name: str(getattr(contract, name) if getattr(contract, name) is not None else "") for name in TERM_NAMES}


def received_yuan(contract: Contract) -> Decimal:
    """到账额: the sum of all that came so far."""
    return contract.instalments.aggregate(total=Sum("received_yuan"))["total"] or NOTHING


def planned_yuan(contract: Contract) -> Decimal:
    return contract.instalments.aggregate(total=Sum("planned_yuan"))["total"] or NOTHING


def _held(contract: Contract, by: User, seen: str) -> Contract:
    contract = locked_contract(contract)
    can_keep_contract(by, contract.engagement).require()
    require_unchanged(contract, seen, _("合同刚刚被修改过，请看过最新内容后再操作。"))
    return contract


def _write(contract: Contract, terms: dict[str, Any]) -> None:
    for name, value in terms.items():
        setattr(contract, name, value)
    contract.full_clean()
    if contract.signed_on > clock.today():
        raise ValidationError({"signed_on": _("签订日期不能晚于今天。")})
    try:
        with transaction.atomic():  # another case may take the number at this moment
            contract.save()
    except IntegrityError as error:
        raise ValidationError({"registration_number": _("该认定登记编号已用于另一份合同。")}) from error


def _check_money(contract: Contract) -> None:
    if contract.amount_yuan < received_yuan(contract):
        raise ValidationError({"amount_yuan": _("成交额不能小于已登记的到账额。")})
    if contract.amount_yuan < planned_yuan(contract):
        raise ValidationError({"amount_yuan": _("成交额不能小于分期计划的合计，请先调整分期。")})
