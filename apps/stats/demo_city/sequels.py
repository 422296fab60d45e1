"""What came after a case of the demo city was delivered: what its sides answered later, and the story they told."""

from collections.abc import Callable, Iterator, Mapping
from functools import partial
from typing import Any

from apps.accounts.models import User
from apps.engagements.models import Engagement, Outcome
from apps.followups.models import TEXTS, Questionnaire, Story
from apps.followups.services import (
    questionnaire_answer,
    questionnaires_ask,
    story_agree,
    story_draft,
    story_edit,
    story_publish,
)
from apps.matching.models import Side
from apps.stats.demo_city.courses import Happening

MONTHS, DAYS_TO_ASK = 3, 93
"""Every three months have fewer days than this."""
MOST_CASES = 1000
DAYS_TO_DRAFT, DAYS_TO_NAME, DAYS_TO_AGREE, DAYS_TO_PUBLISH = 3, 4, (5, 6), 8
"""After the outcome was confirmed; the one who drafted agrees first."""


def answers(
    told: list[dict[str, Any]], case: Callable[[], Engagement], people: Mapping[str, User], delivered: float
) -> Iterator[Happening]:
    """`told` are the "answers" of a line of the history, counted from the questionnaires' day."""
    asked = delivered + DAYS_TO_ASK
    yield Happening(asked, "", _ask, "questionnaire.sent")
    for row in told:
        fields = {name: value for name, value in row.items() if name not in ("side", "after_days")}
        answer = partial(_answer, case, people[row["side"]], row["side"], fields)
        yield Happening(asked + row["after_days"], row["side"], answer, "questionnaire.answered")


def _ask() -> None:
    questionnaires_ask(most=MOST_CASES)


def _answer(case: Callable[[], Engagement], by: User, side: str, fields: dict[str, Any]) -> None:
    asked = Questionnaire.objects.get(engagement=case(), side=side, months=MONTHS)
    questionnaire_answer(questionnaire=asked, by=by, **fields)


class Telling:
    """How the story of an outcome was written and agreed to. `told` is the "story" of the outcome in the history.

    Its "until" says how far it came: "drafted" (the other side has not agreed), "submitted" or "published".
    """

    def __init__(
        self, told: Mapping[str, Any], outcome: Callable[[], Outcome], people: Mapping[str, User], drafter: Side
    ) -> None:
        self.told, self.outcome, self.people, self.drafter = told, outcome, people, drafter

    def happenings(self, confirmed: float) -> Iterator[Happening]:
        other = Side.CAPABILITY if self.drafter == Side.NEED else Side.NEED
        yield Happening(confirmed + DAYS_TO_DRAFT, self.drafter, self._draft, "story.drafted")
        if other in self.told["names"]:
            yield Happening(confirmed + DAYS_TO_NAME, other, partial(self._name, other), "story.edited")
        both = (self.drafter,) if self.told["until"] == "drafted" else (self.drafter, other)
        for side, days in zip(both, DAYS_TO_AGREE, strict=False):
            yield Happening(confirmed + days, side, partial(self._agree, side), "story.agreed")
        if self.told["until"] == "published" and "reviewer" in self.people:
            yield Happening(confirmed + DAYS_TO_PUBLISH, "reviewer", self._publish, "story.published")

    def _story(self) -> Story:
        return Story.objects.get(outcome=self.outcome())

    def _draft(self) -> None:
        texts = {name: self.told[name] for name in TEXTS if name in self.told}
        is_named = self.drafter in self.told["names"]
        story_draft(outcome=self.outcome(), by=self.people[self.drafter], shows_own_name=is_named, **texts)

    def _name(self, side: Side) -> None:
        story = self._story()
        story_edit(story=story, by=self.people[side], seen=story.version, shows_own_name=True)

    def _agree(self, side: Side) -> None:
        story = self._story()
        story_agree(story=story, by=self.people[side], seen=story.version)

    def _publish(self) -> None:
        story = self._story()
        story_publish(story=story, by=self.people["reviewer"], seen=story.version)
