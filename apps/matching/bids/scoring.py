"""Scoring a pair that no match has found: the web process keeps no index, so a worker does it.

The message is only a hint: the clockwork scores what it missed.
"""

import logging

from celery import current_app
from django.db import transaction
from kombu.exceptions import OperationalError

from apps.capabilities.models import Capability
from apps.engine.matcher import paired
from apps.matching.documents import capability_rows, need_rows
from apps.matching.index.live import IndexNotReady, current_index
from apps.matching.models import Bid, Priority, Proposal
from apps.matching.proposals import Finding
from apps.matching.vectors import document_now
from apps.needs.models import Need

logger = logging.getLogger(__name__)
UNSCORED = ""


def send_for_scoring(proposal: Proposal) -> None:
    """On commit; a broker that does not answer only delays."""
    public_id = proposal.public_id

    def send() -> None:
        try:
            current_app.send_task("matching.score", args=[public_id], queue=Priority.INTERACTIVE)
        except OperationalError as error:
            logger.warning("The broker does not answer (%s); the clockwork will score the bid.", error)

    transaction.on_commit(send)


def pair_score(public_id: str) -> bool:
    """Write score and reasons of a pair that has none; False where it has them, or is gone, or no index is there."""
    proposal = Proposal.objects.filter(public_id=public_id, engine_version=UNSCORED).first()
    if proposal is None:
        return False
    need = need_rows(Need.objects.all()).get(pk=proposal.need_id)
    capability = capability_rows(Capability.objects.all()).get(pk=proposal.capability_id)
    try:
        index = current_index(complete=False)
    except IndexNotReady as reason:
        logger.info("The bid %s waits for its score: %s.", public_id, reason)
        return False
    match = paired(index.scorer, document_now(need), document_now(capability))
    finding = Finding(need.pk, need.version, capability.pk, capability.version, match, index.ranker.pk)
    return bool(Proposal.objects.filter(pk=proposal.pk, engine_version=UNSCORED).update(**finding.fields()))


def score_missed(most: int) -> int:
    """Pairs of bids whose message was lost."""
    missed = Bid.objects.filter(proposal__engine_version=UNSCORED).values_list("proposal__public_id", flat=True)
    return sum([pair_score(public_id) for public_id in list(missed[:most])])
