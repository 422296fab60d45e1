"""The history of an engagement, told in sentences from the audit entries of the pair, its outcomes and its chapters."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from decimal import Decimal, InvalidOperation
from typing import Any, NamedTuple

from django.db.models import Q
from django.utils.translation import gettext

from apps.accounts.models import User
from apps.core.models import AuditEntry
from apps.core.money import plain_amount
from apps.engagements.chapters import chapters
from apps.engagements.models import EndReason, Engagement, EngagementState, Outcome
from apps.engagements.sentences import OPENED_CLOSED, SENTENCES
from apps.matching.models import Side
from apps.matching.permissions import side_of

MOST_EVENTS = 200
AMOUNTS = ("amount_yuan", "yuan")
OWN_WORDS = ("rejection_reason", "end_note", "return_reason", "reason")


class Event(NamedTuple):
    """One line of the history; `note` is a reason somebody gave, or empty."""

    at: datetime
    text: str
    note: str


def timeline_of(engagement: Engagement, outcomes: Iterable[Outcome], viewer: User) -> list[Event]:
    """What happened, newest first; entries without a sentence of their own are left out."""
    types = {outcome.pk: str(outcome.outcome_type) for outcome in outcomes}
    about = Q(object_type="matching.proposal", object_id=engagement.proposal_id)
    about |= Q(object_type="engagements.engagement", object_id=engagement.pk)
    about |= Q(object_type="engagements.outcome", object_id__in=list(types))
    sentences = dict(SENTENCES)
    told = Q(about, action__in=list(SENTENCES))
    for chapter in chapters():
        sentences |= chapter.sentences
        told |= Q(chapter.about(engagement), action__in=list(chapter.sentences))
    entries = AuditEntry.objects.filter(told).order_by("-at", "-id").select_related("actor__membership")
    return [_event(entry, sentences, engagement, types, viewer) for entry in entries[:MOST_EVENTS]]


def _event(
    entry: AuditEntry, sentences: Mapping[str, Any], engagement: Engagement, types: Mapping[int, str], viewer: User
) -> Event:
    outcome_type = types.get(entry.object_id, "") if entry.object_type == "engagements.outcome" else ""
    words = _Words(entry.changes) | {"who": _who(entry.actor, engagement, viewer), "type": outcome_type}
    words["step"] = _label(EngagementState, entry.changes.get("to"))
    words["side"] = _label(Side, entry.changes.get("side"))
    words |= {name: _amount(entry.changes[name]) for name in AMOUNTS if name in entry.changes}
    is_closed = entry.action == "engagement.opened" and entry.changes.get("awaits_agreement")
    sentence = OPENED_CLOSED if is_closed else sentences[entry.action]
    return Event(entry.at, str(sentence) % _Words(words), _note(entry.changes))


class _Words(dict[str, Any]):
    """What a sentence may name; an older entry that lacks a word is told without it."""

    def __missing__(self, name: str) -> str:
        return ""


def _note(changes: Mapping[str, Any]) -> str:
    """The reason that somebody gave: one of the list, in their own words, or both."""
    chosen = _label(EndReason, changes.get("end_reason"))
    own = next((changes[name] for name in OWN_WORDS if changes.get(name)), "")
    return gettext("：").join(part for part in (chosen, str(own)) if part)


def _amount(stored: object) -> str:
    """An amount in yuan with its thousands apart."""
    try:
        return plain_amount(Decimal(str(stored)))
    except InvalidOperation:
        return str(stored)


def _label(choices: Any, value: object) -> str:
    return str(choices(value).label) if value in choices.values else ""


def _who(actor: User | None, engagement: Engagement, viewer: User) -> str:
    """The person with the side they act for now: "需求方陈立", "平台王管理".

    Until the agreement is confirmed, of the other side only which side it is.
    """
    if actor is None:
        return gettext("系统")
    side = side_of(actor, engagement.proposal)
    label = side.label if side else gettext("技术经纪人") if actor.is_broker else gettext("平台")
    is_hidden = engagement.awaits_agreement and side is not None and side != side_of(viewer, engagement.proposal)
    if is_hidden and not viewer.is_reviewer:
        return str(side.label) if side else ""
    return gettext("%(side)s%(name)s") % {"side": label, "name": actor.name}
