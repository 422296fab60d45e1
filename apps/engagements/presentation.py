"""What the page of one engagement shows to one person."""

from dataclasses import dataclass
from typing import Any

from apps.accounts.models import User
from apps.capabilities.models import Capability
from apps.engagements.agreement_panel import agreement_panel
from apps.engagements.desk.case_panel import case_panel
from apps.engagements.forms import RejectForm
from apps.engagements.models import Engagement, Outcome
from apps.engagements.permissions import can_confirm, can_correct, can_read_talk, can_report, engagement_side
from apps.engagements.step_panel import step_panel
from apps.engagements.timeline import timeline_of
from apps.engagements.waits_panel import waits_of
from apps.matching.presentation import ProposalView
from apps.needs.models import Need


@dataclass(frozen=True, slots=True)
class OutcomeCard:
    """An outcome with what this person may do to it. `waits_for_other` tells the side that reported it."""

    outcome: Outcome
    may_confirm: bool
    may_correct: bool
    waits_for_other: bool
    reject_form: RejectForm


def page_of(
    engagement: Engagement, user: User, rejected: tuple[Outcome, RejectForm] | None = None, **forms: Any
) -> dict[str, Any]:
    """The template context; `rejected` and `forms` are forms that came back with errors."""
    proposal = engagement.proposal
    outcomes = list(engagement.outcomes.all())
    for outcome in outcomes:
        outcome.engagement = engagement  # the permissions ask for the pair: already read
    return {
        "engagement": engagement,
        "may_read_talk": can_read_talk(user, engagement).allowed,
        "tab": "overview",
        "view": ProposalView(proposal, user),
        "need": proposal.need,
        "capability": proposal.capability,
        # A partner may have left the board or the catalogue: then the summary stands, without a link that ends in 404.
        "need_is_open_to_me": Need.objects.visible_to(user).filter(pk=proposal.need_id).exists(),
        "capability_is_open_to_me": Capability.objects.visible_to(user).filter(pk=proposal.capability_id).exists(),
        "cards": [_card(outcome, user, rejected) for outcome in outcomes],
        "step": step_panel(engagement, user, **forms),
        "agreement": agreement_panel(engagement, user),
        "waits": waits_of(engagement, user),
        "desk": case_panel(engagement, user),
        "may_report": can_report(user, engagement).allowed,
        "events": timeline_of(engagement, outcomes, user),
    }


def _card(outcome: Outcome, user: User, rejected: tuple[Outcome, RejectForm] | None) -> OutcomeCard:
    if rejected and rejected[0].pk == outcome.pk:
        form = rejected[1]
    else:
        form = RejectForm(auto_id=f"id_{outcome.public_id}_%s", initial={"seen": outcome.revision})
    may_confirm = can_confirm(user, outcome).allowed
    return OutcomeCard(
        outcome=outcome,
        may_confirm=may_confirm,
        may_correct=can_correct(user, outcome).allowed,
        waits_for_other=engagement_side(user, outcome.engagement) == outcome.reported_side,
        reject_form=form,
    )
