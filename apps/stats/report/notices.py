"""What officials are told of reports."""

from django.utils.translation import gettext_lazy as _

from apps.accounts.models import User
from apps.notifications.kinds import Kind, LetterFile, register
from apps.notifications.models import Notification
from apps.notifications.services import notify
from apps.stats.report.models import MonthlyReport


def report_files(row: Notification) -> list[LetterFile]:
    """The report itself, where its reader may still have it."""
    mine = MonthlyReport.objects.visible_to(row.recipient).filter(public_id=row.parameters.get("report", ""))
    return [LetterFile(one.file_name, bytes(one.content), "application/pdf") for one in mine if one.content]


register(
    Kind(
        "stats.report",
        _("%(month)s 月报已编制（%(region)s）"),
        _("PDF 文件随邮件附上，登录后也可以下载。"),
        letter_files=report_files,
    )
)


def tell_of_report(report: MonthlyReport, user: User) -> int:
    return notify(
        event_key=f"report:{report.public_id}:{user.pk}",
        topic="review",
        recipients=[user],
        kind="stats.report",
        params={"month": f"{report.month:%Y-%m}", "region": report.region, "report": report.public_id},
        url_name="stats:reports",
        by_name=True,  # they asked for it themselves
    )
