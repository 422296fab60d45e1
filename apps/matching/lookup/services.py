"""Putting a resource that was found under conditions into its need's list.

Choosing is not answering: neither side has said yes, and the pair lives as any other. But a person put it there, which
its first note says (`notes.PICKED`), and matches leave it listed: where its score earns it a place, or behind the rest.
"""

from typing import Any

from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext_lazy as _

from apps.accounts.models import User
from apps.accounts.selectors import acts_for, is_broker
from apps.capabilities.models import Capability
from apps.core import audit, clock
from apps.core.errors import StateConflict
from apps.matching.lookup import store
from apps.matching.lookup.asking import open_to
from apps.matching.models import GONE, Priority, Proposal, ProposalState
from apps.matching.notes import PICKED, Note
from apps.matching.permissions import can_pick
from apps.matching.proposals import UNTOUCHED
from apps.matching.requests import request_for_needs
from apps.needs.models import Need

UNSCORED: dict[str, Any] = {
    "score": 0.0,
    "parts": [],
    "reasons": [],
    "shared_terms": [],
    "indicator_verdicts": [],
    "engine_version": "by hand",
}
"""The matcher's columns of a pair that it has not seen yet."""


def proposal_pick(*, need: Need, capability: Capability, by: User, unscored: bool = False) -> Proposal:
    """Make the pair a proposal of the need, as it was scored when it was found. Picking what is listed changes nothing.

    `unscored`: a person knows that the two fit and has not looked them up; the next match gives them their score.

    NotAllowed: see `can_pick`. StateConflict where the resource may not be found any more, where either side was
    reworded since, or where the pair was declined.
    """
    found = store.pair_fields(need.pk, need.version, capability.pk)
    with transaction.atomic():
        need = Need.objects.select_for_update(no_key=True, of=("self",)).select_related("organisation").get(pk=need.pk)
        can_pick(by, need).require()
        known = Proposal.objects.filter(need=need, capability=capability).first()
        if known is not None and is_listed(known):
            return known
        if known is not None and known.state == ProposalState.TIMED_OUT:
            raise StateConflict(_("这项资源的推荐已超时，可在推荐列表里继续答复。"))
        if known is not None and known.state not in UNTOUCHED:
            raise StateConflict(_("这项资源的推荐已被婉拒，不能再次加入。"))
        version = open_to(need, by).filter(pk=capability.pk).values_list("version", flat=True).first()
        if version is None:
            raise StateConflict(_("这项资源已下架或调整了公开范围，不能加入。"))
        if found is None or (found["need_version"], found["capability_version"]) != (need.version, version):
            if not unscored:
                raise StateConflict(_("查找之后内容有更新，请重新查找后再加入。"))
            found = UNSCORED | {"need_version": need.version, "capability_version": version}
            request_for_needs([need], priority=Priority.INTERACTIVE)
        return _put_in(known or Proposal(need=need, capability=capability, proposed_at=clock.now()), found, by)


def is_listed(proposal: Proposal) -> bool:
    """Whether the need's list shows it: it has a place, or somebody said yes."""
    if proposal.state in GONE:
        return False
    return proposal.rank is not None or proposal.state in (ProposalState.INTERESTED, ProposalState.ACCEPTED)


def _put_in(proposal: Proposal, found: dict[str, Any], by: User) -> Proposal:
    """At the end of the list, until the next match puts it where its score says."""
    last = Proposal.objects.filter(need=proposal.need).aggregate(last=Max("rank"))["last"] or 0
    note = Note(PICKED, about=_who(by, proposal.need))
    for name, value in (found | {"notes": [note.as_json()], "rank": last + 1}).items():
        setattr(proposal, name, value)
    proposal.save()
    audit.record(proposal, "proposal.picked", by=by, changes={"by": note.about, "score": proposal.score})
    return proposal


def _who(by: User, need: Need) -> str:
    if acts_for(by, need.organisation_id):
        return "need"
    return "broker" if is_broker(by) else "staff"
