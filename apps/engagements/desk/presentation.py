"""A matter of the desk as one person may see it: its row, and its page."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from apps.accounts.models import User
from apps.capabilities.models import Capability
from apps.core import clock
from apps.core.models import AuditEntry
from apps.engagements.desk.permissions import (
    can_close,
    can_hand_over,
    can_recommend,
    can_record_call,
    can_take,
    can_work_on,
)
from apps.engagements.desk.selectors import calls_about, colleagues_for
from apps.engagements.desk.sentences import WHY, sentence_of
from apps.engagements.forms.desk import CloseForm, HandOverForm, ReferralPlanForm
from apps.engagements.models import Engagement, Referral
from apps.matching.models import Proposal
from apps.matching.presentation import ProposalView
from apps.needs.models import Need

MOST_EVENTS = 100


@dataclass(frozen=True, slots=True)
class DeskRow:
    """`region` names the districts of the need and, where another, of the capability."""

    referral: Referral
    why: str
    region: str
    days: int
    next_action: str
    next_on: Any
    may_take: bool


def desk_row(referral: Referral, user: User) -> DeskRow:
    engagement = referral.engagement
    action, day = referral.next_action, referral.next_on
    if not action and not day and engagement is not None:
        action, day = engagement.next_action, engagement.due_on
    return DeskRow(
        referral=referral,
        why=str(WHY[referral.kind]),
        region=_region(referral),
        days=max(0, (clock.now() - referral.since).days),
        next_action=action,
        next_on=day,
        may_take=referral.taken_by_id is None and can_take(user, referral).allowed,
    )


@dataclass(frozen=True, slots=True)
class DeskEvent:
    at: datetime
    text: str
    note: str


def page_of(referral: Referral, user: User, **forms: Any) -> dict[str, Any]:
    """The template context; `forms` are those that came back with errors, and "contacts" where they are to be shown."""
    may_work, may_hand_over, may_close = (ask(user, referral) for ask in (can_work_on, can_hand_over, can_close))
    now = {"next_action": referral.next_action, "next_on": referral.next_on}
    return {
        "row": desk_row(referral, user),
        "referral": referral,
        "view": ProposalView(referral.proposal, user) if referral.proposal else None,
        "need_is_open_to_me": Need.objects.visible_to(user).filter(pk=referral.need_id).exists(),
        "capability_is_open_to_me": referral.proposal is not None
        and Capability.objects.visible_to(user).filter(pk=referral.proposal.capability_id).exists(),
        # Whoever was given a matter without its region sees no more of a need's list than that pair.
        "proposal_is_open_to_me": Proposal.objects.visible_to(user).filter(referrals=referral).exists(),
        "case_is_open_to_me": Engagement.objects.visible_to(user).filter(referrals=referral).exists(),
        "calls": calls_about(user, need=referral.need, engagement=referral.engagement)[:MOST_EVENTS],
        "contacts": forms.get("contacts"),
        "may_see_contacts": may_work.allowed,
        "may_call": can_record_call(user).allowed,
        "may_recommend": can_recommend(user).allowed and referral.need.is_open,
        "events": _events(referral),
        "plan_form": forms.get("plan") or (ReferralPlanForm(initial=now, auto_id="id_plan_%s") if may_work else None),
        "hand_over_form": forms.get("hand_over") or (hand_over_form(referral) if may_hand_over else None),
        "close_form": forms.get("close") or (CloseForm(auto_id="id_close_%s") if may_close else None),
    }


def hand_over_form(referral: Referral, data: Any = None) -> HandOverForm:
    return HandOverForm(data, people=colleagues_for(referral), auto_id="id_hand_over_%s")


def _events(referral: Referral) -> list[DeskEvent]:
    """What was done with it, newest first."""
    entries = AuditEntry.objects.filter(object_type="engagements.referral", object_id=referral.pk)
    return [
        DeskEvent(entry.at, sentence_of(entry), str(entry.changes.get("note") or ""))
        for entry in entries.select_related("actor").order_by("-id")[:MOST_EVENTS]
    ]


def _region(referral: Referral) -> str:
    rows = [referral.need.organisation.district]
    if referral.proposal is not None:
        rows.append(referral.proposal.capability.organisation.district)
    names = [str(row) if row else _("未填区市") for row in rows]
    return " / ".join(dict.fromkeys(names))
