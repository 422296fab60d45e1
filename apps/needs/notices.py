"""What people are told of their needs: the reviewer's verdict, and that the last day comes near or is past."""

from django.utils.translation import gettext_lazy as _

from apps.accounts.models import User
from apps.accounts.selectors import acts_for
from apps.core import clock
from apps.needs.models import OPEN_STATES, Need
from apps.notifications.kinds import Kind, register
from apps.notifications.recipients import speakers
from apps.notifications.reminders import days_to_look_at, due_reminder, remind
from apps.notifications.services import notify

ASKS_TO_RENEW = ("expiring", "expired")
"""Their letters lead to a page with one button."""
register(
    Kind("needs.published", _("“%(need)s”已发布"), _("需求已通过审核，正在为您匹配资源。")),
    Kind("needs.returned", _("“%(need)s”需要修改"), _("审核意见：%(reason)s。修改后可以再次提交。")),
    Kind("needs.expiring", _("“%(need)s”即将到期"), _("有效期至 %(day)s。如果仍然需要，一键即可续期。")),
    Kind("needs.expired", _("“%(need)s”已过期"), _("需求已不再展示。如果仍然需要，一键续期就会重新发布。")),
)


def tell_of_publication(need: Need, *, by: User | None) -> None:
    """After a review. Who published their own need knows."""
    if by is None or not acts_for(by, need.organisation_id):
        _tell(need, "published", f"{need.published_at:%Y%m%dT%H%M%S}", topic="review", by=by)


def tell_of_return(need: Need, *, by: User) -> None:
    key = f"{clock.now():%Y%m%dT%H%M%S}"
    _tell(need, "returned", key, topic="review", by=by, reason=need.return_reason.rstrip("。"))


def tell_of_expiry(need: Need) -> None:
    _tell(need, "expired", need.valid_until.isoformat(), topic="freshness")


def remind_of_last_days(most: int) -> int:
    """Ask for a renewal 14 and 3 days before the last day, each once; about how many needs, at most `most`."""
    rows = Need.objects.filter(state__in=OPEN_STATES, valid_until__range=days_to_look_at())
    return remind(
        rows.select_related("organisation", "contact").order_by("valid_until", "pk"),
        kind="needs.expiring",
        key_of=lambda need: _key("expiring", need, due_reminder(need.valid_until)),
        tell=_ask_for_renewal,
        most=most,
    )


def _ask_for_renewal(need: Need) -> int:
    last_day = need.valid_until
    return _tell(need, "expiring", due_reminder(last_day), topic="freshness", day=last_day.isoformat())


def _key(kind: str, need: Need, key: str) -> str:
    return f"need:{need.public_id}:{kind}:{key}"


def _tell(need: Need, kind: str, key: str, *, topic: str, by: User | None = None, **more: str) -> int:
    return notify(
        event_key=_key(kind, need, key),
        topic=topic,
        recipients=speakers(need.organisation, need.contact, actor=by),
        kind=f"needs.{kind}",
        params={"need": need.title, **more},
        url_name="needs:renewal" if kind in ASKS_TO_RENEW else "needs:detail",
        url_args=[need.public_id],
        by_name=topic == "review",
        organisation=need.organisation,
    )
