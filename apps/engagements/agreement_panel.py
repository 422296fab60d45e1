"""The non-disclosure agreement on a case's page."""

from dataclasses import dataclass

from apps.accounts.models import User
from apps.engagements.agreement_pdf import UNNAMED, Names
from apps.engagements.models import Agreement, Engagement
from apps.engagements.permissions import can_confirm_agreement, engagement_side
from apps.matching.models import Side
from apps.matching.presentation import ProposalView


@dataclass(frozen=True, slots=True)
class AgreementPanel:
    row: Agreement
    may_confirm: bool
    is_confirmed_by_us: bool


def agreement_panel(engagement: Engagement, user: User) -> AgreementPanel | None:
    """None where the need asked for no agreement."""
    row: Agreement | None = getattr(engagement, "agreement", None)
    if row is None:
        return None
    side = engagement_side(user, engagement)
    ours = side is not None and getattr(row, f"{side.value}_confirmed_at") is not None
    return AgreementPanel(
        row, may_confirm=can_confirm_agreement(user, engagement).allowed and not ours, is_confirmed_by_us=ours
    )


def names_for(user: User, agreement: Agreement) -> Names:
    """The parties as this person may know them: their own, and the other where its name is shown."""
    if agreement.signed_at:
        return Names(agreement.need_party, agreement.capability_party)
    proposal = agreement.engagement.proposal
    view, side = ProposalView(proposal, user), engagement_side(user, agreement.engagement)
    need = proposal.need.organisation.name if side == Side.NEED or view.need_owner.is_named else UNNAMED
    is_known = side == Side.CAPABILITY or view.capability_owner.is_named
    return Names(need, proposal.capability.organisation.name if is_known else UNNAMED)
