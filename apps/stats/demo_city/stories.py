"""What happened between needs and capabilities: seeds/demo_city/history.jsonl as steps, each at its moment."""

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from typing import Any

from apps.accounts.models import User
from apps.capabilities.models import Capability
from apps.core import clock
from apps.engagements.models import Engagement, Outcome
from apps.engagements.services import outcome_confirm, outcome_reject, outcome_report
from apps.matching.histories import match_as_of_now
from apps.matching.models import Proposal, Side
from apps.matching.services import proposal_accept, proposal_decline, proposals_mark_viewed
from apps.needs.models import Need
from apps.stats.demo_city.courses import Course, Happening
from apps.stats.demo_city.dates import same_hours
from apps.stats.demo_city.sequels import Telling, answers
from apps.taxonomy.models import Term, Vocabulary

READ_FIRST = 8
"""How many proposals of its list the need's side looks at."""
DAYS_TO_REPORT, DAYS_TO_DECIDE = 2, 3
MONEY = ("new_sales_yuan", "cost_saved_yuan", "invested_yuan")
OUTCOME_TEXTS = ("description", "indicator_name", "before_value", "after_value")


type Trace = tuple[datetime, int, str]
"""What a step leaves in the audit trail: its moment, the person, the action."""


@dataclass(frozen=True, slots=True)
class Step:
    """Something that somebody did at a moment; `leaves` are the actions of which one is then in the audit trail.

    A step of the platform itself, without `by`, changes nothing when it is taken again.
    """

    moment: datetime
    need: Need
    take: Callable[[], None]
    by: User | None = None
    leaves: tuple[str, ...] = ()

    def was_taken(self, traces: Collection[Trace]) -> bool:
        return self.by is not None and any((self.moment, self.by.pk, action) in traces for action in self.leaves)


class Story:
    """One pair: accepted by both sides or one, or declined; then how its case went on. `row` is a line of the file."""

    def __init__(self, row: Mapping[str, Any], need: Need, capability: Capability, people: Mapping[str, User]) -> None:
        """`people` speak for the two sides, by side; beside them the "broker" and the "reviewer" if there are any."""
        self.row, self.need, self.capability, self.people = row, need, capability, people
        assert need.published_at is not None  # noqa: S101  (for the type checker: the city's are all published)
        self.start = need.published_at

    def steps(self) -> Iterator[Step]:
        yield self._step(0.25, Side.NEED, self._need_reads, "proposal.viewed")
        if declining := self.row.get("declined_by"):
            decline = partial(self._decline, declining)
            yield self._step(self.row["days"][0], declining, decline, "proposal.declined")
            return
        first = Side(self.row["first"])
        for side, days in zip((first, _other(first)), self.row["days"], strict=False):
            yield self._step(days, side, partial(self._accept, side), "proposal.interested", "proposal.accepted")
        if "course" in self.row:
            yield from self._course_steps()
        for outcome in self.row["outcomes"]:
            yield from self._outcome_steps(outcome)

    def _course_steps(self) -> Iterator[Step]:
        days = min((outcome["after_days"] for outcome in self.row["outcomes"]), default=0)
        course = Course(self.row["course"], self._case, self.people, days)
        yield from self._happened(course.happenings())
        if course.delivered is not None:
            told = self.row.get("answers", [])
            yield from self._happened(answers(told, self._case, self.people, course.delivered))

    def _happened(self, happenings: Iterable[Happening]) -> Iterator[Step]:
        """Counted from the acceptance."""
        for happening in happenings:
            moment = self._after(self.row["days"][-1] + happening.days)
            yield Step(moment, self.need, happening.take, self.people.get(happening.by), (happening.leaves,))

    def _case(self) -> Engagement:
        pair = [f"proposal__{side}__organisation" for side in ("need", "capability")]
        return Engagement.objects.select_related(*pair).get(proposal=self.proposal)

    def _outcome_steps(self, outcome: Mapping[str, Any]) -> Iterator[Step]:
        days = self.row["days"][-1] + outcome["after_days"]
        if "story" in outcome:
            telling = Telling(outcome["story"], partial(self._outcome, outcome), self.people, Side(outcome["by"]))
            yield from self._happened(telling.happenings(outcome["after_days"] + DAYS_TO_REPORT + DAYS_TO_DECIDE))
        reported, by = days + DAYS_TO_REPORT, Side(outcome["by"])
        yield self._step(reported, by, partial(self._report, outcome, days), "outcome.reported")
        if outcome["decision"]:
            decide = partial(self._decide, outcome)
            decisions = ("outcome.confirmed", "outcome.rejected")
            yield self._step(reported + DAYS_TO_DECIDE, _other(by), decide, *decisions)

    def _step(self, days: float, side: str, take: Callable[[], None], *leaves: str) -> Step:
        return Step(self._after(days), self.need, take, self.people[side], leaves)

    def _after(self, days: float) -> datetime:
        """So many days after the pair was proposed; whole days at an hour of its own."""
        if days < 1:
            return self.start + timedelta(days=days)
        key = f"{self.row['need']} {self.row['capability']} {days}"
        return same_hours(self.start + timedelta(days=days), key)

    @property
    def proposal(self) -> Proposal:
        pairs = Proposal.objects.select_related("need", "capability")
        return pairs.get(need=self.need, capability=self.capability)

    def _need_reads(self) -> None:
        best = Proposal.objects.filter(need=self.need, rank__lte=READ_FIRST).select_related("need", "capability")
        read = {proposal.pk: proposal for proposal in (*best, self.proposal)}
        proposals_mark_viewed(proposals=list(read.values()), by=self.people[Side.NEED])

    def _accept(self, side: Side) -> None:
        proposals_mark_viewed(proposals=[self.proposal], by=self.people[side])
        proposal_accept(proposal=self.proposal, by=self.people[side])

    def _decline(self, side: str) -> None:
        reason = Term.objects.get(vocabulary=Vocabulary.DECLINE_REASON, code=self.row["reason"])
        proposals_mark_viewed(proposals=[self.proposal], by=self.people[side])
        proposal_decline(proposal=self.proposal, by=self.people[side], reason=reason, note=self.row["note"])

    def _report(self, outcome: Mapping[str, Any], days: int) -> None:
        fields = {name: outcome.get(name, "") for name in OUTCOME_TEXTS}
        fields |= {name: outcome.get(name) for name in MONEY}
        outcome_report(
            engagement=self.proposal.engagement,
            by=self.people[outcome["by"]],
            outcome_type=Term.objects.get(vocabulary=Vocabulary.OUTCOME_TYPE, code=outcome["type"]),
            occurred_on=self._after(days).date(),
            **fields,
        )

    def _outcome(self, told: Mapping[str, Any]) -> Outcome:
        return Outcome.objects.get(engagement=self.proposal.engagement, description=told["description"])

    def _decide(self, told: Mapping[str, Any]) -> None:
        outcome = self._outcome(told)
        by = self.people[_other(Side(told["by"]))]
        if told["decision"] == "confirmed":
            outcome_confirm(outcome=outcome, by=by)
        else:
            outcome_reject(outcome=outcome, by=by, reason=told["reason"])


def steps_in_order(stories: Iterable[Story]) -> list[Step]:
    """Everything that happened until now, the earliest first: each need is matched soon after it was published."""
    stories = list(stories)
    of_needs = {story.need.pk: story for story in stories}.values()
    soon = timedelta(minutes=1)
    steps = [Step(story.start + soon, story.need, partial(match_as_of_now, story.need)) for story in of_needs]
    steps += [step for story in stories for step in story.steps()]
    now = clock.now()
    return sorted((step for step in steps if step.moment <= now), key=lambda step: step.moment)


def _other(side: Side) -> Side:
    return Side.CAPABILITY if side == Side.NEED else Side.NEED
