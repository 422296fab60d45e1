"""What people are told of proposals. Nobody is named: a title is what both sides may see of each other."""

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any

from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from apps.accounts.disclosure import Disclosure
from apps.accounts.models import Organisation, User
from apps.capabilities.models import Capability
from apps.core import clock
from apps.core.due_times import moment_text
from apps.matching.models import Ask, Bid, NeedWait, Proposal, ProposalState, Side
from apps.matching.permissions import accepted_by_side
from apps.needs.models import Need
from apps.notifications.kinds import Kind, Parameters, register
from apps.notifications.recipients import speakers, speakers_of_each
from apps.notifications.services import Event, notify, notify_each


def _with_due(parameters: Parameters) -> Parameters:
    """Rows from before the reply clock name no time."""
    return {"due": "—", **parameters}


def _in_readers_language(parameters: Parameters) -> Parameters:
    """The reason of the list by its name in the reader's language; both are kept, so that no inbox asks for terms."""
    english = parameters["reason_en"] if (get_language() or "").startswith("en") else ""
    return {**parameters, "reason": english or parameters["reason"]}


register(
    Kind("matching.list_ready", _("“%(need)s”有新的推荐"), _("新找到 %(count)d 项对口的资源，请看看哪些合适。")),
    Kind("matching.listed", _("有新需求与您的资源对口：“%(need)s”"), _("您的资源已进入这项需求的推荐名单。")),
    Kind("matching.needs_found", _("“%(capability)s”有对口的需求"), _("新找到 %(count)d 项需求，请看看是否愿意对接。")),
    Kind(
        "matching.asked_by_need",
        _("企业愿意就“%(need)s”与您对接"),
        _("对方看中了您的“%(capability)s”，请在 %(due)s 前答复。"),
        localised=_with_due,
    ),
    Kind(
        "matching.offered_by_capability",
        _("“%(need)s”有人愿意对接"),
        _("“%(capability)s”的团队愿意对接，请在 %(due)s 前答复。"),
        localised=_with_due,
    ),
    Kind("matching.accepted", _("双方都已接受：“%(need)s”"), _("与“%(capability)s”的对接已经建立，请查看下一步。")),
    Kind(
        "matching.declined",
        _("对方婉拒了“%(need)s”的对接"),
        _("原因：%(reason)s。平台会继续为您推荐。"),
        localised=_in_readers_language,
    ),
    Kind(
        "matching.bid_placed",
        _("“%(need)s”有人揭榜"),
        _("揭榜资源：“%(capability)s”。请在 %(due)s 前查看方案并答复。"),
    ),
    Kind(
        "matching.reply_reminder",
        _("“%(need)s”的对接在等您答复"),
        _("对方已就“%(capability)s”表示愿意对接。请在 %(due)s 前答复；不合适也请点一下婉拒，免得对方久等。"),
    ),
    Kind(
        "matching.timed_out_for_need",
        _("“%(capability)s”没有按时答复"),
        _("让您久等了。平台会为“%(need)s”推荐其他资源，并请技术经纪人跟进；对方之后答复，我们会马上告诉您。"),
    ),
    Kind(
        "matching.timed_out_for_capability",
        _("“%(need)s”的需求方没有按时答复"),
        _("让您久等了。平台会请技术经纪人跟进；对方之后答复，我们会马上告诉您。"),
    ),
    Kind(
        "matching.reply_missed",
        _("“%(need)s”的答复时限已过"),
        _("“%(capability)s”的对接没有等到您的答复。现在仍可接受或婉拒。"),
    ),
    Kind(
        "matching.list_reminder",
        _("“%(need)s”的推荐在等您看"),
        _("请在 %(due)s 前看看推荐名单，接受或婉拒其中一项即可；之后平台会请技术经纪人与您联系。"),
    ),
)


def listed_pairs(**conditions: Any) -> set[int]:
    """Pairs that have a place in a need's list now; compare before and after a match to know what it brought."""
    return set(Proposal.objects.filter(rank__isnull=False, **conditions).values_list("pk", flat=True))


def tell_of_need_list(need: Need, known: Collection[int]) -> list[Proposal]:
    """A match of a need is written: tell its contact of the new pairs, and the suppliers that they are listed."""
    found = _new_pairs(known, need=need)
    if found:
        _tell_needs([(need, found)])
        _tell_suppliers(need, [pair.capability for pair in found])
    return found


def tell_of_capability_list(capability: Capability, known: Collection[int]) -> list[Proposal]:
    """A match of a capability is written: tell its contact, and the contact of each need whose list took it in."""
    found = _new_pairs(known, capability=capability)
    _tell_needs([(pair.need, [pair]) for pair in found])
    shown = [pair for pair in found if pair.need.disclosure != Disclosure.BROKERS]
    if shown:
        notify(
            event_key=f"capability:{capability.public_id}:pairs:{_newest(shown)}",
            topic="proposals",
            recipients=speakers(capability.organisation, capability.contact),
            kind="matching.needs_found",
            params={"capability": capability.title, "count": len(shown)},
            url_name="matching:capability_needs",
            url_args=[capability.public_id],
            organisation=capability.organisation,
        )
    return found


def _new_pairs(known: Collection[int], **conditions: Any) -> list[Proposal]:
    """Listed now and not before, and that nobody has answered."""
    rows = Proposal.objects.filter(rank__isnull=False, **conditions).exclude(pk__in=known)
    fresh = rows.filter(state=ProposalState.PROPOSED).order_by("pk")
    return list(fresh.select_related("need__organisation", "need__contact", "capability"))


def _newest(pairs: list[Proposal]) -> str:
    """A pair that drops out of a list and comes back is not told again."""
    return pairs[-1].public_id


def _tell_needs(news: Sequence[tuple[Need, list[Proposal]]]) -> None:
    """The contact of each need, of its new pairs; in as many queries for many needs as for one."""
    people = speakers_of_each([need for need, _pairs in news])
    events = [
        Event(
            event_key=f"need:{need.public_id}:pairs:{_newest(pairs)}",
            recipients=people[need.pk],
            params={"need": need.title, "count": len(pairs)},
            url_args=[need.public_id],
            organisation=need.organisation,
        )
        for need, pairs in news
    ]
    notify_each(events, topic="proposals", kind="matching.list_ready", url_name="matching:need_proposals")


def _tell_suppliers(need: Need, capabilities: list[Capability]) -> None:
    """All at once, however many; each person once for the need. A need for brokers only is not theirs to see yet."""
    if need.disclosure == Disclosure.BROKERS:
        return
    notify(
        event_key=f"need:{need.public_id}:listed",
        topic="proposals",
        recipients=[person for people in speakers_of_each(capabilities).values() for person in people],
        kind="matching.listed",
        params={"need": need.title},
        url_name="matching:needs_for_me",
        as_members=True,
    )


def tell_of_interest(proposal: Proposal, *, side: Side, by: User, due_at: datetime) -> None:
    """`side` said yes first: the other one is to answer until `due_at`."""
    _tell_side(
        proposal,
        side.other,
        _interest_kind(proposal, side),
        _moment(proposal, side),
        by,
        topic="replies",
        due=moment_text(due_at),
    )


def _interest_kind(proposal: Proposal, side: Side) -> str:
    if side == Side.NEED:
        return "matching.asked_by_need"
    has_bid = Bid.objects.filter(proposal=proposal, withdrawn_at__isnull=True).exists()
    return "matching.bid_placed" if has_bid else "matching.offered_by_capability"


def remind_of_ask(ask: Ask) -> None:
    """Whoever is waited for; a second reminder is another event."""
    key = f"reminder:{ask.pk}:{clock.now():%Y%m%dT%H%M%S}"
    due = moment_text(ask.due_at)
    _tell_side(ask.proposal, Side(ask.side), "matching.reply_reminder", key, None, topic="replies", due=due)


def tell_of_time_out(proposal: Proposal, ask: Ask) -> None:
    """The side that waited hears that it need not wait any more, the late side that it may still answer."""
    late = Side(ask.side)
    waited = "matching.timed_out_for_need" if late == Side.CAPABILITY else "matching.timed_out_for_capability"
    _tell_side(proposal, late.other, waited, f"timed_out:{ask.pk}", None, topic="replies")
    _tell_side(proposal, late, "matching.reply_missed", f"missed:{ask.pk}", None, topic="replies")


def remind_of_list(wait: NeedWait) -> None:
    need = wait.need
    notify(
        event_key=f"need:{need.public_id}:list_reminder:{wait.pk}",
        topic="replies",
        recipients=speakers(need.organisation, need.contact),
        kind="matching.list_reminder",
        params={"need": need.title, "due": moment_text(wait.due_at)},
        url_name="matching:need_proposals",
        url_args=[need.public_id],
        by_name=True,
        organisation=need.organisation,
    )


def tell_of_acceptance(proposal: Proposal, *, by: User) -> None:
    """Both said yes: everybody but the one who just did hears of it."""
    for side in Side:
        _tell_side(proposal, side, "matching.accepted", "accepted", by, topic="engagements")


def tell_of_refusal(proposal: Proposal, *, side: Side, by: User) -> None:
    """`side` said no. The other one hears of it if it had said yes; the note stays on the page, for who may see it."""
    reason = proposal.decline_reason
    if reason is None or not accepted_by_side(proposal, side.other):
        return
    key = f"declined:{proposal.declined_at:%Y%m%dT%H%M%S}"
    names = {"reason": reason.name, "reason_en": reason.name_en}
    _tell_side(proposal, side.other, "matching.declined", key, by, topic="replies", **names)


def _tell_side(
    proposal: Proposal, side: Side, kind: str, key: str, by: User | None, *, topic: str, **more: str
) -> None:
    organisation, contact, answered_by = _people(proposal, side)
    notify(
        event_key=f"proposal:{proposal.public_id}:{key}",
        topic=topic,
        recipients=speakers(organisation, contact, answered_by, actor=by),
        kind=kind,
        params={"need": proposal.need.title, "capability": proposal.capability.title, **more},
        url_name="matching:proposal",
        url_args=[proposal.public_id],
        by_name=True,
        organisation=organisation,
    )


def _people(proposal: Proposal, side: Side) -> tuple[Organisation, User | None, User | None]:
    if side == Side.NEED:
        return proposal.need.organisation, proposal.need.contact, proposal.need_accepted_by
    return proposal.capability.organisation, proposal.capability.contact, proposal.capability_accepted_by


def _moment(proposal: Proposal, side: Side) -> str:
    """An answer that was taken back and given again is another event."""
    moment = proposal.need_accepted_at if side == Side.NEED else proposal.capability_accepted_at
    return f"interested:{moment:%Y%m%dT%H%M%S}"
