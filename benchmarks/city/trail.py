"""Fill the audit trail of the city that DATABASE_URL names with ROWS entries of each kind, for `benchmarks.city.pages`.

    DATABASE_URL=... .venv/bin/python -m benchmarks.city.trail [ROWS]

Who did what to which need is drawn by chance, the same at every run; the moments are those of ten years.
"""

import os
import sys
from collections.abc import Iterator
from datetime import timedelta
from itertools import batched
from random import Random
from typing import Any

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "matchsvc.settings")
django.setup()

from django.db import connection  # noqa: E402  (Django has to be set up first)

from apps.accounts.models import User  # noqa: E402  (as above)
from apps.core import clock  # noqa: E402  (as above)
from apps.core.models import AccessEntry, AuditEntry  # noqa: E402  (as above)
from apps.needs.models import Need  # noqa: E402  (as above)

ROWS, AT_ONCE = 1_000_000, 5000
TEN_YEARS = timedelta(days=3650)
CHANGES = ("need.published", "need.changed", "need.renewed", "proposal.viewed", "proposal.accepted")
LOOKS = ("contacts.seen", "owner.seen", "file.downloaded", "export.made")


def entries(kind: Any, actions: tuple[str, ...], rows: int) -> Iterator[Any]:
    chance = Random(2022)
    people = list(User.objects.order_by("pk").values_list("pk", flat=True)[:5000])
    needs = list(Need.objects.order_by("pk").values_list("pk", "public_id")[:5000])
    now = clock.now()
    for _row in range(rows):
        key, public_id = chance.choice(needs)
        yield kind(
            at=now - TEN_YEARS * chance.random(),
            actor_id=chance.choice(people),
            action=chance.choice(actions),
            object_type="needs.need",
            object_id=key,
            object_public_id=public_id,
            address=f"10.{chance.randrange(4)}.{chance.randrange(256)}.{chance.randrange(256)}",
        )


def fill(kind: Any, actions: tuple[str, ...], rows: int) -> None:
    for batch in batched(entries(kind, actions, rows), AT_ONCE):
        kind.objects.bulk_create(batch)


def main(rows: int) -> None:
    for kind, actions in ((AuditEntry, CHANGES), (AccessEntry, LOOKS)):
        fill(kind, actions, rows)
        print(f"{kind.__name__}: {kind.objects.count():,}", flush=True)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else ROWS)
