"""What notifications are about: the rows of the settings page, and how often each comes unless a person says."""

from typing import NamedTuple

from django.db import models
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _


class Frequency(models.TextChoices):
    AT_ONCE = "at_once", _("即时")
    DAILY = "daily", _("每日汇总")
    WEEKLY = "weekly", _("每周汇总")
    NEVER = "never", _("不接收")


class Topic(NamedTuple):
    """One topic in both languages. `group` is how often an organisation's group hears of it; None: it never may."""

    code: str
    name: str
    name_en: str
    about: str
    about_en: str
    email: Frequency
    group: Frequency | None

    @property
    def label(self) -> str:
        return self.name_en if _reads_english() else self.name

    @property
    def explanation(self) -> str:
        return self.about_en if _reads_english() else self.about


def _reads_english() -> bool:
    return (get_language() or "").startswith("en")


_OFTEN, _DAILY, _WEEKLY, _NEVER = Frequency.AT_ONCE, Frequency.DAILY, Frequency.WEEKLY, Frequency.NEVER
TOPICS: tuple[Topic, ...] = (
    Topic(
        "replies",
        "待答复",
        "Waiting for my reply",
        "等您答复的推荐和消息，快到期时提醒",
        "What waits for your answer, with a reminder before it is due",
        _OFTEN,
        _OFTEN,
    ),
    Topic(
        "proposals",
        "推荐",
        "Proposals",
        "为需求和资源找到的新推荐，以及对方的答复",
        "New proposals, and what the other side answered",
        _DAILY,
        _DAILY,
    ),
    Topic(
        "messages",
        "对接消息",
        "Messages",
        "对方在对接中的留言和附件",
        "What the other side wrote or attached in an engagement",
        _OFTEN,
        _NEVER,
    ),
    Topic(
        "engagements",
        "对接进展",
        "Progress of engagements",
        "对接进入新的阶段、约定会面、换了经办人",
        "A new stage, a meeting, another person in charge",
        _OFTEN,
        _OFTEN,
    ),
    Topic(
        "contracts",
        "合同与到账",
        "Contracts and payments",
        "签约、登记、里程碑和到账",
        "Signing, registration, milestones and payments",
        _OFTEN,
        _OFTEN,
    ),
    Topic(
        "outcomes",
        "成效",
        "Outcomes",
        "请您确认的成效，以及回访问卷",
        "Outcomes to confirm, and follow-up questionnaires",
        _OFTEN,
        _DAILY,
    ),
    Topic(
        "freshness",
        "有效期",
        "Freshness",
        "需求或资源快到期，请确认是否仍然有效",
        "Needs and resources that are about to expire",
        _DAILY,
        _WEEKLY,
    ),
    Topic(
        "searches",
        "订阅的查询",
        "Saved searches",
        "保存的筛选条件有了新内容",
        "Something new in a search that you saved",
        _DAILY,
        _NEVER,
    ),
    Topic(
        "review",
        "审核",
        "Review",
        "您提交的内容的审核结果，以及等您审核的内容",
        "Verdicts on what you submitted, and what waits for review",
        _OFTEN,
        _OFTEN,
    ),
    Topic(
        "account",
        "账号与机构",
        "Account and organisation",
        "成员变动和账号安全",
        "Changes of members, and the safety of your account",
        _OFTEN,
        None,
    ),
)
BY_CODE = {topic.code: topic for topic in TOPICS}
CHOICES = [(topic.code, topic.name) for topic in TOPICS]
GROUP_TOPICS = tuple(topic for topic in TOPICS if topic.group is not None)


def topic_of(code: str) -> Topic:
    """LookupError for a topic that is not in the table: a mistake of the caller."""
    return BY_CODE[code]
