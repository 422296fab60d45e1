"""Taking off the desk what is over by itself."""

from collections.abc import Iterable

from django.db.models import Q, QuerySet

from apps.engagements.desk.referrals import referral_lapse
from apps.engagements.models import CLOSED_STATES, Engagement, Referral, ReferralKind, Wait, WaitKind
from apps.matching.models import ProposalState
from apps.needs.models import OPEN_STATES

KIND_OF_WAIT = {
    WaitKind.MESSAGE: ReferralKind.MESSAGE_UNANSWERED,
    WaitKind.OUTCOME: ReferralKind.OUTCOME_UNANSWERED,
    WaitKind.AGREEMENT: ReferralKind.AGREEMENT_UNANSWERED,
}


def waits_over(ended: Iterable[Wait]) -> None:
    """Waits that had come to the desk have ended; the matter stays there while another of its kind is late."""
    for engagement_id, kind in {(wait.engagement_id, WaitKind(wait.kind)) for wait in ended}:
        still = Wait.objects.open().filter(engagement=engagement_id, kind=kind, handed_at__isnull=False)
        if not still.exists():
            _lapse(Referral.objects.filter(engagement=engagement_id, kind=KIND_OF_WAIT[kind]))


def case_leaves(engagement: Engagement) -> None:
    """Delivered or ended: nobody follows it any more. Outcomes still wait to be confirmed."""
    _lapse(Referral.objects.filter(engagement=engagement).exclude(kind=ReferralKind.OUTCOME_UNANSWERED))


def lapsed() -> QuerySet[Referral]:
    """Open matters whose reason is gone. A stuck case is looked at by `sweep`, as it takes the audit trail."""
    of_need = Q(kind__in=(ReferralKind.LIST_UNANSWERED, ReferralKind.NEED_WITHOUT_REPLY))
    answered = Q(kind=ReferralKind.NEED_WITHOUT_REPLY, need__first_replied_at__isnull=False, taken_by=None)
    pair = Q(kind=ReferralKind.PROPOSAL_TIMED_OUT) & ~Q(proposal__state=ProposalState.TIMED_OUT)
    case = Q(engagement__state__in=CLOSED_STATES) & ~Q(kind=ReferralKind.OUTCOME_UNANSWERED)
    return Referral.objects.open().filter((of_need & ~Q(need__state__in=OPEN_STATES)) | answered | pair | case)


def _lapse(rows: QuerySet[Referral]) -> None:
    for referral in rows.open().select_related("engagement"):  # type: ignore[attr-defined]  # the stubs lose the manager
        referral_lapse(referral=referral)
