"""举报: made by anybody who is signed in, answered by a reviewer; the owner never learns who made it."""

from datetime import timedelta
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from apps.accounts.models import Organisation, User
from apps.accounts.services.limits import require_below
from apps.core import audit, clock
from apps.core.errors import DomainError, StateConflict
from apps.followups.models import Story, StoryState
from apps.followups.services import story_return
from apps.needs.models import Need, NeedState
from apps.review import notices
from apps.review.models import Outcome, Report, ReportReason, ReportState, Row
from apps.review.models.reports import SUBJECTS, WAITING
from apps.review.models.subjects import kind_of
from apps.review.permissions import can_answer, can_report
from apps.review.services.deciding import Assessment, Overtaken, item_decide
from apps.review.services.withholding import can_be_withheld, row_withhold
from apps.review.waiting import is_public

MOST_A_DAY = 10
LONGEST_ANSWER = 300


def owner_of_report(subject: Row | Story) -> dict[str, Any]:
    """The column of a report that names its subject."""
    return {"story" if isinstance(subject, Story) else str(kind_of(subject)): subject}


@transaction.atomic
def report_make(*, subject: Row | Story, by: User, reason: ReportReason, text: str = "") -> Report:
    """One open report of a person about one thing: again is the one there is. The caller has checked that `by` sees it.

    ValidationError by field; SentTooOften above ten a day.
    """
    can_report(by, subject).require()
    User.objects.select_for_update(no_key=True).get(pk=by.pk)  # the same button twice, at once
    open_one = Report.objects.filter(**owner_of_report(subject), reporter=by, state__in=WAITING).first()
    if open_one is not None:
        return open_one
    refusal = _("今天举报的次数已达上限，请明天再试。")
    require_below(MOST_A_DAY, action="report.made", by=by, within=timedelta(days=1), refusal=refusal)
    report = Report(**owner_of_report(subject), reporter=by, reason=reason, text=text.strip())
    if reason == ReportReason.OTHER and not report.text:
        raise ValidationError({"text": _("请写明具体情况。")})
    report.clean_fields(exclude=[*SUBJECTS, "answered_by", "answered_at"])
    report.save()
    audit.record(report, "report.made", by=by, changes={"reason": reason})
    return report


@transaction.atomic
def report_answer(*, report: Report, by: User, state: ReportState, text: str, seen: int) -> Report:
    """Leave what was reported, take it down, or ask its owner to look; `text` says why.

    Taking down answers every open report about the same thing. StateConflict where a colleague was first; Overtaken
    where the owner changed it after `seen`, the report's `subject_version`.
    """
    report = Report.objects.select_for_update(no_key=True).get(pk=report.pk)
    can_answer(by, report).require()
    _require_open(report, state)
    if report.subject_version != seen:
        raise Overtaken(_("发布方刚刚修改了内容，请看过最新版本后再决定。您的处理没有保存。"))
    if not text.strip() or len(text) > LONGEST_ANSWER:
        raise ValidationError({"text": _("请写明处理说明，最多 300 个字。")})
    if state == ReportState.TAKEN_DOWN:
        _take_down(report, by, text.strip())
        same = Report.objects.filter(**owner_of_report(report.subject), state__in=WAITING)
        for other in same.exclude(pk=report.pk).select_related("reporter"):
            _close(other, by, state, text.strip())
    _close(report, by, state, text.strip())
    if state == ReportState.ASKED:
        notices.ask_owner(report, by=by)
    return report


def may_take_down(subject: Row | Story) -> bool:
    """What others see."""
    if isinstance(subject, Story):
        return subject.state == StoryState.PUBLISHED
    return is_kept_by_cases(subject) or (not isinstance(subject, Organisation) and is_public(subject))


def is_kept_by_cases(subject: Row | Story) -> bool:
    """An organisation, or a need at work: not to be sent back for mending, but to be kept back while cases go on."""
    if isinstance(subject, Organisation):
        return can_be_withheld(subject)
    return isinstance(subject, Need) and subject.state == NeedState.ENGAGED and can_be_withheld(subject)


def _require_open(report: Report, state: ReportState) -> None:
    if not report.is_open or report.state == state:
        told = {"who": report.answered_by.name if report.answered_by else "", "state": report.get_state_display()}
        raise StateConflict(_("%(who)s已经处理了这条举报：%(state)s。") % told)


def _take_down(report: Report, by: User, reason: str) -> None:
    subject = report.subject
    if not may_take_down(subject):
        raise DomainError(_("现在不能下架：它不在公开展示。"))
    if isinstance(subject, Story):
        story_return(story=subject, by=by, reason=reason)
    elif is_kept_by_cases(subject):
        row_withhold(row=subject, by=by, reason=reason)
    else:
        item_decide(row=subject, by=by, given=Assessment(Outcome.RETURNED, reason=reason), since=report.created_at)


def _close(report: Report, by: User, state: ReportState, text: str) -> None:
    report.state, report.answer, report.answered_by, report.answered_at = state, text, by, clock.now()
    report.save(update_fields=["state", "answer", "answered_by", "answered_at", "updated_at"])
    audit.record(report, f"report.{state}", by=by, changes={"text": text})
    if not report.is_open:
        notices.tell_reporter(report)
