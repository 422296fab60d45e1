"""What people are told by the review desk. Who reported something is told to nobody."""

from collections.abc import Sequence

from django.utils.translation import gettext_lazy as _

from apps.accounts.models import Organisation, User
from apps.capabilities.models import Capability
from apps.engagements.notices import people_of_side
from apps.followups.models import Story
from apps.matching.models import Side
from apps.needs.models import Need
from apps.notifications.kinds import Kind, register
from apps.notifications.recipients import speakers
from apps.notifications.services import notify
from apps.review.models import Report, ReportState, Row, Withholding
from apps.review.models.subjects import organisation_of_row

TOPIC = "review"
register(
    Kind("review.report_kept", _("您的举报已处理：“%(title)s”"), _("核实后予以保留。说明：%(text)s")),
    Kind("review.report_taken_down", _("您的举报已处理：“%(title)s”"), _("核实属实，已经下架。感谢您的反馈。")),
    Kind(
        "review.withheld",
        _("“%(title)s”暂停展示"),
        _("原因：%(text)s。进行中的对接不受影响；如有异议，请联系平台审核员。"),
    ),
    Kind("review.shown_again", _("“%(title)s”已恢复展示"), _("%(text)s")),
    Kind(
        "review.experts_proved",
        _("%(organisation)s的专家已确认"),
        _("审核员核实了本人同意的依据，本批 %(count)d 位专家已确认。依据：%(text)s"),
    ),
    Kind("review.owner_asked", _("请核实“%(title)s”的内容"), _("平台请您核实：%(text)s")),
)


def tell_reporter(report: Report) -> None:
    kind = "review.report_taken_down" if report.state == ReportState.TAKEN_DOWN else "review.report_kept"
    notify(
        event_key=f"report:{report.public_id}:{report.state}",
        topic=TOPIC,
        recipients=[report.reporter],
        kind=kind,
        params={"title": str(report.subject), "text": report.answer},
        url_name="reports_mine",
        by_name=True,
    )


def ask_owner(report: Report, *, by: User) -> None:
    subject = report.subject
    url_name, args = _page_of(subject)
    notify(
        event_key=f"report:{report.public_id}:asked",
        topic=TOPIC,
        recipients=_owners(subject, by),
        kind="review.owner_asked",
        params={"title": str(subject), "text": report.answer},
        url_name=url_name,
        url_args=args,
        by_name=True,
    )


def tell_owners(withholding: Withholding, *, by: User, is_lifted: bool) -> None:
    """That it is kept back, and why; or that it is shown again."""
    subject = withholding.row
    url_name, args = _page_of(subject)
    notify(
        event_key=f"withholding:{withholding.public_id}:{'lifted' if is_lifted else 'withheld'}",
        topic=TOPIC,
        recipients=_owners(subject, by),
        kind="review.shown_again" if is_lifted else "review.withheld",
        params={
            "title": str(subject),
            "text": withholding.lifted_note if is_lifted else withholding.reason.rstrip("。"),
        },
        url_name=url_name,
        url_args=args,
        by_name=True,
    )


def tell_of_proof(organisation: Organisation, keys: Sequence[int], *, by: User, note: str) -> None:
    """Once for many experts, to who listed them."""
    makers = User.objects.filter(pk__in=Capability.objects.filter(pk__in=keys).values("created_by"))
    notify(
        event_key=f"experts:{organisation.public_id}:{keys[0]}:proved",
        topic=TOPIC,
        recipients=speakers(organisation, *makers, actor=by),
        kind="review.experts_proved",
        params={"organisation": organisation.name, "count": len(keys), "text": note},
        url_name="capabilities:mine",
        organisation=organisation,
    )


def _owners(subject: Row | Story, by: User) -> list[User]:
    if isinstance(subject, Story):
        return [person for side in Side for person in people_of_side(subject.outcome.engagement, side)]
    contact = None if isinstance(subject, Organisation) else subject.contact
    return list(speakers(organisation_of_row(subject), contact, actor=by))


def _page_of(subject: Row | Story) -> tuple[str, list[str]]:
    if isinstance(subject, Organisation):
        return "accounts:organisation", []
    if isinstance(subject, Story):
        return "stories:detail", [subject.public_id]
    return "needs:detail" if isinstance(subject, Need) else "capabilities:detail", [subject.public_id]
