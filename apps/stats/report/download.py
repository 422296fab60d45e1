"""A report as it leaves, by every door."""

from django.http import HttpResponse
from django.utils.http import content_disposition_header

from apps.accounts.models import User
from apps.core import audit
from apps.stats.report.models import MonthlyReport


def report_file(report: MonthlyReport, *, by: User) -> HttpResponse:
    """Of a report that `by` may see and that has been made; the trail keeps who took it."""
    audit.record_view(report, "export.made", by=by, detail={"what": "report", "month": report.month})
    headers = {"Content-Disposition": content_disposition_header(True, report.file_name) or "attachment"}
    return HttpResponse(bytes(report.content), content_type="application/pdf", headers=headers)
