"""成效 from the queue: an administrator decides where the other side is silent, about what they had before them."""

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from apps.accounts.models import User
from apps.engagements.models import Outcome, OutcomeState
from apps.engagements.services import outcome_confirm, outcome_reject
from apps.engagements.services.locking import locked_outcome
from apps.review.services.deciding import Overtaken


@transaction.atomic
def outcome_decide(*, outcome: Outcome, by: User, is_true: bool, seen: str, reason: str = "") -> Outcome:
    """Confirm or reject it. Overtaken where somebody decided, or its side changed it, after `seen` (its `revision`)."""
    row = locked_outcome(outcome)
    _require_seen(row, seen)
    if is_true:
        return outcome_confirm(outcome=outcome, by=by, seen=seen)
    if not reason.strip():
        raise ValidationError({"reason": _("请写明驳回原因，方便对方修改。")})
    return outcome_reject(outcome=outcome, by=by, reason=reason)


def _require_seen(row: Outcome, seen: str) -> None:
    if row.state != OutcomeState.REPORTED:
        told = {"who": row.decided_by.name if row.decided_by else "", "outcome": row.get_state_display()}
        raise Overtaken(_("%(who)s刚刚已经处理了这一项，结论是“%(outcome)s”。您的结论没有保存。") % told)
    if row.revision != seen:
        raise Overtaken(_("对方刚刚修改了内容，请看过最新版本后再决定。您的结论没有保存。"))
