"""How soon published needs are answered."""

from dataclasses import dataclass
from datetime import timedelta
from statistics import median

from apps.core import clock
from apps.stats.figures import FIGURES
from apps.stats.questions import Question
from apps.stats.selectors import A_WEEK


@dataclass(frozen=True, slots=True)
class Response:
    """Of the needs published in the period: `due` had a week's time or an answer, `in_week` were answered within it.

    `median_time` is that of all answered ones, `fastest` the shortest; None where none was answered.
    """

    published: int
    due: int
    answered: int
    in_week: int
    median_time: timedelta | None
    fastest: timedelta | None
    url_in_week: str
    url_answered: str
    url_published: str

    @property
    def share_in_week(self) -> float | None:
        """In percent."""
        return round(100 * self.in_week / self.due, 1) if self.due else None


def response(question: Question) -> Response:
    """Read from the needs themselves: a median is no sum over days."""
    rows = FIGURES["needs"].rows(question.period, question.narrowed).order_by()
    moments = list(rows.values_list("published_at", "first_replied_at"))
    # A reply that came before a need was published anew counts as one at once.
    waits = [max(reply - published, timedelta()) for published, reply in moments if reply]
    young = sum(1 for published, reply in moments if reply is None and clock.now() - published < A_WEEK)
    return Response(
        published=len(moments),
        due=len(moments) - young,
        answered=len(waits),
        in_week=sum(1 for wait in waits if wait <= A_WEEK),
        median_time=median(waits) if waits else None,
        fastest=min(waits, default=None),
        url_in_week=question.rows_url("answered_in_week"),
        url_answered=question.rows_url("answered"),
        url_published=question.rows_url("needs"),
    )
