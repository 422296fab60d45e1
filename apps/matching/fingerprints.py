"""Which open rows say the same: each gets a fingerprint with its keys, and near-duplicates share a group.

A row is compared when it is matched, when it leaves the board (its group may fall apart), and by `catch_up` where
neither happened. One at a time: two workers that take twins in at once would otherwise not see each other.
"""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager

from django.db import connection, transaction
from django.db.models import Count, F, Q, QuerySet

from apps.capabilities.models import Capability
from apps.engine.duplicates import METHOD, Listing, are_same, groups
from apps.matching.documents import DETAILS_THAT_TELL
from apps.matching.models import Fingerprint, FingerprintKey
from apps.needs.models import Need

type Row = Need | Capability
type Model = type[Need | Capability]

MOST_CANDIDATES = 50
"""Rows that share most keys with a new one, the oldest first: of a text listed a thousand times any will do."""
MOST_REGROUPED = 500
"""A larger group stays as it is when one leaves it: nobody lists one thing so often but a machine."""
AT_ONCE = 200
_LOCK = 0x6D61_7463_6870_6169  # any number that nothing else in the database locks


def side_name(model: Model) -> str:
    """The column of a fingerprint that points at such a row; also the kind its keys are made for."""
    return "need" if model is Need else "capability"


def listing_of(row: Row) -> Listing:
    """What is compared: title and descriptions, not who offers it, for how much or until when."""
    if isinstance(row, Need):
        return Listing(row.title, _joined(row.goal, row.background))
    told = (row.details[key] for key in DETAILS_THAT_TELL if isinstance(row.details.get(key), str))
    return Listing(row.title, _joined(row.value, row.description, *told))


def candidates(listing: Listing, model: Model, *, within: Q | None = None) -> list[int]:
    """Fingerprints (ids) that share a key with a listing, those with most keys in common first."""
    name = side_name(model)
    shared = FingerprintKey.objects.filter(within or Q(), key__in=listing.keys(name))
    counted = shared.values("fingerprint").annotate(agreeing=Count("pk")).order_by("-agreeing", "fingerprint")
    return [row["fingerprint"] for row in counted[:MOST_CANDIDATES]]


def refresh(model: Model, pks: Iterable[int]) -> int:
    """Bring fingerprints and groups of these rows to what they say now; how many were out of date.

    Safe to repeat and to interrupt: each batch is one transaction.
    """
    due = _out_of_date(model, list(pks))
    for start in range(0, len(due), AT_ONCE):
        with _alone():
            _refresh(model, _out_of_date(model, due[start : start + AT_ONCE]))
    return len(due)


def missing(model: Model) -> QuerySet[Row]:
    """Open rows without a fingerprint of their present text, oldest first."""
    name = f"{side_name(model)}__"
    current = Fingerprint.objects.filter(**{f"{name}isnull": False}, method=METHOD, version=F(f"{name}version"))
    rows: QuerySet[Row] = model.objects.open().exclude(pk__in=current.values(side_name(model)))
    return rows.order_by("pk")


def left_over(model: Model) -> QuerySet[Fingerprint]:
    """Fingerprints of rows that left the board, or ran out."""
    name = side_name(model)
    return Fingerprint.objects.filter(**{f"{name}__isnull": False}).exclude(**{f"{name}__in": model.objects.open()})


def catch_up(limit: int) -> int:
    """Take in at most `limit` rows of each kind that were never compared, or whose leaving nobody noticed."""
    count = 0
    for model in (Need, Capability):
        gone = left_over(model).values_list(side_name(model), flat=True)[:limit]
        count += refresh(model, [*gone, *missing(model).values_list("pk", flat=True)[:limit]])
    return count


def _out_of_date(model: Model, pks: list[int]) -> list[int]:
    """Those of the rows whose fingerprint is absent, of another text, or should not be there any more."""
    name = side_name(model)
    wanted = dict(model.objects.open().filter(pk__in=pks).values_list("pk", "version"))
    kept = Fingerprint.objects.filter(**{f"{name}__in": pks}, method=METHOD).values_list(f"{name}_id", "version")
    stored: dict[int, int] = {pk: version for pk, version in kept if pk is not None}
    others = set(Fingerprint.objects.filter(**{f"{name}__in": pks}).values_list(f"{name}_id", flat=True)) - set(stored)
    return [pk for pk in pks if wanted.get(pk) != stored.get(pk) or pk in others]


def _refresh(model: Model, pks: list[int]) -> None:
    name = side_name(model)
    old = Fingerprint.objects.filter(**{f"{name}__in": pks})
    torn = {group for group in old.values_list("group", flat=True) if group}
    old.delete()
    for group in sorted(torn):
        _regroup(model, group)
    rows: list[Row] = list(model.objects.open().filter(pk__in=pks).order_by("pk"))
    for row in rows:
        _take_in(model, row)


def _take_in(model: Model, row: Row) -> None:
    """Write a row's fingerprint and put it with those that say the same, whose groups become one."""
    name, listing = side_name(model), listing_of(row)
    own = Fingerprint.objects.create(**{name: row}, version=row.version, method=METHOD)
    found = Fingerprint.objects.filter(pk__in=candidates(listing, model)).select_related(name)
    twins = [other for other in found if are_same(listing, listing_of(getattr(other, name)))]
    FingerprintKey.objects.bulk_create(FingerprintKey(fingerprint=own, key=key) for key in set(listing.keys(name)))
    if twins:
        together = {own.pk, *(twin.pk for twin in twins)}
        shared = {twin.group for twin in twins if twin.group}
        members = Fingerprint.objects.filter(Q(pk__in=together) | Q(group__in=shared))
        _name_group(model, sorted(members.values_list("pk", flat=True)))


def _regroup(model: Model, group: str) -> None:
    """A member left: those that were alike only through it part."""
    name = side_name(model)
    members = list(Fingerprint.objects.filter(group=group).select_related(name).order_by("pk"))
    if len(members) > MOST_REGROUPED:
        return
    for positions in groups([listing_of(getattr(member, name)) for member in members]):
        _name_group(model, [members[position].pk for position in positions])


def _name_group(model: Model, pks: list[int]) -> None:
    """Its oldest fingerprint names a group, so that no two groups can get the same name; one alone is no group."""
    label = f"{side_name(model)[0]}{pks[0]}" if len(pks) > 1 else None
    Fingerprint.objects.filter(pk__in=pks).exclude(group=label).update(group=label)


@contextmanager
def _alone() -> Iterator[None]:
    """A transaction that no other of this kind runs beside. SQLite has only one writer anyway."""
    with transaction.atomic():
        if connection.vendor == "postgresql":
            with connection.cursor() as cursor:
                cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_LOCK])
        yield


def _joined(*texts: str) -> str:
    return "\n".join(text for text in texts if text)
