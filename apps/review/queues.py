"""The queues of the desk: what waits for this reviewer, in the order it came."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, F, OuterRef, Q, QuerySet, Subquery, Value
from django.db.models.functions import Coalesce
from django.utils.translation import gettext_lazy as _

from apps.accounts.models import Organisation, OrganisationState, User
from apps.accounts.regions import in_region_of, works_city_wide
from apps.capabilities.models import Capability, CapabilityKind, CapabilityState
from apps.core import clock
from apps.core.mentions import mentioning
from apps.engagements.models import Outcome, OutcomeState
from apps.followups.selectors import stories_to_review
from apps.needs.models import Need, NeedState
from apps.review.models import ConfirmationState, ExpertConfirmation, Report, Snapshot, Withholding
from apps.review.models.reports import WAITING
from apps.review.rules import experts_must_confirm
from apps.review.waiting import with_waiting

CLEAREST = "clearest"
MOST_LISTS = 10
_PAIR = tuple(f"engagement__proposal__{row}__organisation" for row in ("need", "capability"))


def in_my_region(user: User, *columns: str) -> Q:
    """Rows whose district (`columns`: lookups of it) is one that `user` looks after."""
    return Q() if works_city_wide(user) else in_region_of(user, *columns)


def _held() -> Q:
    return Q(review_handling__held_until__gt=clock.today())


def organisations(user: User) -> QuerySet[Any]:
    rows = Organisation.objects.filter(in_my_region(user, "district"), state=OrganisationState.PENDING)
    return with_waiting(rows.exclude(_held())).order_by("waiting_since", "id")


def needs(user: User) -> QuerySet[Need]:
    rows = Need.objects.filter(in_my_region(user, "organisation__district"), state=NeedState.SUBMITTED)
    since = Coalesce("submitted_at", "created_at")
    return rows.exclude(_held()).annotate(waiting_since=since).order_by("waiting_since", "id")


def capabilities(user: User) -> QuerySet[Capability]:
    """But for experts who have not agreed yet: those wait for them, not for a reviewer."""
    return _submitted(user).exclude(_unconfirmed()).order_by("waiting_since", "id")


def experts(user: User) -> QuerySet[Capability]:
    return _submitted(user).filter(_unconfirmed()).order_by("waiting_since", "id")


def experts_of(organisation: Organisation, user: User) -> QuerySet[Capability]:
    """Those of one organisation who may be confirmed together: nobody who said no themselves."""
    refused = ExpertConfirmation.objects.filter(state__in=(ConfirmationState.DECLINED, ConfirmationState.DISPUTED))
    return experts(user).filter(organisation=organisation).exclude(pk__in=refused.values("capability"))


def expert_lists(user: User) -> list[tuple[Organisation, int]]:
    """Organisations of which several experts wait, with how many, the most first."""
    rows = experts(user).order_by().values("organisation").annotate(waiting=Count("pk")).filter(waiting__gt=1)
    found = {row["organisation"]: row["waiting"] for row in rows.order_by("-waiting", "organisation")[:MOST_LISTS]}
    organisations_found = Organisation.objects.in_bulk(found)
    return [(organisations_found[key], waiting) for key, waiting in found.items()]


def _submitted(user: User) -> QuerySet[Any]:
    rows = Capability.objects.filter(in_my_region(user, "organisation__district"), state=CapabilityState.SUBMITTED)
    return rows.exclude(_held()).annotate(waiting_since=Coalesce("submitted_at", "created_at"))


def _unconfirmed() -> Q:
    """Experts who have to agree, and have not."""
    if not experts_must_confirm():
        return Q(pk__in=[])
    agreed = ExpertConfirmation.objects.filter(state=ConfirmationState.CONFIRMED).values("capability")
    return Q(kind=CapabilityKind.EXPERT) & ~Q(pk__in=agreed)


def _unseen(model_name: str) -> Subquery:
    """Since when something published waits to be looked at again."""
    rows = Snapshot.objects.filter(**{model_name: OuterRef("pk")}, checked_at=None).order_by("id")
    return Subquery(rows.values("taken_at")[:1])


def changed_needs(user: User) -> QuerySet[Need]:
    """On the board, and nobody has looked at what they say now."""
    rows = Need.objects.filter(in_my_region(user, "organisation__district"), state=NeedState.PUBLISHED)
    rows = rows.filter(pk__in=Snapshot.objects.filter(checked_at=None, need__isnull=False).values("need"))
    return rows.exclude(_held()).annotate(waiting_since=_unseen("need")).order_by("waiting_since", "id")


def changed_capabilities(user: User) -> QuerySet[Capability]:
    rows = Capability.objects.filter(in_my_region(user, "organisation__district"), state=CapabilityState.PUBLISHED)
    rows = rows.filter(pk__in=Snapshot.objects.filter(checked_at=None, capability__isnull=False).values("capability"))
    return rows.exclude(_held()).annotate(waiting_since=_unseen("capability")).order_by("waiting_since", "id")


def held_needs(user: User) -> QuerySet[Need]:
    rows = Need.objects.filter(in_my_region(user, "organisation__district"), _held())
    rows = rows.filter(state__in=(NeedState.SUBMITTED, NeedState.PUBLISHED))
    return rows.annotate(waiting_since=Coalesce("submitted_at", "created_at")).order_by("waiting_since", "id")


def held_capabilities(user: User) -> QuerySet[Capability]:
    rows = Capability.objects.filter(in_my_region(user, "organisation__district"), _held())
    rows = rows.filter(state__in=(CapabilityState.SUBMITTED, CapabilityState.PUBLISHED))
    return rows.annotate(waiting_since=Coalesce("submitted_at", "created_at")).order_by("waiting_since", "id")


def held_organisations(user: User) -> QuerySet[Any]:
    rows = Organisation.objects.filter(in_my_region(user, "district"), _held(), state=OrganisationState.PENDING)
    return with_waiting(rows).order_by("waiting_since", "id")


def stories(user: User) -> QuerySet[Any]:
    return stories_to_review(user).annotate(waiting_since=Coalesce("submitted_at", "created_at"))


def outcomes(user: User) -> QuerySet[Outcome]:
    """Reported and not confirmed: the other side's turn, or, where that is silent, an administrator's."""
    rows = Outcome.objects.filter(state=OutcomeState.REPORTED)
    rows = rows.filter(in_my_region(user, *(f"{column}__district" for column in _PAIR)))
    return rows.annotate(waiting_since=F("reported_at")).order_by("reported_at", "id")


def reports(user: User) -> QuerySet[Report]:
    story = "story__outcome__engagement__proposal__"
    lookups = ("organisation__district", "need__organisation__district", "capability__organisation__district")
    pair = (f"{story}need__organisation__district", f"{story}capability__organisation__district")
    rows = Report.objects.filter(in_my_region(user, *lookups, *pair), state__in=WAITING)
    return rows.annotate(waiting_since=F("created_at")).order_by("created_at", "id")


def withholdings(user: User) -> QuerySet[Withholding]:
    """Lifted or not, of the person's region."""
    lookups = ("organisation__district", "need__organisation__district", "capability__organisation__district")
    return Withholding.objects.filter(in_my_region(user, *lookups))


def withheld(user: User) -> QuerySet[Withholding]:
    rows = withholdings(user).filter(lifted_at=None)
    return rows.annotate(waiting_since=F("created_at")).order_by("created_at", "id")


@dataclass(frozen=True, slots=True)
class Queue:
    """`row` is the template of one line; `related` is read with the rows; the others are lookups to narrow by."""

    name: str
    label: Any
    rows: Callable[[User], QuerySet[Any]]
    row: str
    related: tuple[str, ...] = ()
    prefetched: tuple[str, ...] = ()
    texts: tuple[str, ...] = ()
    district: str = ""
    chain: str = ""
    kind: str = ""


_HANDLING = "review_handling__taken_by"
_OF_NEED = ("organisation__district", "need_type", "industry_chain", _HANDLING)
_OF_CAPABILITY = ("organisation__district", _HANDLING)
_NEED: dict[str, Any] = {
    "row": "need",
    "related": _OF_NEED,
    "texts": ("title", "organisation__name"),
    "district": "organisation__district",
    "chain": "industry_chain",
    "kind": "need_type__code",
}
_CAPABILITY: dict[str, Any] = {
    "row": "capability",
    "related": _OF_CAPABILITY,
    "texts": ("title", "organisation__name"),
    "district": "organisation__district",
    "chain": "industries",
    "kind": "kind",
}
_ORGANISATION: dict[str, Any] = {
    "row": "organisation",
    "related": ("district", _HANDLING),
    "prefetched": ("memberships__user",),
    "texts": ("name", "credit_code"),
    "district": "district",
    "kind": "kind",
}
_ENDS = ("engagement__proposal__need__organisation", "engagement__proposal__capability__organisation", "outcome_type")
QUEUES: Mapping[str, Queue] = {
    queue.name: queue
    for queue in (
        Queue("organisations", _("机构核验"), organisations, **_ORGANISATION),
        Queue("needs", _("需求审核"), needs, **_NEED),
        Queue("capabilities", _("资源审核"), capabilities, **_CAPABILITY),
        Queue("experts", _("专家确认"), experts, **_CAPABILITY),
        Queue("changed_needs", _("已发布需求"), changed_needs, **_NEED),
        Queue("changed_capabilities", _("已发布资源"), changed_capabilities, **_CAPABILITY),
        Queue("stories", _("案例"), stories, "story", texts=("title",)),
        Queue("outcomes", _("成效"), outcomes, "outcome", _ENDS, texts=("engagement__proposal__need__title",)),
        Queue(
            "reports",
            _("举报"),
            reports,
            "report",
            ("organisation", "need", "capability", "story"),
            texts=("organisation__name", "need__title", "capability__title", "story__title"),
            kind="reason",
        ),
        Queue(
            "withheld",
            _("暂停展示"),
            withheld,
            "withholding",
            ("organisation", "need", "capability", "withheld_by"),
            texts=("organisation__name", "need__title", "capability__title"),
        ),
        Queue("held_organisations", _("搁置的机构"), held_organisations, **_ORGANISATION),
        Queue("held_needs", _("搁置的需求"), held_needs, **_NEED),
        Queue("held_capabilities", _("搁置的资源"), held_capabilities, **_CAPABILITY),
    )
}
ALWAYS_SHOWN = ("organisations", "needs", "capabilities", "experts", "stories", "outcomes", "reports")
"""The other tabs are there when they hold something."""


def counts(user: User) -> dict[str, int]:
    """How many wait in each queue: one statement."""
    parts = [
        queue.rows(user)
        .order_by()
        .values(queue_name=Value(queue.name))
        .annotate(queue_rows=Count("pk"))
        .values_list("queue_name", "queue_rows")
        for queue in QUEUES.values()
    ]
    return dict.fromkeys(QUEUES, 0) | dict(parts[0].union(*parts[1:], all=True).order_by())


def narrowed(queue: Queue, rows: QuerySet[Any], chosen: Mapping[str, Any]) -> QuerySet[Any]:
    """By words, district, industry chain (with those under it) and kind, where the queue has them."""
    for word in str(chosen.get("q") or "").split():
        rows = rows.filter(mentioning(word, *queue.texts))
    if queue.district and (district := chosen.get("district")):
        rows = rows.filter(**{queue.district: district})
    if queue.chain and (chain := chosen.get("chain")):
        rows = rows.filter(Q(**{queue.chain: chain}) | Q(**{f"{queue.chain}__parent": chain})).distinct()
    if queue.kind and (kind := chosen.get("kind")):
        rows = rows.filter(**{queue.kind: kind})
    return rows


def page_rows(queue: Queue, user: User, chosen: Mapping[str, Any], *, order: str = "") -> QuerySet[Any]:
    """What the page of a queue shows; needs may come with the clearest first, which are quickly decided."""
    rows = narrowed(queue, queue.rows(user), chosen)
    if queue.related:
        rows = rows.select_related(*queue.related)
    rows = rows.prefetch_related(*queue.prefetched)
    if order == CLEAREST and queue.row == "need":
        rows = rows.order_by(F("clarity_points").desc(nulls_last=True), "waiting_since", "id")
    return rows
