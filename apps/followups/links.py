"""Links to one questionnaire that need no sign-in: signed, and dead once it closes or the person acts elsewhere.

No table holds them. A link names the questionnaire and the person it was sent to; whoever opens it sees the need's
title and that side's own answer, no name, and nothing else of the case.
"""

from typing import NamedTuple

from django.core import signing
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from apps.accounts.models import User
from apps.accounts.selectors import acts_for
from apps.core.errors import DomainError
from apps.followups.models import Questionnaire

SALT = "followups.questionnaire"


class LinkExpired(DomainError):
    default_message = _("链接无效：可能复制得不完整，或收件人已不在原单位。请登录平台，在对接的“回访与案例”里填写。")


class LinkClosed(DomainError):
    default_message = _("这份问卷已经截止，感谢您的关注。")


class Link(NamedTuple):
    """What a link opens, and for whom it was made."""

    questionnaire: Questionnaire
    user: User


def answer_path(questionnaire: str, *, user: int) -> str:
    """The path of the page that takes the answer; `questionnaire` is a public id, `user` a primary key."""
    token = signing.dumps({"questionnaire": questionnaire, "user": user}, salt=SALT)
    return reverse("followups:answer_by_link", args=[token])


def read_link(token: str) -> Link:
    """LinkExpired for a token that is forged, cut off, of another purpose, or of somebody who left; LinkClosed."""
    try:
        content = signing.loads(token, salt=SALT)  # of any age: a questionnaire that was put off closes later
    except signing.BadSignature:
        raise LinkExpired from None
    pair = [f"engagement__proposal__{row}__organisation" for row in ("need", "capability")]
    rows = Questionnaire.objects.select_related(*pair, "answer")
    questionnaire = rows.filter(public_id=content["questionnaire"]).first()
    user = User.objects.filter(pk=content["user"], is_active=True).select_related("membership").first()
    if questionnaire is None or user is None or not acts_for(user, questionnaire.organisation.pk):
        raise LinkExpired
    if not questionnaire.is_open:
        raise LinkClosed
    return Link(questionnaire, user)
