"""What people are told of their capabilities: the reviewer's verdict, and that the last day comes near or is past."""

from django.utils.translation import gettext_lazy as _

from apps.accounts.models import User
from apps.accounts.selectors import acts_for
from apps.capabilities.models import Capability, CapabilityState
from apps.core import clock
from apps.notifications.kinds import Kind, register
from apps.notifications.recipients import speakers
from apps.notifications.reminders import days_to_look_at, due_reminder, remind
from apps.notifications.services import notify

ASKS_TO_RENEW = ("expiring", "went_stale")
"""Their letters lead to a page with one button."""
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


def tell_of_return(capability: Capability, *, by: User | None) -> None:
    key = f"{clock.now():%Y%m%dT%H%M%S}"
    _tell(capability, "returned", key, topic="review", by=by, reason=capability.return_reason.rstrip("。"))


def tell_of_staleness(capability: Capability) -> None:
    _tell(capability, "went_stale", capability.valid_until.isoformat(), topic="freshness")


def remind_of_last_days(most: int) -> int:
    """Ask for a renewal 14 and 3 days before the last day, each once; about how many capabilities, at most `most`."""
    rows = Capability.objects.filter(state=CapabilityState.PUBLISHED, valid_until__range=days_to_look_at())
    return remind(
        rows.select_related("organisation", "contact").order_by("valid_until", "pk"),
        kind="capabilities.expiring",
        key_of=lambda capability: _key("expiring", capability, due_reminder(capability.valid_until)),
        tell=_ask_for_renewal,
        most=most,
    )


def _ask_for_renewal(capability: Capability) -> int:
    last_day = capability.valid_until
    return _tell(capability, "expiring", due_reminder(last_day), topic="freshness", day=last_day.isoformat())


def _key(kind: str, capability: Capability, key: str) -> str:
    return f"capability:{capability.public_id}:{kind}:{key}"


def _tell(capability: Capability, kind: str, key: str, *, topic: str, by: User | None = None, **more: str) -> int:
    return notify(
        event_key=_key(kind, capability, key),
        topic=topic,
        recipients=speakers(capability.organisation, capability.contact, actor=by),
        kind=f"capabilities.{kind}",
        params={"capability": capability.title, **more},
        url_name="capabilities:renewal" if kind in ASKS_TO_RENEW else "capabilities:detail",
        url_args=[capability.public_id],
        by_name=topic == "review",
        organisation=capability.organisation,
    )
