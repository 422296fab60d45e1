"""How an organisation answers: the share it answered, and the median time it took, over the last twelve months.

Only asks about rows that name their owner count: else the change of a rate could tell whose an anonymous need is.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.db.models import BooleanField, Count, DurationField, ExpressionWrapper, F, Q, QuerySet, Window
from django.db.models.functions import RowNumber
from django.utils.translation import gettext as _

from apps.accounts.disclosure import Disclosure
from apps.accounts.models import Organisation
from apps.accounts.profile_facts import AnswerRecord, ProfileFact
from apps.core import clock
from apps.core.due_times import duration_text
from apps.matching.models import Ask, AskAnswer, Side

PERIOD = timedelta(days=365)
FEWEST = 3
ANSWERED = (AskAnswer.ACCEPTED, AskAnswer.DECLINED)


@dataclass(frozen=True, slots=True)
class AnswerFigures:
    """Of `asked` asks that were answered or ran out, `answered` were; half of these within `median`."""

    asked: int
    answered: int
    median: timedelta | None

    @property
    def is_shown(self) -> bool:
        """Of fewer than three a rate tells nothing."""
        return self.asked >= FEWEST

    @property
    def percent(self) -> int | None:
        return round(100 * self.answered / self.asked) if self.is_shown else None

    @property
    def median_hours(self) -> float | None:
        return round(self.median.total_seconds() / 3600, 1) if self.is_shown and self.median is not None else None

    @property
    def text(self) -> str:
        """“答复率 92%，通常 5 小时内答复”."""
        if not self.is_shown:
            return _("答复不足 3 次，暂不显示")
        if self.median is None:
            return _("答复率 %(percent)d%%") % {"percent": self.percent}
        return _("答复率 %(percent)d%%，通常 %(time)s内答复") % {
            "percent": self.percent,
            "time": duration_text(self.median),
        }


NONE_YET = AnswerFigures(0, 0, None)


def answer_figures(organisations: Collection[int]) -> dict[int, AnswerFigures]:
    """By organisation, for those that were asked at all. One query, none for no organisations."""
    if not organisations:
        return {}
    counts: dict[int, dict[bool, int]] = {}
    spans: dict[int, list[timedelta]] = {}
    for pk, was_answered, among, took in _in_the_middle(_ended().filter(organisation__in=organisations)):
        counts.setdefault(pk, {})[was_answered] = among
        if was_answered:
            spans.setdefault(pk, []).append(took)
    return {
        pk: AnswerFigures(sum(count.values()), count.get(True, 0), _mean(spans.get(pk, ())))
        for pk, count in counts.items()
    }


def answer_figures_of(organisation: Organisation) -> AnswerFigures:
    return answer_figures([organisation.pk]).get(organisation.pk, NONE_YET)


def answers_on_profile(organisation: Organisation) -> ProfileFact:
    """For the organisation's public page."""
    return ProfileFact(_("答复情况"), answer_figures_of(organisation).text)


def answers_for_programs(organisations: Collection[int]) -> dict[int, AnswerRecord]:
    """For the API, as on the profile: not of fewer than three asks."""
    shown = {pk: figures for pk, figures in answer_figures(organisations).items() if figures.is_shown}
    return {pk: AnswerRecord(figures.percent or 0, figures.median_hours) for pk, figures in shown.items()}


def _ended() -> QuerySet[Ask]:
    named = Q(side=Side.NEED, proposal__need__disclosure=Disclosure.PUBLIC_NAMED) | Q(
        side=Side.CAPABILITY, proposal__capability__disclosure=Disclosure.PUBLIC_NAMED
    )
    return Ask.objects.filter(named, answered_at__gte=clock.now() - PERIOD, answer__in=(*ANSWERED, AskAnswer.TIMED_OUT))


def _in_the_middle(ended: QuerySet[Ask]) -> QuerySet[Any, tuple[int, bool, int, timedelta]]:
    """By organisation, of what it answered and of what ran out: how many there are, and the time of the one in the
    middle; of an even number there are two. The database orders, four rows of an organisation come at most.
    """
    took = ExpressionWrapper(F("answered_at") - F("asked_at"), output_field=DurationField())
    was_answered = ExpressionWrapper(Q(answer__in=ANSWERED), output_field=BooleanField())
    group: list[Any] = [F("organisation"), was_answered]
    rows = ended.order_by().annotate(
        took=took,
        was_answered=was_answered,
        place=Window(RowNumber(), partition_by=group, order_by=[took, F("pk")]),
        among=Window(Count("pk"), partition_by=group),
    )
    middle = rows.filter(place__gte=F("among") / 2.0, place__lte=F("among") / 2.0 + 1)
    return middle.values_list("organisation", "was_answered", "among", "took")


def _mean(spans: Collection[timedelta]) -> timedelta | None:
    return sum(spans, timedelta()) / len(spans) if spans else None
