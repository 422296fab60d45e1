"""What was asked and told after the delivery: questionnaires with their answers, and published stories."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from django.utils import timezone

from apps.core.models import AuditEntry
from apps.engagements.models import Engagement, EngagementState, Outcome, OutcomeState
from apps.engagements.services import NOT_ACHIEVED
from apps.followups.models import Answer, Fit, FurtherWork, Questionnaire, Story, StoryState, Usage
from apps.followups.months import months_after
from apps.matching.models import Side
from apps.stats.seed_city.days import later, moment_of, year_of
from apps.stats.seed_city.lots import Lots
from apps.stats.seed_city.sizes import YEARS
from apps.stats.seed_city.writing import Writer, entry

MONTHS = (3, 6, 12)
OPEN_FOR = timedelta(days=30)
ANSWERED = {Side.NEED: 0.71, Side.CAPABILITY: 0.58}
TOLD = 0.06
"""Share of the confirmed outcomes that became a story."""
SCORES = {5: 46, 4: 34, 3: 14, 2: 5, 1: 1}
USES = {Usage.IN_USE: 82, Usage.PARTLY: 13, Usage.STOPPED: 5}
FITS = {Fit.AS_REPORTED: 58, Fit.BETTER: 18, Fit.WORSE: 11, Fit.UNKNOWN: 13}
FURTHER = {FurtherWork.STARTED: 22, FurtherWork.PLANNED: 37, FurtherWork.NONE: 41}
REASONS = ("订单换了产品，这条线暂时停了。", "备件到货慢，部分工位还在用旧办法。", "操作人员流动大，正在重新培训。")
NOTES = ("", "", "", "希望下一步把另外两条线也改了。", "老师响应很快，现场问题当天就有答复。", "建议增加一次现场回访。")


class FollowUps:
    """`reviewer` publishes the stories. Nothing happens after the last moment of the city."""

    def __init__(self, *, seed: int, reviewer: int, writer: Writer) -> None:
        self.lots, self.reviewer, self.writer = Lots.of(seed, "follow-ups"), reviewer, writer
        self.end = year_of(YEARS[-1].year).end

    def write(self) -> None:
        self.writer.step("回访与案例")
        people: dict[tuple[int, str], int] = {}
        sent = list(self.writer.add(Questionnaire, self._questionnaires(people), created="opened_at"))
        answered = self.writer.add(Answer, self._answers(sent, people), created="answered_at")
        self.writer.add_all(AuditEntry, self._course(sent, list(answered)))
        stories = list(self.writer.add(Story, self._stories(), created="submitted_at"))
        self.writer.add_all(AuditEntry, (each for story in stories for each in self._told(story)))

    def _questionnaires(self, people: dict[tuple[int, str], int]) -> Iterator[Questionnaire]:
        """Of each delivered case, to both sides; `people` is filled with who answers for which side."""
        rows = Engagement.objects.filter(state=EngagementState.DELIVERED).order_by("pk")
        columns = ("pk", "state_since", "proposal__need_accepted_by", "proposal__capability_accepted_by")
        for case, delivered_at, need_person, supplier in list(rows.values_list(*columns)):
            people |= {(case, Side.NEED): need_person, (case, Side.CAPABILITY): supplier}
            for months in MONTHS:
                day = months_after(timezone.localdate(delivered_at), months)
                opened_at = moment_of(day, self.lots)
                if opened_at <= self.end:
                    times = {"due_on": day, "opened_at": opened_at, "closes_at": opened_at + OPEN_FOR}
                    for side in Side:
                        ids = {"public_id": self.lots.public_id(), "engagement_id": case}
                        yield Questionnaire(side=side, months=months, **ids, **times)

    def _answers(self, sent: list[Questionnaire], people: dict[tuple[int, str], int]) -> Iterator[Answer]:
        lots = self.lots
        for asked in sent:
            at = later(asked.opened_at, lots.expovariate(0.2), latest=asked.closes_at - timedelta(hours=1))
            if not lots.chance(ANSWERED[Side(asked.side)]) or at > self.end:
                continue
            usage = lots.one_of(USES)
            yield Answer(
                public_id=lots.public_id(),
                questionnaire=asked,
                usage=usage,
                stop_reason="" if usage == Usage.IN_USE else lots.choice(REASONS),
                fit=lots.one_of(FITS),
                further_work=lots.one_of(FURTHER),
                partner_rating=lots.one_of(SCORES),
                platform_rating=lots.one_of(SCORES),
                note=lots.choice(NOTES),
                may_publish=lots.chance(0.3),
                answered_at=at,
                answered_by_id=people[asked.engagement_id, asked.side],
                **self._worth(asked),
            )

    def _worth(self, asked: Questionnaire) -> dict[str, Any]:
        """Only a factory saves and sells."""
        if asked.side != Side.NEED:
            return {}
        spans = {"new_sales_yuan": (100, 4_000), "cost_saved_yuan": (20, 600)}
        return {
            name: Decimal(1_000 * self.lots.randint(*span)) for name, span in spans.items() if self.lots.chance(0.5)
        }

    def _course(self, sent: list[Questionnaire], answers: list[Answer]) -> Iterator[AuditEntry]:
        for asked in sent:
            changes = {"side": str(asked.side), "months": asked.months}
            yield entry(asked, "questionnaire.sent", changes, at=asked.opened_at, by=None)
        for answer in answers:
            asked = answer.questionnaire
            changes = {"side": str(asked.side), "months": asked.months, "by_link": True}
            yield entry(asked, "questionnaire.answered", changes, at=answer.answered_at, by=answer.answered_by_id)

    def _stories(self) -> Iterator[Story]:
        rows = Outcome.objects.filter(state=OutcomeState.CONFIRMED).exclude(outcome_type__code=NOT_ACHIEVED)
        rows = rows.select_related("engagement__proposal__need", "engagement__proposal__capability").order_by("pk")
        for outcome in list(rows):
            published_at = self._published_at(outcome)
            if self.lots.chance(TOLD) and published_at <= self.end:
                yield self._story(outcome, published_at)

    def _published_at(self, outcome: Outcome) -> datetime:
        assert outcome.confirmed_at is not None  # noqa: S101  (for the type checker: only confirmed ones are told)
        day = timezone.localdate(outcome.confirmed_at + timedelta(days=self.lots.randint(12, 60)))
        return moment_of(day, self.lots)

    def _story(self, outcome: Outcome, published_at: datetime) -> Story:
        need, capability = outcome.engagement.proposal.need, outcome.engagement.proposal.capability
        return Story(
            public_id=self.lots.public_id(),
            outcome=outcome,
            state=StoryState.PUBLISHED,
            title=f"{need.title[:48]}，这样解决",
            summary=outcome.description[:200],
            problem=need.background,
            approach=f"双方采用“{capability.title}”，先做小样，再到现场试产。\n{capability.description}"[:1000],
            result=outcome.description,
            indicator_name=outcome.indicator_name,
            indicator_unit=outcome.indicator_unit,
            before_value=outcome.before_value,
            after_value=outcome.after_value,
            drafted_by_id=outcome.reported_by_id,
            need_agreed_version=1,
            capability_agreed_version=1,
            submitted_at=published_at - timedelta(days=2),
            published_at=published_at,
            reviewed_by_id=self.reviewer,
        )

    def _told(self, story: Story) -> Iterator[AuditEntry]:
        """As the services tell it: drafted, agreed to by both, submitted, published."""
        assert story.submitted_at is not None  # noqa: S101  (for the type checker: all are published)
        pair, at = story.outcome.engagement.proposal, story.submitted_at
        people = {Side.NEED: pair.need_accepted_by_id, Side.CAPABILITY: pair.capability_accepted_by_id}
        yield entry(story, "story.drafted", {}, at=at - timedelta(days=3), by=story.drafted_by_id)
        for hours, (side, person) in enumerate(people.items()):
            changes = {"side": str(side), "version": 1}
            yield entry(story, "story.agreed", changes, at=at - timedelta(hours=20 * (1 - hours)), by=person)
        yield entry(story, "story.submitted", {"to": "submitted"}, at=at, by=people[Side.CAPABILITY])
        yield entry(story, "story.published", {"to": "published"}, at=story.published_at, by=self.reviewer)
