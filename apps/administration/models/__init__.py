"""Models of the administration: announcements, requests to be forgotten, runs of the nightly cleaning."""

from apps.administration.models.announcements import Announcement, Audience, Dismissal, Level
from apps.administration.models.erasure import ErasureRequest, ErasureState
from apps.administration.models.retention import RetentionRun

__all__ = [
    "Announcement",
    "Audience",
    "Dismissal",
    "ErasureRequest",
    "ErasureState",
    "Level",
    "RetentionRun",
]
