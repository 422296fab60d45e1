"""The desk's lists as files: each queue, and one's own reports."""

from typing import Any

from django.db.models import QuerySet
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from apps.accounts.models import Organisation, User
from apps.capabilities.models import Capability
from apps.core.tables.columns import Column, attribute, text
from apps.core.tables.exported import ExportedList, register_lists
from apps.core.validators import clean_text
from apps.review.forms.filtering import QueueFilter
from apps.review.models import Report
from apps.review.permissions import can_use_desk
from apps.review.queues import CLEAREST, QUEUES, experts_of, page_rows
from apps.review.reported import RELATED


def _queue(user: User, query: QueryDict) -> QuerySet[Any]:
    queue = QUEUES.get(query.get("tab", ""), QUEUES["organisations"])
    form = QueueFilter(query, queue=queue)
    form.is_valid()  # a value that is not on offer narrows nothing
    order = CLEAREST if query.get("order") == CLEAREST else ""
    return page_rows(queue, user, form.cleaned_data, order=order)


def _experts(user: User, query: QueryDict) -> QuerySet[Capability]:
    """Of the organisation that has shown a list, of which the reviewer confirms them together."""
    organisation = Organisation.objects.filter(public_id=clean_text(query.get("organisation", ""))).first()
    return experts_of(organisation, user) if organisation else Capability.objects.none()


def _owner(row: Any) -> str | None:
    owner = getattr(row, "organisation", None)
    return str(owner) if owner else None


def _state(row: Any) -> str:
    return str(row.get_state_display())


def _reports(user: User, _query: QueryDict) -> QuerySet[Report]:
    return Report.objects.filter(reporter=user).select_related(*RELATED).order_by("-created_at", "-id")


QUEUE_COLUMNS = (
    Column(_("编号"), attribute("public_id")),
    Column(_("名称"), str),
    Column(_("单位"), _owner),
    Column(_("状态"), _state),
    Column(_("提交时间"), attribute("waiting_since")),
)
EXPERT_COLUMNS = (
    Column(_("编号"), attribute("public_id")),
    Column(_("姓名"), lambda row: str(row.details.get("person_name", ""))),
    Column(_("职称职务"), lambda row: str(row.details.get("job_title", ""))),
    Column(_("名称"), attribute("title")),
    Column(_("提交时间"), attribute("submitted_at")),
)
REPORT_COLUMNS = (
    Column(_("编号"), attribute("public_id")),
    Column(_("举报的内容"), text("subject")),
    Column(_("原因"), attribute("reason")),
    Column(_("具体情况"), attribute("text")),
    Column(_("状态"), attribute("state")),
    Column(_("处理说明"), attribute("told_reporter")),
    Column(_("举报时间"), attribute("created_at")),
    Column(_("处理时间"), attribute("answered_at")),
)
register_lists(
    review=ExportedList(_("审核台"), "review", _queue, QUEUE_COLUMNS, is_open_to=lambda user: bool(can_use_desk(user))),
    experts_to_confirm=ExportedList(
        _("等待确认的专家"), "review", _experts, EXPERT_COLUMNS, is_open_to=lambda user: bool(can_use_desk(user))
    ),
    reports_mine=ExportedList(_("我的举报"), "reports_mine", _reports, REPORT_COLUMNS),
)
