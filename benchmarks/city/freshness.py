"""How old a figure of the city may be: what ROWS proposals that people look at for the first time, in the same half
minute, cost the upkeep of the figures, and so how long after a look, at most, every page counts it.

It asks the database that DATABASE_URL names, which `manage.py seed_city --proposals 1000000` has filled and no worker
keeps up, and leaves it as it was.

    DATABASE_URL=... .venv/bin/python -m benchmarks.city.freshness [ROWS]
"""

import os
import sys
from datetime import datetime
from time import perf_counter

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "matchsvc.settings")
django.setup()

from django.db import connection  # noqa: E402  (Django has to be set up first)
from django.db.models import Sum  # noqa: E402  (as above)

from apps.core import clock  # noqa: E402  (as above)
from apps.matching.models import Proposal  # noqa: E402  (as above)
from apps.matching.worker import CLOCKWORK  # noqa: E402  (as above)
from apps.stats.models import DayCount  # noqa: E402  (as above)
from apps.stats.refreshing import refresh_figures  # noqa: E402  (as above)
from apps.stats.slices import EVERYTHING  # noqa: E402  (as above)
from benchmarks.city.pages import NAMES  # noqa: E402  (as above)
from benchmarks.figure import Figure  # noqa: E402  (as above)

ROWS = 1000
A_MINUTE = 60.0


def caught_up() -> float:
    """Seconds until every figure holds."""
    began = perf_counter()
    while not refresh_figures():
        pass
    return perf_counter() - began


def seen_today() -> int:
    """What the pages show as today's proposals."""
    rows = DayCount.objects.filter(figure="proposals", day=clock.today(), **EVERYTHING.of_counts())
    return rows.aggregate(shown=Sum("number"))["shown"] or 0


def looked(proposals: list[Proposal], moments: dict[int, datetime | None]) -> None:
    """Somebody's first look at each was at its moment, or has not been yet."""
    for proposal in proposals:
        proposal.need_viewed_at, proposal.updated_at = moments[proposal.pk], clock.now()
    Proposal.objects.bulk_update(proposals, ["need_viewed_at", "updated_at"], batch_size=500)


def main(rows: int) -> None:
    caught_up()
    chosen = list(
        Proposal.objects.filter(need_viewed_at__isnull=False, capability_viewed_at=None).order_by("-pk")[:rows]
    )
    if len(chosen) < rows:
        raise SystemExit("Too few proposals that one side has looked at.")
    former = {proposal.pk: proposal.need_viewed_at for proposal in chosen}
    looked(chosen, dict.fromkeys(former))
    caught_up()
    before = seen_today()
    looked(chosen, dict.fromkeys(former, clock.now()))
    seconds = caught_up()
    counted = seen_today() - before
    looked(chosen, former)
    caught_up()
    if counted != rows:
        raise SystemExit(f"{counted} of {rows} looks were counted.")
    Figure(
        figure=f"freshness_{connection.vendor}",
        title=f"统计数字最多晚多久（{NAMES[connection.vendor]}，半分钟内 {rows:,} 条推荐被查看）",
        size=Proposal.objects.count(),
        ours=CLOCKWORK["stats.refresh"] + seconds,
        unit="s",
        must=A_MINUTE,
        extras={"changed": rows, "refresh_seconds": seconds, "load": os.getloadavg()[0]},
    ).report()


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else ROWS)
