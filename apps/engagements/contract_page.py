"""What the page of a contract shows to one person."""

from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from apps.accounts.models import User
from apps.engagements.desk.permissions import can_propose_credits
from apps.engagements.forms import ContractFileForm, InstalmentForm, MilestoneForm, ReceiptForm
from apps.engagements.models import Contract, ContractCredit, Engagement, Instalment, Milestone
from apps.engagements.permissions import (
    can_accept_milestone,
    can_keep_contract,
    can_read_talk,
    can_work,
    engagement_side,
)
from apps.engagements.selectors import contracts_of


@dataclass(frozen=True, slots=True)
class Payment:
    """One instalment, with the form that records its receipt."""

    row: Instalment
    form: ReceiptForm


@dataclass(frozen=True, slots=True)
class Acceptance:
    """One milestone, with what this person may do to it."""

    row: Milestone
    may_accept: bool
    may_withdraw: bool

    @property
    def is_untouched(self) -> bool:
        return self.row.need_accepted_at is None and self.row.capability_accepted_at is None


def contract_page_of(engagement: Engagement, user: User, **forms: Any) -> dict[str, Any]:
    """The template context. `forms` are those that came back with errors, by name; `receipt` by its instalment."""
    contract = contracts_of(user).filter(engagement=engagement).first()
    context = {
        "engagement": engagement,
        "may_read_talk": can_read_talk(user, engagement).allowed,
        "need": engagement.proposal.need,
        "contract": contract,
        "tab": "contract",
        "may_record": contract is None and can_work(user, engagement).allowed,
    }
    return context | (_of(contract, engagement, user, forms) if contract else {})


def _of(contract: Contract, engagement: Engagement, user: User, forms: dict[str, Any]) -> dict[str, Any]:
    contract.engagement = engagement  # the permissions ask for it: already read
    rows = list(contract.instalments.all())
    received = sum((row.received_yuan or Decimal(0) for row in rows), Decimal(0))
    receipts: dict[int, ReceiptForm] = forms.get("receipt", {})
    return {
        "payments": [Payment(row, receipts.get(row.pk) or ReceiptForm.of(row)) for row in rows],
        "received_yuan": received,
        "received_percent": int(received * 100 / contract.amount_yuan) if contract.amount_yuan else None,
        "acceptances": [_acceptance(row, engagement, user) for row in contract.milestones.all()],
        "may_keep": can_keep_contract(user, engagement).allowed,
        "shares": _shares(contract, user),
        "may_share": can_propose_credits(user, contract).allowed,
        "instalment_form": forms.get("instalment") or InstalmentForm(auto_id="id_instalment_%s"),
        "milestone_form": forms.get("milestone") or MilestoneForm(auto_id="id_milestone_%s"),
        "file_form": forms.get("file") or ContractFileForm(auto_id="id_file_%s"),
    }


def _shares(contract: Contract, user: User) -> list[ContractCredit]:
    """The platform's own business: the two sides do not see who is credited."""
    return list(ContractCredit.objects.visible_to(user).filter(contract=contract).select_related("broker"))


def _acceptance(row: Milestone, engagement: Engagement, user: User) -> Acceptance:
    side = engagement_side(user, engagement)
    may = can_accept_milestone(user, engagement).allowed and row.accepted_at is None
    done = side is not None and getattr(row, f"{side.value}_accepted_at") is not None
    return Acceptance(row, may_accept=may and not done, may_withdraw=may and done)
