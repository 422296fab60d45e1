"""Figures, monthly reports, and the description of the API."""

from datetime import date

from apps.core import clock
from apps.stats.report.models import MonthlyReport
from apps.stats.report.models import ReportState as MonthlyReportState
from tests.api.scenes.playing import Scene, Scenes


def monthly_report() -> MonthlyReport:
    """Of the whole city, as a worker left it."""
    made = {"state": MonthlyReportState.READY, "content": b"%PDF-1.4", "made_at": clock.now()}
    return MonthlyReport.objects.get_or_create(month=date(2026, 2, 1), district=None, defaults=made)[0]


SCENES: Scenes = {
    ("stats-overview", "GET"): lambda world: Scene(),
    ("stats-distribution", "GET"): lambda world: Scene(),
    ("stats-fit", "GET"): lambda world: Scene(),
    ("stats-report-list", "GET"): lambda world: Scene(monthly_report() and None),
    ("stats-report-list", "POST"): lambda world: Scene(None, {"month": "2026-01-01"}),
    ("stats-report-detail", "GET"): lambda world: Scene(monthly_report()),
    ("stats-report-file", "GET"): lambda world: Scene(monthly_report()),
    ("open-statistics", "GET"): lambda world: Scene(),
    ("schema", "GET"): lambda world: Scene(),
    ("docs", "GET"): lambda world: Scene(),
}
