"""No open state is nobody's: each of every state machine waits for a person, on that person's list, or says why not."""

from collections.abc import Callable
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.apps import apps
from django.db import models

from apps.accounts.models import JoinRequest, Organisation, User
from apps.capabilities.models import Capability, CapabilityState
from apps.core import clock
from apps.engagements.desk.referrals import referral_open, referral_plan, referral_take
from apps.engagements.models import Engagement, EngagementState, Outcome, Referral, ReferralKind, Wait, WaitKind
from apps.engagements.services import Plan, engagement_plan, outcome_report
from apps.followups.models import Story
from apps.followups.services import story_agree, story_draft, story_return
from apps.matching.bids.services import bid_place
from apps.matching.models import NeedWait, Proposal, Side
from apps.needs.models import Need, NeedState
from apps.review.models import Report, ReportReason, ReportState
from apps.taxonomy.models import Term
from matchsvc.waiting import waiting_for_me
from tests.factories import make_capability, make_engagement, make_need, make_proposal
from tests.followups.conftest import TEXTS

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("taxonomy")]
type State = tuple[str, str]


class Cast:
    """The people, and rows of theirs in any state."""

    def __init__(self, **people: Any) -> None:
        self.sme: User = people["sme_owner"]
        self.professor: User = people["professor"]
        self.reviewer: User = people["reviewer"]
        self.broker: User = people["broker"]
        self.administrator: User = people["administrator"]
        self.newcomer = User.objects.create_user("new@hailan.example", name="吴芳", email_confirmed_at=clock.now())
        self.enterprise: Organisation = people["enterprise"]
        self.university: Organisation = people["university"]
        self.pending: Organisation = people["other_enterprise"]

    def need(self, state: str = NeedState.PUBLISHED, **fields: Any) -> Need:
        return make_need(organisation=self.enterprise, contact=self.sme, state=state, **fields)

    def capability(self, state: str = CapabilityState.PUBLISHED, **fields: Any) -> Capability:
        return make_capability(organisation=self.university, contact=self.professor, state=state, **fields)

    def pair(self, **fields: Any) -> Proposal:
        return make_proposal(need=self.need(), capability=self.capability(), **fields)

    def case(self, state: str = EngagementState.INTRODUCED) -> Engagement:
        return make_engagement(proposal=self.pair(), state=state)

    def outcome(self) -> Outcome:
        kind = Term.objects.get(vocabulary="outcome_type", code="process_change")
        fields = {"outcome_type": kind, "description": "轧辊寿命提高。", "occurred_on": clock.today()}
        return outcome_report(engagement=self.case(), by=self.sme, **fields)

    def story(self) -> Story:
        outcome = self.outcome()
        Outcome.objects.filter(pk=outcome.pk).update(
            state="confirmed", confirmed_at=clock.now(), decided_by=self.professor
        )
        return story_draft(outcome=outcome, by=self.sme, **TEXTS)

    def submitted_story(self) -> Story:
        story = self.story()
        for person in (self.sme, self.professor):
            story = story_agree(story=story, by=person, seen=story.version)
        return story


@pytest.fixture
def cast(
    enterprise: Organisation,
    university: Organisation,
    other_enterprise: Organisation,
    sme_owner: User,
    professor: User,
    reviewer: User,
    broker: User,
    administrator: User,
) -> Cast:
    return Cast(**locals())


def _owned(cast: Cast, state: str) -> User:
    cast.case(state)
    return cast.sme


def _matter(cast: Cast, kind: str) -> User:
    case = cast.case()
    about: dict[str, Any] = {"proposal": case.proposal, "engagement": case}
    if kind in (ReferralKind.LIST_UNANSWERED, ReferralKind.NEED_WITHOUT_REPLY):
        about = {}
    matter = referral_open(kind=ReferralKind(kind), need=case.proposal.need, **about)
    referral_take(referral=matter, by=cast.broker)
    referral_plan(referral=matter, next_action=f"打电话：{kind}", next_on=clock.today(), by=cast.broker)
    return cast.broker


def _asked(cast: Cast, kind: str) -> User:
    """The university is to answer something of the kind."""
    if kind == WaitKind.OUTCOME:
        cast.outcome()
    else:
        times = {"asked_at": clock.now(), "due_at": clock.now() + timedelta(days=3)}
        Wait.objects.create(engagement=cast.case(), kind=kind, side=Side.CAPABILITY, **times)
    return cast.professor


def _reported(cast: Cast, state: str) -> User:
    told = {"answered_by": cast.reviewer, "answered_at": clock.now()} if state != ReportState.OPEN else {}
    Report.objects.create(need=cast.need(), reporter=cast.professor, reason=ReportReason.FALSE, state=state, **told)
    return cast.reviewer


def _bid(cast: Cast, _state: str) -> User:
    plan = "先做三件样品，比较涂层的硬度和结合力，再定工艺。"
    bid_place(
        need=cast.need(), capability=cast.capability(), plan=plan, months=6, price_wan=Decimal(20), by=cast.professor
    )
    return cast.sme


def _pending(cast: Cast, state: str) -> User:
    fields = {"state": state, "credit_code": "91370200MA3C1XXW0E", "rejection_reason": "代码有误"}
    Organisation.objects.filter(pk=cast.pending.pk).update(**fields)
    return cast.reviewer


def _rejected(cast: Cast, state: str) -> User:
    Organisation.objects.filter(pk=cast.enterprise.pk).update(state=state, rejection_reason="代码有误")
    return cast.sme


def _joining(cast: Cast, state: str) -> User:
    JoinRequest.objects.create(organisation=cast.enterprise, person=cast.newcomer, state=state, asked_at=clock.now())
    return cast.sme


def _story(cast: Cast, state: str) -> User:
    if state == "draft":
        cast.story()
        return cast.professor
    story = cast.submitted_story()
    if state == "returned":
        story_return(story=story, by=cast.administrator, reason="请写明数字")
        return cast.sme
    return cast.administrator


def _need(cast: Cast, state: str) -> User:
    last_day = clock.today() + timedelta(days=-1 if state == NeedState.EXPIRED else 60)
    cast.need(state, valid_until=last_day, return_reason="请补充指标", submitted_at=clock.now())
    return cast.reviewer if state == NeedState.SUBMITTED else cast.sme


def _capability(cast: Cast, state: str) -> User:
    last_day = clock.today() + timedelta(days=-1 if state == CapabilityState.STALE else 60)
    cast.capability(state, valid_until=last_day, return_reason="请补充说明", submitted_at=clock.now())
    return cast.reviewer if state == CapabilityState.SUBMITTED else cast.professor


def _late_pair(cast: Cast, state: str) -> User:
    cast.pair(state=state, capability_accepted_at=clock.now())
    return cast.sme


WAITS: dict[State, tuple[Callable[[Cast, str], User], str]] = {
    ("accounts.Organisation", "pending"): (_pending, "家机构等待核验"),
    ("accounts.Organisation", "rejected"): (_rejected, "机构核验未通过"),
    ("accounts.JoinRequest", "waiting"): (_joining, "申请加入本单位"),
    ("needs.Need", "draft"): (_need, "轧辊表面耐磨涂层"),
    ("needs.Need", "submitted"): (_need, "项需求等待审核"),
    ("needs.Need", "returned"): (_need, "轧辊表面耐磨涂层"),
    ("needs.Need", "expired"): (_need, "轧辊表面耐磨涂层"),
    ("capabilities.Capability", "draft"): (_capability, "激光熔覆耐磨涂层"),
    ("capabilities.Capability", "submitted"): (_capability, "项资源等待审核"),
    ("capabilities.Capability", "returned"): (_capability, "激光熔覆耐磨涂层"),
    ("capabilities.Capability", "stale"): (_capability, "激光熔覆耐磨涂层"),
    ("matching.Proposal", "interested"): (_late_pair, "对方愿意对接"),
    ("matching.Proposal", "timed_out"): (_late_pair, "对方愿意对接"),
    ("matching.Bid", "placed"): (_bid, "对方愿意对接"),
    **{
        ("engagements.Engagement", step): (_owned, "定下一步")
        for step in ("introduced", "negotiating", "solution", "contracted", "in_progress")
    },
    ("engagements.Outcome", "reported"): (lambda cast, _: _asked(cast, WaitKind.OUTCOME), "请确认成效"),
    ("engagements.Wait", "message"): (_asked, "请回复对方的消息"),
    ("engagements.Wait", "outcome"): (_asked, "请确认成效"),
    ("engagements.Wait", "agreement"): (_asked, "请确认保密协议"),
    **{("engagements.Referral", kind): (_matter, f"打电话：{kind}") for kind in ReferralKind.values},
    ("followups.Story", "draft"): (_story, "请看看案例文字"),
    ("followups.Story", "submitted"): (_story, "篇案例等待审核"),
    ("followups.Story", "returned"): (_story, "请看看案例文字"),
    ("review.Report", "open"): (_reported, "条举报等待处理"),
    ("review.Report", "asked"): (_reported, "条举报等待处理"),
}
"""Who finds it on the home page once it is so, and by which words."""

FINAL = "nothing is to be done any more"
MACHINE = "the platform's own work, seen on the pages of whoever keeps it running"
RESTS: dict[str, dict[str, str]] = {
    "accounts.Organisation": {"verified": FINAL},
    "accounts.JoinRequest": dict.fromkeys(("approved", "refused", "withdrawn", "lapsed"), FINAL),
    "needs.Need": {
        "published": "on the board until its last day, before which it waits for its owner as expired ones do",
        "engaged": "its cases have the next step",
        "solved": FINAL,
        "closed": FINAL,
        "unmatched": "over; comes back to its owner's list with resources that came since",
    },
    "needs.NeedElement": dict.fromkeys(("proposed", "confirmed", "removed", "added"), "part of the need's text"),
    "capabilities.Capability": {"published": "as a published need", "archived": FINAL},
    "matching.Proposal": {
        "proposed": "one of a list; the list waits (matching.NeedWait)",
        "viewed": "as proposed",
        "accepted": "its case has the next step",
        "declined": FINAL,
    },
    "matching.Bid": {"taken back": FINAL},
    "matching.NeedWait": {
        "list": "the clock reminds its side, and hands it to the brokers at its time",
        "reply": "the clock hands it to the brokers at its time",
    },
    "engagements.Engagement": {"delivered": "its questionnaires and outcomes wait by themselves", "ended": FINAL},
    "engagements.Outcome": {"confirmed": FINAL, "rejected": "final, unless its side mends it, which it was told"},
    "followups.Story": {"published": FINAL},
    "review.ExpertConfirmation": {
        "waiting": "asked by mail, outside; the reviewer's queue shows how long",
        "confirmed": FINAL,
        "declined": "its resource went back to its owner as returned",
        "disputed": "as declined",
    },
    "review.Report": {"kept": FINAL, "taken_down": FINAL},
    "administration.ErasureRequest": {
        "waiting": "carried out by the clock at its day; until then the person may take it back",
        "cancelled": FINAL,
        "done": FINAL,
    },
    "imports.Import": {
        "uploaded": "whoever brought the file is at its page, one step before the check",
        "checking": MACHINE,
        "checked": "whoever brought the file was told, and says whether it comes in",
        "running": MACHINE,
        "undoing": MACHINE,
        **dict.fromkeys(("done", "undone", "cancelled", "failed"), FINAL),
    },
    "notifications.Delivery": dict.fromkeys(("due", "sending", "sent", "dropped", "failed"), MACHINE),
    "matching.IndexGeneration": dict.fromkeys(("building", "published", "failed", "damaged", "retired"), MACHINE),
    "matching.Rematch": dict.fromkeys(("running", "paused", "done", "cancelled", "failed"), MACHINE),
    "matching.MatchRequest": dict.fromkeys(("pending", "running", "done", "superseded", "failed"), MACHINE),
    "stats.MonthlyReport": dict.fromkeys(("waiting", "ready", "failed"), MACHINE),
}
"""States in which nobody has to act, and why."""

BY_KIND: tuple[type[models.Model], ...] = (Wait, Referral, NeedWait)
"""Rows that are open or not; what they wait for is their kind."""


def states() -> set[State]:
    """Of every model of the platform that has states, and of rows that wait without one."""
    ours = [model for model in apps.get_models() if model.__module__.startswith("apps.")]
    named = [(model, "state") for model in ours if _choices(model, "state")] + [(model, "kind") for model in BY_KIND]
    found = {(model._meta.label, value) for model, column in named for value in _choices(model, column)}
    return found | {("matching.Bid", "placed"), ("matching.Bid", "taken back")}


def _choices(model: type[models.Model], column: str) -> list[str]:
    field = next((field for field in model._meta.fields if field.name == column), None)
    return [str(value) for value, _label in field.flatchoices] if field is not None else []


def test_every_state_waits_for_somebody_or_says_why_not() -> None:
    resting = {(label, state) for label, reasons in RESTS.items() for state in reasons}
    assert states() == WAITS.keys() | resting
    assert not WAITS.keys() & resting


@pytest.mark.parametrize("state", WAITS, ids=":".join)
def test_whoever_it_waits_for_finds_it_on_the_home_page(state: State, cast: Cast) -> None:
    arrange, words = WAITS[state]
    owner = User.objects.get(pk=arrange(cast, state[1]).pk)  # who comes anew, and has read nothing before
    found = [item for item in waiting_for_me(owner) if words in item.title]
    assert found, [item.title for item in waiting_for_me(owner)]
    assert all(item.url for item in found)
    assert found[0].since or found[0].due_at or owner.is_reviewer, "since when, or until when; a queue says it by row"


def test_a_step_with_an_owner_waits_for_them_alone(cast: Cast) -> None:
    case = cast.case()
    engagement_plan(engagement=case, by=cast.sme, plan=Plan(cast.professor, "寄样件", clock.today()))
    assert [item.title for item in waiting_for_me(cast.professor) if item.state == "introduced"] == ["寄样件"]
    assert not [item for item in waiting_for_me(cast.sme) if item.state == "introduced"]


def test_a_step_whose_owner_plans_nothing_still_waits(cast: Cast) -> None:
    case = cast.case()
    Engagement.objects.filter(pk=case.pk).update(owner=cast.professor)
    [item] = [item for item in waiting_for_me(cast.professor) if item.state == "introduced"]
    assert item.since == case.state_since


def test_while_the_agreement_is_open_that_is_the_next_step(cast: Cast) -> None:
    case = cast.case()
    Engagement.objects.filter(pk=case.pk).update(awaits_agreement=True)
    assert not [item for item in waiting_for_me(cast.sme) if item.state == "introduced"]
