"""How soon published needs are answered."""

from dataclasses import dataclass
from datetime import timedelta
from statistics import median

from apps.core.service_times import ServiceTime, Waits, Within, registered_service_times
from apps.needs.reply_figures import answered_within_a_week
from apps.stats.figures import FIGURES
from apps.stats.periods import midnight
from apps.stats.questions import Question


@dataclass(frozen=True, slots=True)
class Served:
    """How soon the city's own people decided, and where the decisions are listed."""

    time: ServiceTime
    waits: Waits
    url: str


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
    url_due: str
    url_answered: str
    url_published: str
    served: list[Served]

    @property
    def share_in_week(self) -> float | None:
        """In percent."""
        return round(100 * self.in_week / self.due, 1) if self.due else None


def response(question: Question) -> Response:
    """Read from the needs themselves: a median is no sum over days."""
    rows = FIGURES["needs"].rows(question.period, question.narrowed).order_by()
    in_week, due = answered_within_a_week(rows)
    moments = list(rows.values_list("published_at", "first_replied_at"))
    # A reply that came before a need was published anew counts as one at once.
    waits = [max(reply - published, timedelta()) for published, reply in moments if reply]
    return Response(
        published=len(moments),
        due=due,
        answered=len(waits),
        in_week=in_week,
        median_time=median(waits) if waits else None,
        fastest=min(waits, default=None),
        url_in_week=question.rows_url("answered_in_week"),
        url_due=question.list_url("due-needs"),
        url_answered=question.rows_url("answered"),
        url_published=question.rows_url("needs"),
        served=[_served(question, time) for time in registered_service_times().values()],
    )


def asked_of(question: Question) -> Within:
    """The question as those apps understand it that the statistics do not know."""
    first, last = question.period
    narrowed = question.narrowed
    return Within(
        midnight(first), midnight(last + timedelta(days=1)), narrowed.districts, narrowed.chain, narrowed.tier
    )


def _served(question: Question, time: ServiceTime) -> Served:
    return Served(time, time.measure(asked_of(question)), question.list_url(time.key))
