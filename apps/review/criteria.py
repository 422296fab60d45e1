"""Four questions, each answered with 0 to 5, and what their sum suggests."""

from collections.abc import Mapping
from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

from apps.core.city_settings import city_value
from apps.review.models import Kind, Outcome
from apps.review.rules import PUBLISH_POINTS, RETURN_POINTS

BEST = 5
CRITERIA: Mapping[Kind, Mapping[str, object]] = {
    Kind.ORGANISATION: {},
    Kind.NEED: {
        "clear": _("清晰：看得懂要解决什么问题"),
        "real": _("真实可行：确有此事，条件允许"),
        "technical": _("技术含量：需要研发，不是采购"),
        "complete": _("完整：指标、现状、期限齐全"),
    },
    Kind.CAPABILITY: {
        "real": _("真实：有依据，查得到"),
        "mature": _("成熟：验证到了所说的程度"),
        "clear": _("清晰：企业看得懂"),
        "applicable": _("适用：本地产业用得上"),
    },
}


@dataclass(frozen=True, slots=True)
class Suggestion:
    points: int
    outcome: Outcome


def suggestion(scores: Mapping[str, int]) -> Suggestion:
    """The sum, 0 to 20, against the city's two lines: publish from one on, return below the other, hold between."""
    points = sum(scores.values())
    if points >= int(city_value(PUBLISH_POINTS)):
        return Suggestion(points, Outcome.APPROVED)
    return Suggestion(points, Outcome.RETURNED if points < int(city_value(RETURN_POINTS)) else Outcome.HELD)
