"""What officials are told of reports."""

from django.utils.translation import gettext_lazy as _

from apps.accounts.models import User
from apps.notifications.kinds import Kind, register
from apps.notifications.services import notify
from apps.stats.report.models import MonthlyReport

register(Kind("stats.report", _("%(month)s 月报已编制（%(region)s）"), _("登录后可以下载 PDF 文件。")))


def tell_of_report(report: MonthlyReport, user: User) -> int:
    return notify(
        event_key=f"report:{report.public_id}:{user.pk}",
        topic="review",
        recipients=[user],
        kind="stats.report",
        params={"month": f"{report.month:%Y-%m}", "region": report.region},
        url_name="stats:reports",
        by_name=True,  # they asked for it themselves
    )
