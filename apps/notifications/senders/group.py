"""Group robots of WeCom and DingTalk: a post of plain text, signed where the group asks for it.

Formats: developer.work.weixin.qq.com/document/path/91770; open.dingtalk.com/document/robots/custom-robot-access. Both
take 20 posts a minute and answer with `errcode`. Posts are text, not Markdown: nothing that people call their needs can
then become a link, or a call to everybody.
"""

import base64
import hashlib
import hmac
import time
from collections.abc import Sequence
from datetime import timedelta
from typing import Any
from urllib.parse import urlencode

from django.utils import translation
from django.utils.translation import gettext as _

from apps.core.switches import is_on
from apps.notifications.letters import Letter, write
from apps.notifications.models import Delivery, GroupRobot, RobotKind
from apps.notifications.models.preferences import ReadingTerms
from apps.notifications.outbound import Undeliverable, post_json
from apps.notifications.outbox import is_resting
from apps.notifications.senders.protocol import NotSent
from apps.notifications.switches import GROUP_ROBOTS
from apps.notifications.topics import Frequency

LONGEST_POST_BYTES = 2_000
"""WeCom takes 2,048 bytes of text; the same for both, so that posts look alike."""

PAUSE = timedelta(minutes=1)
PAUSE_OF_THE_CITY = timedelta(hours=1)
"""What was written before robots were turned off waits, and goes out once they are on again."""

REFUSED_FOR_GOOD = {93000, 300001, 310000}
"""WeCom: no such robot. DingTalk: no such token; signature, key word or address refused."""


class GroupSender:
    def wanted(self, rows: Sequence[Delivery]) -> list[Delivery]:
        """Not what the owners turned off meanwhile."""
        robot = _robot(rows[0])
        chosen = dict(robot.preferences.values_list("topic", "frequency"))
        return [row for row in rows if chosen.get(row.notification.topic) != Frequency.NEVER]

    def terms(self, row: Delivery) -> ReadingTerms:
        return _robot(row)

    def pause_before(self, row: Delivery) -> timedelta:
        if not is_on(GROUP_ROBOTS):
            return PAUSE_OF_THE_CITY
        return PAUSE if is_resting(_robot(row).pk) else timedelta()

    def send(self, rows: Sequence[Delivery], *, letter: str) -> None:
        robot = _robot(rows[0])
        with translation.override(robot.language):
            written = write([row.notification for row in rows], frequency=rows[0].frequency, to_group=True)
            content = post_of(written)
        post(robot, content)


def _robot(row: Delivery) -> GroupRobot:
    assert row.robot is not None  # noqa: S101  (a constraint of the table, told to the type checker)
    return row.robot


def post_of(letter: Letter) -> str:
    """What the group reads. It begins with the platform's name, which DingTalk groups may ask for as key word."""
    parts = [f"【{_('云端研发')}】{letter.subject}"]
    for line in letter.lines:
        lines = [line.title] if line.title != letter.subject else []
        parts.append("\n".join([*lines, *([line.text] if line.text else []), line.url]))
    return _shortened(parts)


def _shortened(parts: list[str]) -> str:
    """As many parts as fit, and whether some do not: a cut in the middle would break a link."""
    more = "\n\n" + _("更多内容请登录平台查看。")
    text = parts[0]
    for part in parts[1:]:
        longer = f"{text}\n\n{part}"
        if len(longer.encode()) > LONGEST_POST_BYTES - len(more.encode()):
            return text + more
        text = longer
    return text


def post(robot: GroupRobot, content: str) -> None:
    """One post. NotSent with a reason that tells nothing of the address."""
    try:
        answer = post_json(_address(robot), {"msgtype": "text", "text": {"content": content}})
    except Undeliverable as error:
        raise NotSent(error.message, is_final=error.is_final) from None
    _require_accepted(answer)


def _require_accepted(answer: dict[str, Any]) -> None:
    code = answer.get("errcode")
    if code != 0:
        reason = _("群机器人没有接收（错误码 %(code)s）。请核对地址、密钥和安全设置。") % {"code": str(code)[:20]}
        raise NotSent(reason, is_final=code in REFUSED_FOR_GOOD)


def _address(robot: GroupRobot) -> str:
    if robot.kind != RobotKind.DINGTALK or not robot.secret:
        return robot.url
    timestamp = str(round(time.time() * 1000))
    return f"{robot.url}{'&' if '?' in robot.url else '?'}{signature(robot.secret, timestamp)}"


def signature(secret: str, timestamp: str) -> str:
    """DingTalk's 加签: base64 of HMAC-SHA256, by the secret, of "timestamp\\nsecret"; the time in milliseconds."""
    digest = hmac.new(secret.encode(), f"{timestamp}\n{secret}".encode(), hashlib.sha256).digest()
    return urlencode({"timestamp": timestamp, "sign": base64.b64encode(digest).decode()})
