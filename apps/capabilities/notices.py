"""What people are told of their capabilities: the reviewer's verdict, and that the last day comes near or is past."""

from datetime import date, timedelta

from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from apps.accounts.models import User
from apps.accounts.selectors import acts_for
from apps.capabilities.models import Capability, CapabilityState
from apps.core import clock
from apps.notifications.kinds import Kind, register
from apps.notifications.recipients import speakers
from apps.notifications.selectors import keys_told_since
from apps.notifications.services import notify

REMINDED_DAYS_BEFORE = (3, 14)
"""The nearer one first: what was written with a few days left is asked about once."""

register(
    Kind("capabilities.published", _("“%(capability)s”已发布"), _("资源已通过审核，正在为您寻找对口的需求。")),
    Kind("capabilities.returned", _("“%(capability)s”需要修改"), _("审核意见：%(reason)s。修改后可以再次提交。")),
    Kind(
        "capabilities.expiring",
        _("“%(capability)s”即将到期"),
        _("有效期至 %(day)s。如果仍然有效，一键即可确认并续期。"),
    ),
    Kind(
        "capabilities.went_stale",
        _("“%(capability)s”需要确认"),
        _("有效期已过，资源暂不展示。如果仍然有效，一键确认就会重新展示。"),
    ),
)


def tell_of_publication(capability: Capability, *, by: User | None) -> None:
    """After a review. Who published their own capability knows."""
    if by is None or not acts_for(by, capability.organisation_id):
        _tell(capability, "published", f"{capability.published_at:%Y%m%dT%H%M%S}", topic="review", by=by)


def tell_of_return(capability: Capability, *, by: User) -> None:
    key = f"{clock.now():%Y%m%dT%H%M%S}"
    _tell(capability, "returned", key, topic="review", by=by, reason=capability.return_reason.rstrip("。"))


def tell_of_staleness(capability: Capability) -> None:
    _tell(capability, "went_stale", capability.valid_until.isoformat(), topic="freshness")


def remind_of_last_days(most: int) -> int:
    """Ask for a renewal 14 and 3 days before the last day, each once; how many were asked about, at most `most`.

    Days on which nothing ran are made up for.
    """
    today, told = clock.today(), 0
    known = keys_told_since("capabilities.expiring", clock.now() - timedelta(days=max(REMINDED_DAYS_BEFORE) + 1))
    for capability in _ending(today).iterator(chunk_size=500):
        if _key("expiring", capability, _due(capability.valid_until, today)) in known:
            continue
        with transaction.atomic():
            told += bool(
                _tell(
                    capability,
                    "expiring",
                    _due(capability.valid_until, today),
                    topic="freshness",
                    day=capability.valid_until.isoformat(),
                )
            )
        if told >= most:
            break
    return told


def _ending(today: date) -> QuerySet[Capability]:
    last = today + timedelta(days=max(REMINDED_DAYS_BEFORE))
    rows = Capability.objects.filter(state=CapabilityState.PUBLISHED, valid_until__range=(today, last))
    return rows.select_related("organisation", "contact").order_by("valid_until", "pk")


def _due(last_day: date, today: date) -> str:
    """Which of the reminders is due: the last day, and how long before it."""
    days = next(days for days in REMINDED_DAYS_BEFORE if (last_day - today).days <= days)
    return f"{last_day.isoformat()}:{days}"


def _key(kind: str, capability: Capability, key: str) -> str:
    return f"capability:{capability.public_id}:{kind}:{key}"


def _tell(capability: Capability, kind: str, key: str, *, topic: str, by: User | None = None, **more: str) -> int:
    return notify(
        event_key=_key(kind, capability, key),
        topic=topic,
        recipients=speakers(capability.organisation, capability.contact, actor=by),
        kind=f"capabilities.{kind}",
        params={"capability": capability.title, **more},
        url_name="capabilities:detail",
        url_args=[capability.public_id],
        by_name=topic == "review",
        organisation=capability.organisation,
    )
