"""What is on offer now: open needs and open capabilities by chain and by tag. Only what differs is written."""

from collections import defaultdict

from django.db.models import Count, Exists, OuterRef, Q, QuerySet

from apps.capabilities.models import Capability
from apps.needs.models import Need
from apps.stats.models import Stock
from apps.stats.slices import ALL
from apps.taxonomy.models import Term, Vocabulary

type Key = tuple[int, int]


def stocks_refresh() -> None:
    """Nothing is deleted: what is no longer on offer has two zeros."""
    now = {key: (needs, capabilities) for key, [needs, capabilities] in _stocks().items()}
    stored = Stock.objects.values_list("term_id", "district_id", "needs", "capabilities")
    before = {(term, district): (needs, capabilities) for term, district, needs, capabilities in stored}
    changed = {key: now.get(key, (0, 0)) for key in {*now, *before} if now.get(key, (0, 0)) != before.get(key)}
    Stock.objects.bulk_create(
        [
            Stock(term_id=term, district_id=district, needs=needs, capabilities=capabilities)
            for (term, district), (needs, capabilities) in changed.items()
        ],
        update_conflicts=True,
        unique_fields=["term_id", "district_id"],
        update_fields=["needs", "capabilities"],
        batch_size=500,
    )


def open_needs(*, districts: tuple[int, ...] = (), term: Term | None = None) -> QuerySet[Need]:
    """On the board now, under a chain (or one below it) or a tag."""
    rows = Need.objects.open()
    if districts:
        rows = rows.filter(organisation__district__in=districts)
    if term and term.vocabulary == Vocabulary.TAG:
        rows = rows.filter(pk__in=Need.tags.through.objects.filter(term_id=term.pk).values("need_id"))
    elif term:
        rows = rows.filter(Q(industry_chain=term) | Q(industry_chain__parent=term))
    return rows.select_related("organisation", "industry_chain").order_by("-published_at", "-id")


def open_capabilities(*, term: Term | None = None) -> QuerySet[Capability]:
    """In the catalogue now, of the whole city: supply knows no districts."""
    rows = Capability.objects.open()
    if term and term.vocabulary == Vocabulary.TAG:
        tagged = Capability.tags.through.objects.filter(term_id=term.pk)
        rows = rows.filter(pk__in=tagged.values("capability_id"))
    elif term:
        named = Capability.industries.through.objects.filter(Q(term_id=term.pk) | Q(term__parent_id=term.pk))
        rows = rows.filter(pk__in=named.values("capability_id"))
    return rows.select_related("organisation").order_by("-published_at", "-id")


def _stocks() -> dict[Key, list[int]]:
    found: dict[Key, list[int]] = defaultdict(lambda: [0, 0])
    needs = Need.objects.open().order_by()
    for column in ("industry_chain_id", "industry_chain__parent_id", "tags"):
        grouped = needs.values_list(column, "organisation__district_id").annotate(number=Count("pk"))
        for term, district, number in grouped:
            if term:
                found[term, ALL][0] += number
                if district:
                    found[term, district][0] += number
    capabilities = Capability.objects.open().order_by()
    for term, number in capabilities.values_list("tags").annotate(number=Count("pk")):
        if term:
            found[term, ALL][1] = number
    for term, number in (*capabilities.values_list("industries").annotate(number=Count("pk")), *_through_children()):
        if term:
            found[term, ALL][1] += number
    return found


def _through_children() -> list[tuple[int, int]]:
    """(chain, capabilities that name one below it, but not itself): under a chain each counts once."""
    named = Capability.industries.through.objects
    itself = named.filter(capability=OuterRef("capability"), term=OuterRef("term__parent"))
    below = named.filter(capability__in=Capability.objects.open().order_by().values("pk"), term__parent__isnull=False)
    counted = below.filter(~Exists(itself)).order_by().values("term__parent")
    return list(counted.annotate(number=Count("capability", distinct=True)).values_list("term__parent", "number"))
