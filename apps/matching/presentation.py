"""A proposal as one person may see it: names and contacts only where that person may know them."""

from collections.abc import Iterable, Mapping
from functools import cached_property
from typing import Any

from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from apps.accounts.disclosure import mentions_owner, owner_is_shown
from apps.accounts.models import Organisation, User
from apps.accounts.selectors import Viewer
from apps.capabilities.kinds import DETAILS
from apps.capabilities.models import Capability
from apps.core.decisions import Decision
from apps.matching.documents import DETAILS_THAT_TELL
from apps.matching.grounds import Ground, IndicatorLine, grounds, indicator_lines
from apps.matching.highlighting import excerpt, marked
from apps.matching.models import Proposal, ProposalState, Side
from apps.matching.notes import note_text
from apps.matching.permissions import (
    accepted_by_side,
    can_accept,
    can_decline,
    can_withdraw,
    contacts_are_shown,
    side_of,
)
from apps.matching.places import costs_of
from apps.matching.proposals import UNTOUCHED
from apps.matching.replies.figures import NONE_YET, AnswerFigures, answer_figures
from apps.matching.replies.standing import BidShown, Countdown, FrequentReasons, bid_of, countdown_of
from apps.matching.score_parts import ScorePart, score_parts
from apps.matching.shown import Contact, Owner, Passage, Told, contact_of
from apps.matching.stored_reasons import sentence_for
from apps.taxonomy.models import Term


class ProposalView:
    """Templates read this and not the row, so that nothing of an anonymous owner can slip into a page."""

    def __init__(
        self,
        proposal: Proposal,
        user: User,
        *,
        place: int | None = None,
        costly: frozenset[str] | None = None,
        reasons: FrequentReasons | None = None,
    ) -> None:
        """`costly`: the kinds of its notes that cost it its place, where the caller knows them (`places.costs_of`)."""
        self._reasons = reasons or FrequentReasons()
        self._proposal = proposal
        self._costly = costly
        self._user = user
        self.place = place
        self.similar: list[ProposalView] = []
        self.side = side_of(user, proposal)
        self.public_id = proposal.public_id
        self.state = proposal.state
        self.score = proposal.score
        self.need_title = proposal.need.title
        self.need_public_id = proposal.need.public_id
        self.capability_title = proposal.capability.title
        self.capability_public_id = proposal.capability.public_id

    @property
    def asks_agreement(self) -> bool:
        """Whether contacts are shown only after both have confirmed a non-disclosure agreement, too."""
        return self._proposal.need.nda_required

    @property
    def is_scored(self) -> bool:
        """A bid on a pair that no match has found is scored a moment later."""
        return bool(self._proposal.engine_version)

    @cached_property
    def countdown(self) -> Countdown | None:
        return countdown_of(self._proposal, self.side)

    @cached_property
    def bid(self) -> BidShown | None:
        return bid_of(self._proposal)

    @property
    def quick_reasons(self) -> list[Term]:
        return self._reasons.rows if self.may_decline else []

    @property
    def named_house(self) -> int | None:
        """The organisation that the card is about, where the reader may know it: only of such its figures are shown."""
        if self.shows_need:
            return self._proposal.need.organisation_id if self.need_owner.is_named else None
        return self._proposal.capability.organisation_id if self.capability_owner.is_named else None

    @cached_property
    def answer_figures(self) -> AnswerFigures | None:
        house = self.named_house
        return None if house is None else answer_figures([house]).get(house, NONE_YET)

    @property
    def shows_need(self) -> bool:
        """Whether the card is about the need: to the supply side it is, to everybody else it is the capability."""
        return self.side == Side.CAPABILITY

    @cached_property
    def need_facts(self) -> list[Any]:
        need = self._proposal.need
        return [fact for fact in (need.need_type, need.industry_chain, need.get_budget_band_display()) if fact]

    @cached_property
    def capability_facts(self) -> list[Any]:
        capability = self._proposal.capability
        maturity = f"TRL {capability.trl}" if capability.trl else ""
        return [fact for fact in (capability.get_kind_display(), maturity) if fact]

    @cached_property
    def need_owner(self) -> Owner:
        need = self._proposal.need
        return self._owner(need.organisation, need.disclosure, _("某企业（匿名）"))

    @cached_property
    def capability_owner(self) -> Owner:
        capability = self._proposal.capability
        kind = capability.organisation.get_kind_display()
        return self._owner(capability.organisation, capability.disclosure, _("某%(kind)s（匿名）") % {"kind": kind})

    @cached_property
    def contacts_are_shown(self) -> bool:
        return contacts_are_shown(self._user, self._proposal)

    @cached_property
    def contacts(self) -> list[Contact]:
        """Both sides' persons: the contact of the row, or whoever accepted where there is none."""
        if not self.contacts_are_shown:
            return []
        proposal = self._proposal
        need, capability = proposal.need, proposal.capability
        return [
            contact_of(_("需求方"), need.organisation, need.contact or proposal.need_accepted_by),
            contact_of(_("供给方"), capability.organisation, capability.contact or proposal.capability_accepted_by),
        ]

    @cached_property
    def parts(self) -> list[ScorePart]:
        return score_parts(self._proposal.parts)

    @cached_property
    def grounds(self) -> list[Ground]:
        found = grounds(self._proposal.reasons)
        return [ground for ground in found if not self._tells_owner(f"{''.join(ground.terms)}{ground.text}")]

    @cached_property
    def for_need(self) -> str:
        """Why it suits the need, said to the enterprise; "" in rows from before there were sentences."""
        return self._told(Side.NEED)

    @cached_property
    def for_capability(self) -> str:
        """Why it suits the capability, said to whoever offers it."""
        return self._told(Side.CAPABILITY)

    @property
    def why(self) -> list[Told]:
        """What is said to the viewer's side; people of neither side read what either is told."""
        told = {Side.NEED: (_("对需求方说"), self.for_need), Side.CAPABILITY: (_("对供给方说"), self.for_capability)}
        sides = [self.side] if self.side else list(told)
        return [Told("" if self.side else told[side][0], told[side][1]) for side in sides if told[side][1]]

    @cached_property
    def notes(self) -> list[str]:
        """What moved it in the need's list, said to the viewer's side."""
        proposal, costly = self._proposal, self._costly
        if costly is None:
            costly = costs_of([proposal]).get(proposal.pk, frozenset())
        return [text for note in proposal.notes if (text := note_text(note, self.side, costly))]

    @cached_property
    def indicators(self) -> list[IndicatorLine]:
        return indicator_lines(self._proposal.indicator_verdicts)

    @property
    def indicators_to_weigh(self) -> list[IndicatorLine]:
        """Those the capability says something of."""
        return [line for line in self.indicators if line.offered]

    @property
    def indicators_unsaid(self) -> list[IndicatorLine]:
        return [line for line in self.indicators if not line.offered]

    @cached_property
    def need_excerpt(self) -> SafeString:
        need = self._proposal.need
        return excerpt(_body(need.goal, need.background) or need.title, self._terms)

    @cached_property
    def capability_excerpt(self) -> SafeString:
        capability = self._proposal.capability
        told = [text for _label, text in self._capability_details]
        return excerpt(_body(capability.value, capability.description, *told) or capability.title, self._terms)

    @cached_property
    def need_heading(self) -> SafeString:
        return marked(self.need_title, self._terms)

    @cached_property
    def capability_heading(self) -> SafeString:
        return marked(self.capability_title, self._terms)

    @cached_property
    def need_passages(self) -> list[Passage]:
        need = self._proposal.need
        return self._passages([(_("拟解决的技术问题"), need.goal), (_("背景与现状"), need.background)])

    @cached_property
    def capability_passages(self) -> list[Passage]:
        capability = self._proposal.capability
        texts = [(_("一句话价值"), capability.value), (_("详细介绍"), capability.description)]
        return self._passages([*texts, *self._capability_details])

    @cached_property
    def is_new(self) -> bool:
        """Nobody of the viewer's side has seen it before."""
        viewed_at = {
            Side.NEED: self._proposal.need_viewed_at,
            Side.CAPABILITY: self._proposal.capability_viewed_at,
        }
        return self.side is not None and viewed_at[self.side] is None

    @property
    def accepted_by_viewer(self) -> bool:
        return self.side is not None and accepted_by_side(self._proposal, self.side)

    @property
    def declined_by_viewer(self) -> bool:
        return self.state == ProposalState.DECLINED and self._proposal.declined_side == self.side

    @cached_property
    def state_label(self) -> str:
        """Where it stands, said to the viewer."""
        proposal = self._proposal
        if self.state == ProposalState.INTERESTED:
            return self._interest_label()
        if self.state == ProposalState.DECLINED:
            names = {Side.NEED.value: _("需求方已婉拒"), Side.CAPABILITY.value: _("供给方已婉拒")}
            if self.side is None:
                return names[proposal.declined_side]
            return _("我方已婉拒") if self.declined_by_viewer else _("对方已婉拒")
        if self.side and self.state in UNTOUCHED:
            return _("尚未答复")
        if self.side and self.state == ProposalState.TIMED_OUT:
            return _("对方没有按时答复") if self.accepted_by_viewer else _("已过答复时限，仍可答复")
        return str(proposal.get_state_display())

    def _interest_label(self) -> str:
        if self.side is None:
            accepted = accepted_by_side(self._proposal, Side.NEED)
            return _("需求方已接受，等供给方答复") if accepted else _("供给方已接受，等需求方答复")
        return _("我方已接受，等对方答复") if self.accepted_by_viewer else _("对方已接受，等您答复")

    @property
    def is_our_turn(self) -> bool:
        return self.side is not None and self.state == ProposalState.INTERESTED and not self.accepted_by_viewer

    @property
    def decline_reason(self) -> str:
        return str(self._proposal.decline_reason or "")

    @property
    def decline_note(self) -> str:
        """For the side that wrote it and the platform's staff."""
        seen = self.declined_by_viewer or (self.side is None and self.state == ProposalState.DECLINED)
        return self._proposal.decline_note if seen else ""

    @cached_property
    def may_accept(self) -> Decision:
        if self.accepted_by_viewer:
            return Decision(False)
        return can_accept(self._user, self._proposal)

    @cached_property
    def may_decline(self) -> Decision:
        if self.state == ProposalState.DECLINED:
            return Decision(False)
        return can_decline(self._user, self._proposal)

    @cached_property
    def may_withdraw(self) -> Decision:
        return can_withdraw(self._user, self._proposal)

    @property
    def recommendation(self) -> str:
        """Why a broker put the two together, for both sides; it belongs to an app above this one."""
        return str(getattr(getattr(self._proposal, "recommendation", None), "text", ""))

    @property
    def engagement(self) -> Any:
        """The case that opened, None before; it belongs to an app above this one."""
        return getattr(self._proposal, "engagement", None)

    @property
    def _terms(self) -> list[str]:
        return list(self._proposal.shared_terms)

    def _owner(self, organisation: Organisation, disclosure: str, anonymous: str) -> Owner:
        shown = self.contacts_are_shown or owner_is_shown(self._user, disclosure=disclosure, organisation=organisation)
        return Owner(organisation.name, is_named=True) if shown else Owner(anonymous, is_named=False)

    def _told(self, side: Side) -> str:
        sentence = sentence_for(self._proposal.reasons, side)
        return "" if self._tells_owner(sentence) else sentence

    def _tells_owner(self, text: str) -> bool:
        """Whether words out of either text give away an owner whom the viewer may not know."""
        proposal = self._proposal
        owners = (self.need_owner, proposal.need), (self.capability_owner, proposal.capability)
        return any(not owner.is_named and mentions_owner(text, row.organisation) for owner, row in owners)

    @property
    def _capability_details(self) -> list[tuple[Any, str]]:
        """The details of its kind that the matcher read; where the owner is hidden, none that names it."""
        capability = self._proposal.capability
        return [
            (label, text)
            for label, text in _told_details(capability)
            if self.capability_owner.is_named or not mentions_owner(text, capability.organisation)
        ]

    def _passages(self, texts: Iterable[tuple[Any, str]]) -> list[Passage]:
        return [Passage(label, marked(text, self._terms)) for label, text in texts if text]


def views_of(
    proposals: Iterable[Proposal],
    user: Viewer,
    *,
    first_place: int | None = None,
    similar: Mapping[int, list[Proposal]] | None = None,
) -> list[ProposalView]:
    """Numbered from `first_place` where the order is a ranking; `similar` (by row) are folded under theirs."""
    assert isinstance(user, User)  # noqa: S101  (the pages ask for a sign-in)
    rows, folded, reasons = list(proposals), similar or {}, FrequentReasons()
    costs = costs_of([*rows, *(other for row in rows for other in folded.get(row.pk, ()))])

    def view_of(proposal: Proposal, place: int | None = None) -> ProposalView:
        return ProposalView(proposal, user, place=place, costly=costs.get(proposal.pk, frozenset()), reasons=reasons)

    views = []
    for number, proposal in enumerate(rows):
        view = view_of(proposal, None if first_place is None or bid_of(proposal) else first_place + number)
        view.similar = [view_of(other) for other in folded.get(proposal.pk, ())]
        views.append(view)
    _show_figures(views)
    return views


def _show_figures(views: list[ProposalView]) -> None:
    """How the organisations of the cards answer, read at once."""
    houses = {view.named_house for view in views} - {None}
    figures = answer_figures([house for house in houses if house is not None])
    for view in views:
        house = view.named_house
        view.answer_figures = None if house is None else figures.get(house, NONE_YET)


def _told_details(capability: Capability) -> list[tuple[Any, str]]:
    details = capability.details
    return [
        (detail.label, details[detail.key])
        for detail in DETAILS[capability.kind]
        if detail.key in DETAILS_THAT_TELL and isinstance(details.get(detail.key), str) and details[detail.key]
    ]


def _body(*texts: str) -> str:
    return "\n".join(text for text in texts if text)
