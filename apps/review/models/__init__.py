"""Models of the review desk."""

from apps.review.models.experts import ConfirmationState, ExpertConfirmation
from apps.review.models.handling import Handling, Outcome, Verdict
from apps.review.models.reports import Report, ReportReason, ReportState
from apps.review.models.snapshots import Snapshot
from apps.review.models.subjects import KINDS, Kind, OfOneRow, Row
from apps.review.models.withholding import Withholding

__all__ = [
    "KINDS",
    "ConfirmationState",
    "ExpertConfirmation",
    "Handling",
    "Kind",
    "OfOneRow",
    "Outcome",
    "Report",
    "ReportReason",
    "ReportState",
    "Row",
    "Snapshot",
    "Verdict",
    "Withholding",
]
