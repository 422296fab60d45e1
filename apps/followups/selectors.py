"""Queries about questionnaires and stories, starting from what a person may see."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from django.db.models import Count, Q, QuerySet
from django.utils import timezone

from apps.accounts.regions import in_region_of, works_city_wide
from apps.accounts.selectors import Viewer, is_reviewer, organisation_of
from apps.core import clock
from apps.core.switches import require_on
from apps.engagements.models import Engagement, EngagementState, Outcome, OutcomeState
from apps.followups.models import Questionnaire, Story, StoryState
from apps.followups.months import months_after, months_before
from apps.followups.rules import CATCH_UP, REMIND_AFTER
from apps.followups.switches import STORIES
from apps.matching.models import Side

PAIR = tuple(f"engagement__proposal__{row}__organisation" for row in ("need", "capability"))
STORY_PAIR = (
    "outcome__outcome_type",
    "outcome__engagement__proposal__need__organisation__district",
    "outcome__engagement__proposal__need__industry_chain",
    "outcome__engagement__proposal__need__contact",
    "outcome__engagement__proposal__capability__organisation",
    "outcome__engagement__proposal__capability__contact",
)


def questionnaires_of(user: Viewer) -> QuerySet[Questionnaire]:
    """Those a person may see, each with its answer."""
    return Questionnaire.objects.visible_to(user).select_related(*PAIR, "answer")


def questionnaires_waiting_for(user: Viewer) -> QuerySet[Questionnaire]:
    """Open ones that this person's side has not answered, the first to close first."""
    organisation = organisation_of(user)
    if organisation is None:
        return Questionnaire.objects.none()
    rows = Questionnaire.objects.of(organisation).open().unanswered()
    return rows.select_related("engagement__proposal__need").order_by("closes_at", "id")


def cases_to_ask(months: int, today: date) -> Iterator[tuple[Engagement, date]]:
    """Delivered cases that are to be asked after so many months, each with its day; not those long past it.

    A case that was taken back and delivered again counts from the later day: `state_since` is the moment of the move.
    """
    rows = Engagement.objects.filter(
        state=EngagementState.DELIVERED,
        state_since__gte=_start(months_before(today - CATCH_UP, months)),
        state_since__lt=_start(months_before(today, months) + timedelta(days=4)),  # months end on different days
    )
    asked = Questionnaire.objects.filter(months=months).values("engagement")
    rows = rows.exclude(pk__in=asked).select_related("proposal__need", "proposal__capability")
    for engagement in rows.order_by("state_since", "pk").iterator(chunk_size=200):
        due_on = due_day(engagement, months)
        if today - CATCH_UP <= due_on <= today:
            yield engagement, due_on


def due_day(engagement: Engagement, months: int) -> date:
    return months_after(timezone.localdate(engagement.state_since), months)


def questionnaires_to_remind() -> QuerySet[Questionnaire]:
    """Unanswered for a week, and nobody was reminded; longest open first."""
    rows = Questionnaire.objects.open().unanswered()
    waiting = rows.filter(reminded_at=None, opened_at__lte=clock.now() - REMIND_AFTER)
    return waiting.select_related(*PAIR, "engagement__owner").order_by("opened_at", "pk")


@dataclass(frozen=True, slots=True)
class ResponseRate:
    asked: int
    answered: int

    @property
    def share(self) -> float | None:
        """From 0 to 1; None where nobody was asked."""
        return self.answered / self.asked if self.asked else None


def response_rate(opened_from: datetime, opened_until: datetime, *, side: Side | None = None) -> ResponseRate:
    """Of the questionnaires sent within the time (the end not included), how many were answered."""
    rows = Questionnaire.objects.filter(opened_at__gte=opened_from, opened_at__lt=opened_until)
    if side is not None:
        rows = rows.filter(side=side)
    counted = rows.aggregate(asked=Count("pk"), answered=Count("pk", filter=Q(answer__isnull=False)))
    return ResponseRate(counted["asked"], counted["answered"])


def stories_for_page(user: Viewer) -> QuerySet[Story]:
    """Those a person may see, with everything their pages show."""
    return Story.objects.visible_to(user).select_related(*STORY_PAIR)


def require_story_shown(user: Viewer, story: Story) -> None:
    """SwitchedOff for the public while stories are turned off; who works on it goes on."""
    if not is_reviewer(user) and not Story.objects.of(user).filter(pk=story.pk).exists():
        require_on(STORIES)


def stories_of(user: Viewer) -> QuerySet[Story]:
    """Of cases that the person is a party to, in any state; the latest change first."""
    return Story.objects.of(user).select_related(*STORY_PAIR).order_by("-updated_at", "-id")


def published_stories() -> QuerySet[Story]:
    """The newest first."""
    return Story.objects.published().select_related(*STORY_PAIR).order_by("-published_at", "-id")


def stories_to_review(user: Viewer) -> QuerySet[Story]:
    """Agreed to by both sides and waiting for a reviewer, longest waiting first."""
    if not is_reviewer(user):
        return Story.objects.none()
    rows = Story.objects.filter(state=StoryState.SUBMITTED).select_related(*STORY_PAIR)
    if not works_city_wide(user):
        pair = [f"outcome__engagement__proposal__{row}__organisation__district" for row in ("need", "capability")]
        rows = rows.filter(in_region_of(user, *pair))
    return rows.order_by("submitted_at", "id")


def stories_waiting_for(user: Viewer) -> QuerySet[Story]:
    """To be agreed to, or mended, by this person's side."""
    organisation = organisation_of(user)
    if organisation is None:
        return Story.objects.none()
    pair = "outcome__engagement__proposal__"
    need, supply = (
        Q(**{f"{pair}need__organisation": organisation}),
        Q(**{f"{pair}capability__organisation": organisation}),
    )
    unread = Q(need, need_agreed_version=None) | Q(supply & ~need, capability_agreed_version=None)
    waits = Q(unread, state=StoryState.DRAFT) | Q(need | supply, state=StoryState.RETURNED)
    return Story.objects.filter(waits).order_by("updated_at", "id")


def outcomes_to_tell(engagement: Engagement) -> QuerySet[Outcome]:
    """Confirmed outcomes of a case, each with its story where there is one."""
    rows = Outcome.objects.filter(engagement=engagement, state=OutcomeState.CONFIRMED)
    return rows.select_related("outcome_type", "story")


def _start(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, time()))
