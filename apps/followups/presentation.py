"""Questionnaires and stories as one person may see them: templates read these, never the rows of the case."""

from dataclasses import dataclass
from typing import Any

from django.utils.functional import cached_property
from django.utils.translation import gettext as _

from apps.accounts.models import User
from apps.accounts.selectors import Viewer
from apps.core.money import yuan
from apps.engagements.models import Engagement, Outcome
from apps.engagements.permissions import engagement_side, is_party
from apps.followups.anonymity import capability_side, need_side
from apps.followups.models import Answer, Questionnaire, Story, StoryState
from apps.followups.permissions import (
    can_agree,
    can_answer,
    can_draft,
    can_edit,
    can_publish,
    can_return,
    can_withdraw,
    has_agreed,
)
from apps.followups.selectors import outcomes_to_tell, questionnaires_of
from apps.matching.models import Side


def answer_facts(answer: Answer) -> list[tuple[str, Any]]:
    """Question and answer; what was left empty is left out."""
    shown = {
        "usage": answer.get_usage_display(),
        "stop_reason": answer.stop_reason,
        "fit": answer.get_fit_display(),
        "new_sales_yuan": yuan(answer.new_sales_yuan),
        "cost_saved_yuan": yuan(answer.cost_saved_yuan),
        "further_work": answer.get_further_work_display(),
        "partner_rating": answer.get_partner_rating_display(),
        "platform_rating": answer.get_platform_rating_display(),
        "note": answer.note,
        "may_publish": _("愿意") if answer.may_publish else _("暂不"),
    }
    labels = {"stop_reason": _("原因"), "may_publish": _("愿意写成案例公开吗？")}
    return [
        (labels.get(name) or str(Answer._meta.get_field(name).verbose_name), text)  # type: ignore[union-attr]  # columns
        for name, text in shown.items()
        if text
    ]


@dataclass(frozen=True, slots=True)
class QuestionnaireCard:
    """One questionnaire on the page of its case. `facts` are empty where this person may not read the answer."""

    row: Questionnaire
    side: str
    is_answered: bool
    may_read: bool
    may_answer: bool
    facts: list[tuple[str, Any]]

    @property
    def state(self) -> str:
        """Names the badge's tone."""
        return "done" if self.is_answered else "pending" if self.row.is_open else "expired"

    @property
    def state_label(self) -> str:
        if self.is_answered:
            return _("已填写")
        return _("待填写") if self.row.is_open else _("到期未填")


def questionnaire_cards(engagement: Engagement, user: User) -> list[QuestionnaireCard]:
    """Of both sides, the latest first: of the other side no more than whether it has answered."""
    readable = set(questionnaires_of(user).filter(engagement=engagement).values_list("pk", flat=True))
    rows = Questionnaire.objects.filter(engagement=engagement).select_related("answer").order_by("-months", "-side")
    return [_card(row, engagement, user, may_read=row.pk in readable) for row in rows]


def _card(row: Questionnaire, engagement: Engagement, user: User, *, may_read: bool) -> QuestionnaireCard:
    row.engagement = engagement  # the permission asks for the pair: already read
    return QuestionnaireCard(
        row=row,
        side=str(Side(row.side).label),
        is_answered=row.is_answered,
        may_read=may_read,
        may_answer=can_answer(user, row).allowed,
        facts=answer_facts(row.answer) if may_read and row.is_answered else [],
    )


@dataclass(frozen=True, slots=True)
class TellableOutcome:
    """A confirmed outcome, with its story or the right to begin one."""

    outcome: Outcome
    story: Story | None
    may_draft: bool


def case_page_of(engagement: Engagement, user: User) -> dict[str, Any]:
    """The template context of a case's page of questionnaires and stories."""
    is_reader = is_party(user, engagement) or user.is_reviewer
    return {
        "engagement": engagement,
        "need": engagement.proposal.need,
        "tab": "followups",
        "cards": questionnaire_cards(engagement, user),
        "outcomes": [_tellable(outcome, engagement, user, is_reader) for outcome in outcomes_to_tell(engagement)],
    }


def _tellable(outcome: Outcome, engagement: Engagement, user: User, is_reader: bool) -> TellableOutcome:  # noqa: FBT001  (private)
    outcome.engagement = engagement
    story = getattr(outcome, "story", None)
    shown = story if story is not None and (is_reader or story.state == StoryState.PUBLISHED) else None
    return TellableOutcome(outcome, shown, may_draft=can_draft(user, outcome).allowed)


class StoryView:
    """A story as its page shows it: sides by their words, and what this person may do."""

    def __init__(self, story: Story, user: Viewer) -> None:
        self.story = story
        self.user = user
        self.public_id = story.public_id
        proposal = story.outcome.engagement.proposal
        self.chain = proposal.need.industry_chain
        self.district = proposal.need.organisation.district
        self.outcome_type = story.outcome.outcome_type
        self.need_side = need_side(story)
        self.capability_side = capability_side(story)

    @property
    def is_published(self) -> bool:
        return self.story.state == StoryState.PUBLISHED

    @property
    def has_numbers(self) -> bool:
        return bool(self.story.before_value and self.story.after_value)

    @cached_property
    def side(self) -> Side | None:
        return engagement_side(self.user, self.story.outcome.engagement)

    @cached_property
    def is_party(self) -> bool:
        return is_party(self.user, self.story.outcome.engagement)

    @property
    def engagement_id(self) -> str:
        """For those who may see the case; readers of the published page get none."""
        return self.story.outcome.engagement.public_id if self.is_party or self.may_review else ""

    @property
    def agreements(self) -> list[tuple[str, bool]]:
        return [(str(side.label), has_agreed(self.story, side)) for side in Side]

    def _allows(self, question: Any) -> bool:
        return isinstance(self.user, User) and bool(question(self.user, self.story))

    @cached_property
    def may_edit(self) -> bool:
        return self._allows(can_edit)

    @cached_property
    def may_agree(self) -> bool:
        return self._allows(can_agree)

    @cached_property
    def may_withdraw(self) -> bool:
        return self._allows(can_withdraw)

    @cached_property
    def may_publish(self) -> bool:
        return self._allows(can_publish)

    @cached_property
    def may_return(self) -> bool:
        return self._allows(can_return)

    @property
    def may_review(self) -> bool:
        return self.may_publish or self.may_return
