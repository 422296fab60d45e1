"""Queries of the desk, starting from what a person may see."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any, TypedDict

from django.db.models import Count, F, Q, QuerySet

from apps.accounts.disclosure import Disclosure
from apps.accounts.models import PlatformRole, User
from apps.accounts.selectors import Viewer
from apps.capabilities.models import Capability
from apps.core.mentions import mentioning
from apps.engagements.models import (
    OVERDUE_KINDS,
    Contract,
    ContractCredit,
    Engagement,
    PhoneCall,
    Referral,
    ReferralKind,
)
from apps.matching.lookup.asking import open_to
from apps.needs.models import Need

UNASSIGNED, STUCK, OVERDUE, MINE, CLOSED = "unassigned", "stuck", "overdue", "mine", "closed"


def queues(user: User) -> dict[str, Q]:
    """The queues of the desk, in the order of their tabs. A matter may lie in several."""
    is_open = Q(closed_at__isnull=True)
    return {
        UNASSIGNED: is_open & Q(taken_by__isnull=True),
        STUCK: is_open & Q(kind=ReferralKind.CASE_STUCK),
        OVERDUE: is_open & Q(kind__in=OVERDUE_KINDS),
        MINE: is_open & Q(taken_by=user),
        CLOSED: Q(closed_at__isnull=False),
    }


def referrals_of(user: User) -> QuerySet[Referral]:
    """What the list shows, with what each row tells; longest waiting first."""
    rows = Referral.objects.visible_to(user).select_related(
        "need__organisation__district",
        "need__industry_chain",
        "proposal__capability__organisation__district",
        "engagement",
        "taken_by",
    )
    return rows.order_by("since", "id")


def narrowed(rows: QuerySet[Referral], chosen: Mapping[str, Any]) -> QuerySet[Referral]:
    """By words of the titles, kind, district of either side, and industry chain."""
    for word in str(chosen.get("q") or "").split():
        rows = rows.filter(mentioning(word, "need__title", "proposal__capability__title"))
    if kind := chosen.get("kind"):
        rows = rows.filter(kind=kind)
    if district := chosen.get("district"):
        either = Q(need__organisation__district=district)
        rows = rows.filter(either | Q(proposal__capability__organisation__district=district))
    if chain := chosen.get("chain"):
        rows = rows.filter(Q(need__industry_chain=chain) | Q(need__industry_chain__parent=chain))
    return rows


def counts_of(rows: QuerySet[Referral], user: User) -> dict[str, int]:
    """How many lie in each queue: one query."""
    counted = {name: Count("pk", filter=queue) for name, queue in queues(user).items()}
    return dict(rows.order_by().aggregate(**counted))


def colleagues_for(referral: Referral) -> QuerySet[User]:
    """Brokers to whom it may be given: those whose region the need or the capability lies in, but for who has it."""
    districts = [referral.need.organisation.district_id]
    if referral.proposal is not None:
        districts.append(referral.proposal.capability.organisation.district_id)
    region = Q(covers_city=True) | Q(districts__in=[pk for pk in districts if pk is not None])
    found = User.objects.filter(region, is_active=True, platform_role=PlatformRole.BROKER)
    holder = [referral.taken_by_id] if referral.taken_by_id else []
    return found.exclude(pk__in=holder).order_by("name", "pk").distinct()


def calls_about(user: Viewer, *, need: Need, engagement: Engagement | None = None) -> QuerySet[PhoneCall]:
    """Of a need all of its calls; of a case its own, and those about the need and the pair before there was one."""
    rows = PhoneCall.objects.visible_to(user).filter(need=need).select_related("by", "proposal__capability")
    if engagement is not None:
        rows = rows.filter(Q(proposal=engagement.proposal_id) | Q(proposal=None))
    return rows


def needs_to_pair(user: User, words: str) -> QuerySet[Need]:
    """Open needs whose lists the broker may add to, by words of their titles."""
    rows = Need.objects.open_to(user).select_related("organisation__district", "industry_chain")
    return _with_words(rows, words).order_by("-published_at", "-id")


def capabilities_to_pair(user: User, need: Need | None, words: str) -> QuerySet[Capability]:
    """What may be recommended (for a need, where one is chosen), by words of titles and tags."""
    rows: QuerySet[Capability]
    if need is None:
        rows = Capability.objects.open_to(user).exclude(disclosure=Disclosure.BROKERS)
    else:
        rows = open_to(need, user)
    return _with_words(rows.select_related("organisation"), words).order_by("-published_at", "-id")


def _with_words[Rows: QuerySet[Any]](rows: Rows, words: str) -> Rows:
    for word in words.split():
        rows = rows.filter(mentioning(word, "title", "tags__name"))
    return rows.distinct()


def brokers() -> QuerySet[User]:
    return User.objects.filter(is_active=True, platform_role=PlatformRole.BROKER).order_by("name", "pk")


def credits_of(user: User) -> QuerySet[ContractCredit]:
    """A broker's own shares; an administrator's list has everybody's. What waits to be confirmed comes first."""
    rows = ContractCredit.objects.visible_to(user)
    if user.is_broker:
        rows = rows.filter(broker=user)
    rows = rows.select_related("contract__engagement__proposal__need", "broker", "confirmed_by")
    return rows.order_by(F("confirmed_at").desc(nulls_first=True), "-proposed_at", "id")


class CreditTotals(TypedDict):
    """Money in yuan, to the fen; `waiting` is what no administrator has confirmed yet."""

    confirmed: Decimal
    waiting: Decimal


def credit_totals(rows: QuerySet[ContractCredit]) -> CreditTotals:
    """Added from the shares to the fen, as the list shows them."""
    totals: CreditTotals = {"confirmed": Decimal(0), "waiting": Decimal(0)}
    amounts = rows.select_related(None).select_related("contract").order_by()
    for row in amounts.only("contract", "percent", "confirmed_at", "contract__amount_yuan").iterator(chunk_size=500):
        totals["confirmed" if row.confirmed_at else "waiting"] += row.amount_yuan
    return totals


def contracts_to_confirm(user: User) -> QuerySet[Contract]:
    """For administrators: contracts whose shares wait for them, longest waiting first."""
    if not user.is_administrator:
        return Contract.objects.none()
    waiting = Contract.objects.filter(credits__confirmed_at__isnull=True, credits__isnull=False)
    return waiting.select_related("engagement__proposal__need").order_by("updated_at", "id").distinct()
