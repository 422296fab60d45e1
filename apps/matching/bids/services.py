"""Placing a bid. It is taken back as any yes is, by `proposal_withdraw`."""

from decimal import Decimal

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from apps.accounts.disclosure import Disclosure, mentions_owner
from apps.accounts.models import User
from apps.accounts.selectors import Viewer, organisation_of
from apps.capabilities.models import Capability
from apps.core import audit, clock
from apps.core.errors import NotAllowed, StateConflict
from apps.matching.bids.scoring import send_for_scoring
from apps.matching.lookup import store
from apps.matching.models import Bid, Proposal, ProposalState, Side
from apps.matching.permissions import can_bid
from apps.matching.replies.pairs import rows_locked
from apps.matching.services import proposal_accept
from apps.needs.models import Need


def capabilities_to_bid(user: Viewer) -> QuerySet[Capability]:
    """What a bid may be made with: what the person's organisation has published, and not for brokers only."""
    organisation = organisation_of(user)
    own = Capability.objects.open().filter(organisation=organisation) if organisation else Capability.objects.none()
    return own.exclude(disclosure=Disclosure.BROKERS).order_by("title", "pk")


@transaction.atomic
def bid_place(
    *, need: Need, capability: Capability, plan: str, months: int, price_wan: Decimal | None, by: User
) -> Bid:
    """The supply side's yes with a plan: the need's side is waited for, or a case opens where it had said yes.

    Takes the pair's proposal or makes one; its score is what a lookup found, or comes from a worker in a moment.
    ValidationError by field, NotAllowed (`can_bid`), StateConflict where the pair is answered already.
    """
    rows_locked(need_id=need.pk, capability_id=capability.pk)
    need = Need.objects.select_related("organisation").get(pk=need.pk)
    can_bid(by, need).require()
    if not capabilities_to_bid(by).filter(pk=capability.pk).exists():
        raise NotAllowed(_("请选择贵单位已发布、且不是“仅经纪人”可见的资源。"))
    capability = Capability.objects.select_related("organisation").get(pk=capability.pk)
    known = Proposal.objects.filter(need=need, capability=capability).first()
    if known is not None:
        _require_free(known)
    bid = Bid(plan=plan.strip(), months=months, price_wan=price_wan, placed_by=by, placed_at=clock.now())
    _check(bid, capability)
    proposal = known or _new_pair(need, capability)
    bid = _keep(bid, proposal)
    told = {"plan": bid.plan, "months": bid.months, "price_wan": bid.price_wan}
    audit.record(proposal, "bid.placed", by=by, changes=told)
    if proposal.capability_accepted_at is None:
        proposal_accept(proposal=proposal, by=by)
    return bid


def _require_free(proposal: Proposal) -> None:
    if proposal.state == ProposalState.ACCEPTED:
        raise StateConflict(_("双方已接受这一对，请在对接中继续。"))
    if proposal.state == ProposalState.DECLINED:
        if proposal.declined_side == Side.NEED:
            raise StateConflict(_("需求方已婉拒这项资源，请换一项资源揭榜。"))
        raise StateConflict(_("贵单位婉拒过这条推荐，请先撤回婉拒，再揭榜。"))
    if Bid.objects.filter(proposal=proposal, withdrawn_at__isnull=True).exists():
        raise StateConflict(_("贵单位已用这项资源揭榜，无需重复提交。"))
    if proposal.state == ProposalState.TIMED_OUT and proposal.capability_accepted_at is not None:
        raise StateConflict(_("需求方没有按时答复，技术经纪人会跟进，无需重复提交。"))


def _check(bid: Bid, capability: Capability) -> None:
    """ValidationError by field. What is listed without its owner must not be named in the plan."""
    bid.clean_fields(exclude=["proposal"])
    if capability.disclosure != Disclosure.PUBLIC_NAMED and mentions_owner(bid.plan, capability.organisation):
        raise ValidationError({"plan": _("这项资源没有公开单位名称，方案里请不要写出单位名称。")})


def _keep(bid: Bid, proposal: Proposal) -> Bid:
    """One row for each pair: a bid after one that was taken back replaces it."""
    bid.proposal = proposal
    bid.pk = Bid.objects.filter(proposal=proposal).values_list("pk", flat=True).first()
    bid.save()
    return bid


def _new_pair(need: Need, capability: Capability) -> Proposal:
    found = store.pair_fields(need.pk, need.version, capability.pk)
    if found is None or found["capability_version"] != capability.version:
        found = {
            "score": 0.0,
            "engine_version": "",
            "need_version": need.version,
            "capability_version": capability.version,
        }
    proposal = Proposal.objects.create(need=need, capability=capability, proposed_at=clock.now(), **found)
    if not proposal.engine_version:
        send_for_scoring(proposal)
    return proposal
