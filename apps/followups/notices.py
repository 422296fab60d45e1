"""What people are told: a questionnaire for them, and what becomes of a story of theirs.

Nobody is named, and no answer is quoted. The letter of a questionnaire carries a link that needs no sign-in, made when
the letter is written; in the site the same message leads to the page behind the sign-in.
"""

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, NamedTuple

from django.utils.timezone import localtime
from django.utils.translation import gettext_lazy as _

from apps.accounts.models import User
from apps.core import clock
from apps.engagements.notices import people_of_side
from apps.engagements.permissions import engagement_side
from apps.followups.links import answer_path
from apps.followups.models import Questionnaire, Story
from apps.matching.models import Side
from apps.notifications.kinds import Kind, register
from apps.notifications.models import Notification
from apps.notifications.services import notify

if TYPE_CHECKING:
    from django.utils.functional import _StrPromise

TOPIC = "outcomes"


class Told(NamedTuple):
    """How an event of a story is told; `to_all`: also to the side of whoever did it, themselves apart."""

    title: "_StrPromise"
    line: "_StrPromise"
    to_all: bool = False


_BOTH_AGREE = _("双方都同意同一版文字后才会送审，任何修改都要重新同意。")
TOLD: Mapping[str, Told] = {
    "drafted": Told(_("请看看案例文字：“%(story)s”"), _BOTH_AGREE),
    "edited": Told(_("案例文字有修改：“%(story)s”"), _BOTH_AGREE),
    "agreed": Told(_("对方已同意案例文字：“%(story)s”"), _("您同意后就会送平台审核。")),
    "side_agreed": Told(_("有一方已同意案例文字：“%(story)s”"), _("双方都同意后就会送平台审核。")),
    "withdrawn": Told(_("对方撤回了对案例的同意：“%(story)s”"), _("可以沟通修改后再次征得同意。")),
    "side_withdrew": Told(_("有一方撤回了对案例的同意：“%(story)s”"), _("可以沟通修改后再次征得同意。")),
    "unpublished": Told(_("案例已下线：“%(story)s”"), _("有一方撤回了同意，页面已不再公开。"), to_all=True),
    "published": Told(
        _("案例已发布：“%(story)s”"), _("现在所有人都能看到。任一方可随时撤回同意，撤回后立即下线。"), to_all=True
    ),
    "returned": Told(_("案例需要修改：“%(story)s”"), _("审核意见：%(reason)s。"), to_all=True),
}
TO_BROKER = {"agreed": "side_agreed", "withdrawn": "side_withdrew"}
"""What the case's broker is told instead: neither side is their other side, and they have nothing to agree to."""


def _answer_path(row: Notification) -> str:
    return answer_path(str(row.url_args[0]), user=row.recipient_id)


register(
    Kind(
        "followups.asked",
        _("回访：“%(need)s”验收 %(months)d 个月了，近况如何？"),
        _("几个小问题，手机上两分钟就能填完，请在 %(day)s 前提交。"),
        letter_path=_answer_path,
    ),
    Kind(
        "followups.reminded",
        _("还差您的回访：“%(need)s”"),
        _("几个小问题，手机上两分钟就能填完，%(day)s 后问卷关闭。"),
        letter_path=_answer_path,
    ),
    *(Kind(f"followups.story_{event}", told.title, told.line) for event, told in TOLD.items()),
)


def ask(questionnaire: Questionnaire, people: Iterable[User]) -> None:
    _tell_of_questionnaire(questionnaire, "asked", people)


def remind(questionnaire: Questionnaire, people: Iterable[User]) -> None:
    _tell_of_questionnaire(questionnaire, "reminded", people)


def _tell_of_questionnaire(questionnaire: Questionnaire, event: str, people: Iterable[User]) -> None:
    need = questionnaire.engagement.proposal.need
    notify(
        event_key=f"questionnaire:{questionnaire.public_id}:{event}",
        topic=TOPIC,
        recipients=people,
        kind=f"followups.{event}",
        params={
            "need": need.title,
            "months": questionnaire.months,
            "day": f"{localtime(questionnaire.closes_at):%Y-%m-%d}",
        },
        url_name="followups:questionnaire",
        url_args=[questionnaire.public_id],
        by_name=True,
        organisation=questionnaire.organisation,
    )


def tell(story: Story, event: str, *, by: User, reason: str = "") -> None:
    """Both sides and the case's broker, but for whoever did it and, mostly, their colleagues.

    A broker who is among the people of a side is told as one of them, and once.
    """
    engagement = story.outcome.engagement
    own = None if TOLD[event].to_all else engagement_side(by, engagement)
    people = [person for side in Side if side != own for person in people_of_side(engagement, side)]
    readers = {event: people}
    if engagement.broker:
        readers.setdefault(TO_BROKER.get(event, event), []).append(engagement.broker)
    key = f"story:{story.public_id}:{event}:{story.version}:{clock.now():%Y%m%dT%H%M%S%f}"
    for kind, told in readers.items():
        notify(
            event_key=key,
            topic=TOPIC,
            recipients=[person for person in told if person != by],
            kind=f"followups.story_{kind}",
            params={"story": story.title, "reason": reason},
            url_name="stories:detail",
            url_args=[story.public_id],
            by_name=True,
            as_members=True,
        )
