"""Ways of cooperation that results name by their codes, in `details`: no relation tells which rows name one."""

from collections.abc import Iterable
from itertools import batched

from django.db import transaction
from django.db.models import Q

from apps.capabilities.models import Capability

KEY = "transfer_modes"
BATCH = 500


def named_modes(codes: Iterable[str]) -> dict[str, set[int]]:
    """The primary keys of those that name each of `codes`; codes that nobody names are left out."""
    found: dict[str, set[int]] = {}
    wanted = set(codes)
    named = Q(pk__in=[])
    for code in wanted:  # as text: only one of the databases looks into a list
        named |= Q(**{f"details__{KEY}__icontains": f'"{code}"'})
    for key, modes in Capability.objects.filter(named).order_by().values_list("pk", f"details__{KEY}"):
        for code in wanted.intersection(modes):
            found.setdefault(code, set()).add(key)
    return found


@transaction.atomic
def mode_replace(*, code: str, by_code: str) -> set[int]:
    """Name another way of cooperation instead, once; the primary keys of the rows that say something else now.

    Their version is the caller's to raise.
    """
    keys = sorted(named_modes([code]).get(code, ()))
    changed: set[int] = set()
    for some in batched(keys, BATCH):
        held = Capability.objects.select_for_update(no_key=True).filter(pk__in=some).order_by("pk")
        rows = [row for row in held if code in row.details.get(KEY, ())]  # some was edited while we waited for it
        for row in rows:
            row.details[KEY] = list(dict.fromkeys(by_code if mode == code else mode for mode in row.details[KEY]))
        Capability.objects.bulk_update(rows, ["details"])
        changed |= {row.pk for row in rows}
    return changed
