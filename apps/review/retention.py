"""Earlier versions are kept to be compared with, not for ever: names that were taken out of a listing go with them."""

from datetime import datetime

from django.db.models import Exists, F, OuterRef
from django.utils.translation import gettext_lazy as _

from apps.core.retention import RetentionRule, register_retention
from apps.review.models import Snapshot


def snapshots_forget(before: datetime, most: int) -> int:
    """Those that a newer one of the same need or capability has followed, both older than the moment."""
    newer = Snapshot.objects.filter(id__gt=OuterRef("id"), taken_at__lt=before)
    followed = Exists(newer.filter(need=OuterRef("need"))) | Exists(newer.filter(capability=OuterRef("capability")))
    old = Snapshot.objects.filter(followed, taken_at__lt=before).order_by(F("id").asc())
    return Snapshot.objects.filter(pk__in=list(old.values_list("pk", flat=True)[:most])).delete()[0]


register_retention(
    RetentionRule(
        "snapshots",
        _("需求和资源的旧版本"),
        _("审核时用来对比改动的旧版本。最近一个版本始终保留。"),
        730,
        snapshots_forget,
        90,
    )
)
