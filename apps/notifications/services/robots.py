"""The robot of an organisation's group. Its address and secret are written to no log and no audit entry."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import translation
from django.utils.translation import gettext as _

from apps.accounts.models import Organisation, User
from apps.accounts.services.limits import SentTooOften, require_below
from apps.core import audit
from apps.core.errors import DomainError
from apps.notifications.models import GroupPreference, GroupRobot
from apps.notifications.permissions import can_manage_robot
from apps.notifications.senders.group import post
from apps.notifications.senders.protocol import NotSent

TESTED = "robot.tested"
MOST_TESTS_AN_HOUR = 10


@transaction.atomic
def robot_save(
    *, organisation: Organisation, by: User, fields: Mapping[str, Any], frequencies: Mapping[str, str]
) -> GroupRobot:
    """Connect the group, or change how. Without a new address, an empty secret keeps the one that is there too.

    ValidationError by field; NotAllowed for anybody but its owners.
    """
    can_manage_robot(by, organisation).require()
    # of two owners at once, the second changes
    Organisation.objects.select_for_update(no_key=True).get(pk=organisation.pk)
    robot = GroupRobot.objects.filter(organisation=organisation).first() or GroupRobot(organisation=organisation)
    if robot.pk is not None and not fields["url"]:
        if fields["kind"] != robot.kind:
            raise ValidationError({"url": _("换了群聊工具，请填写新的地址。")})
        fields = {name: value for name, value in fields.items() if value or name not in ("url", "secret")}
    for name, value in fields.items():
        setattr(robot, name, value)
    robot.full_clean()
    robot.save()
    for topic, frequency in frequencies.items():
        GroupPreference.objects.update_or_create(robot=robot, topic=topic, defaults={"frequency": frequency})
    changes = {"kind": robot.kind, "is_new_address": bool(fields.get("url")), "frequencies": dict(frequencies)}
    audit.record(organisation, "robot.saved", by=by, changes=changes)
    return robot


@transaction.atomic
def robot_remove(*, robot: GroupRobot, by: User) -> None:
    """Disconnect the group; what waited for it is not sent."""
    can_manage_robot(by, robot.organisation).require()
    audit.record(robot.organisation, "robot.removed", by=by, changes={"kind": robot.kind})
    robot.delete()


def robot_test(*, robot: GroupRobot, by: User) -> None:
    """Post a test message now. DomainError with the reason when the group did not get it.

    Not in a transaction: the answer may take seconds.
    """
    can_manage_robot(by, robot.organisation).require()
    try:
        require_below(MOST_TESTS_AN_HOUR, action=TESTED, by=by, within=timedelta(hours=1))
    except SentTooOften:
        raise DomainError(_("一小时内测试的次数太多了，请稍后再试。")) from None
    audit.record(robot.organisation, TESTED, by=by)
    with translation.override(robot.language):
        content = _("【云端研发】这是一条测试消息。“%(name)s”的通知会发到这个群。") % {"name": robot.organisation}
    try:
        post(robot, content)
    except NotSent as error:
        raise DomainError(error.reason) from None
