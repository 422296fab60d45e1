"""Answering a questionnaire, in the site or by a link."""

from datetime import timedelta
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from apps.accounts.models import User
from apps.core import audit, clock
from apps.core.errors import DomainError, StateConflict
from apps.core.models import AuditEntry
from apps.followups.models import Answer, Questionnaire, Usage
from apps.followups.permissions import can_answer

ANSWERED, CORRECTED = "questionnaire.answered", "questionnaire.corrected"
MOST_AN_HOUR = 20
TOLD = (
    "usage",
    "stop_reason",
    "fit",
    "new_sales_yuan",
    "cost_saved_yuan",
    "further_work",
    "partner_rating",
    "platform_rating",
    "note",
    "may_publish",
)


class AnsweredAlready(StateConflict):
    """Somebody of the same side was faster: their answer stands."""

    default_message = _("贵单位刚刚已经提交过这份问卷，您的内容没有覆盖它。需要修改请看过现有答复后再改。")


@transaction.atomic
def questionnaire_answer(
    *, questionnaire: Questionnaire, by: User, seen: str = "", by_link: bool = False, **fields: Any
) -> Answer:
    """One answer for a side; with `seen`, the `Answer.revision` that the person had before them, a correction.

    `fields` are the columns of TOLD; what is not among them keeps its value. `by` is who signed in, or whom the link
    was sent to. NotAllowed, AnsweredAlready, ValidationError by field.
    """
    questionnaire = _locked(questionnaire)
    can_answer(by, questionnaire).require()
    _require_patience(questionnaire)
    answer = Answer.objects.filter(questionnaire=questionnaire).first() or Answer(questionnaire=questionnaire)
    action = CORRECTED if answer.pk else ANSWERED
    if answer.pk and seen != answer.revision:
        raise AnsweredAlready
    for name in TOLD:
        if name in fields:
            setattr(answer, name, fields[name])
    if answer.usage == Usage.IN_USE:
        answer.stop_reason = ""
    answer.answered_at, answer.answered_by = clock.now(), by
    answer.full_clean()
    answer.save()
    told: dict[str, Any] = {name: str(getattr(answer, name)) for name in TOLD}
    of_whom = {"side": questionnaire.side, "months": questionnaire.months, "by_link": by_link}
    audit.record(questionnaire, action, by=by, changes=told | of_whom)
    return answer


def _locked(questionnaire: Questionnaire) -> Questionnaire:
    """Held until the transaction ends: of two answers, the second sees the first."""
    rows = Questionnaire.objects.select_for_update(of=("self",))
    pair = [f"engagement__proposal__{row}__organisation" for row in ("need", "capability")]
    found = rows.select_related(*pair).filter(pk=questionnaire.pk).first()
    if found is None:
        raise StateConflict
    return found


def _require_patience(questionnaire: Questionnaire) -> None:
    """Counted in the audit trail, as `accounts.services.limits` does: a link that went astray fills no disk."""
    done = AuditEntry.objects.filter(
        object_type=questionnaire._meta.label_lower,
        object_id=questionnaire.pk,
        action__in=(ANSWERED, CORRECTED),
        at__gt=clock.now() - timedelta(hours=1),
    )
    if done.count() >= MOST_AN_HOUR:
        raise DomainError(_("这份问卷一小时内修改的次数太多了，请稍后再试。"))
