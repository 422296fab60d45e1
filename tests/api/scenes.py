"""For each endpoint a scene in which somebody at least is allowed: the rows that are there, and a body that is right.

The pair is a need of the cast's enterprise (the SME owner and her colleague) and a capability of the professor's
university; the broker, the reviewer and the administrator work for the platform, the stranger for another enterprise.
"""

import json
from collections.abc import Callable
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from django.test.client import BOUNDARY, MULTIPART_CONTENT, encode_multipart

from apps.accounts.disclosure import Disclosure
from apps.accounts.models import CloudCentre, JoinRequest, Organisation, PlatformRole, User
from apps.accounts.services import cloud_centre_open
from apps.administration.models import Announcement, ErasureRequest
from apps.administration.services.erasure import erasure_ask
from apps.administration.services.people import state_of
from apps.capabilities.models import Capability, CapabilityState
from apps.core import clock
from apps.core.models import new_public_id
from apps.engagements.desk.referrals import referral_open
from apps.engagements.models import (
    Agreement,
    Contract,
    ContractCredit,
    Engagement,
    Instalment,
    Meeting,
    Milestone,
    Outcome,
    OutcomeState,
    Referral,
    ReferralKind,
)
from apps.engagements.services import (
    contract_record,
    instalment_plan,
    instalment_receive,
    meeting_plan,
    milestone_accept,
    milestone_set,
)
from apps.followups.models import Questionnaire, Story
from apps.followups.services import story_agree, story_draft
from apps.imports.models import Import, ImportKind
from apps.imports.services import import_map, import_run, import_upload
from apps.imports.tasks import carry_out
from apps.matching.lookup import store
from apps.matching.lookup.conditions import Conditions
from apps.matching.models import Proposal, ProposalState
from apps.needs.models import Need, NeedState
from apps.notifications.models import Notification
from apps.review.models import Report, ReportReason
from apps.review.services.reporting import report_make
from apps.searches.lists import list_of
from apps.searches.models import SavedSearch
from apps.searches.services import search_save
from apps.stats.report.models import MonthlyReport
from apps.stats.report.models import ReportState as MonthlyReportState
from apps.taxonomy.models import Alias, Term
from tests.factories import (
    make_capability,
    make_engagement,
    make_need,
    make_notification,
    make_organisation,
    make_proposal,
)


class World:
    """The organisations and people a scene is played among."""

    def __init__(self, enterprise: Organisation, university: Organisation, sme_owner: User, professor: User) -> None:
        self.enterprise, self.university = enterprise, university
        self.sme_owner, self.professor = sme_owner, professor

    def need(self, **fields: Any) -> Need:
        return make_need(**{"organisation": self.enterprise, "contact": self.sme_owner, **fields})

    def capability(self, **fields: Any) -> Capability:
        return make_capability(**{"organisation": self.university, "contact": self.professor, **fields})

    def proposal(self, **fields: Any) -> Proposal:
        return make_proposal(need=self.need(), capability=self.capability(), **fields)

    def looked_up(self) -> tuple[Need, dict[str, str]]:
        """A need for which one resource was found, and what picks it."""
        need, capability = self.need(), self.capability()
        fields = {"score": 62.5, "need_version": need.version, "capability_version": capability.version}
        levels = (Disclosure.PUBLIC_ANONYMOUS.value, Disclosure.PUBLIC_NAMED.value, Disclosure.MEMBERS.value)
        question = store.Question(need.pk, need.version, levels, Conditions())
        store.keep(question, store.Answer(clock.now(), (store.Pair(capability.pk, fields),)))
        return need, {"capability": capability.public_id}

    def expert(self) -> Capability:
        """Listed by the university, and not asked yet."""
        return self.capability(kind="expert", state=CapabilityState.SUBMITTED, submitted_at=clock.now())

    def pending_organisation(self) -> Organisation:
        return make_organisation(f"青岛第{new_public_id()}机械厂", state="pending", verified_at=None)

    def reported(self) -> Report:
        """The professor reported a need of the enterprise."""
        return report_make(subject=self.need(), by=self.professor, reason=ReportReason.OUTDATED)

    def uploaded(self) -> Import:
        """A file of the professor: one row is right, one says nothing."""
        file = SimpleUploadedFile("成果.csv", "编号,名称\nR-1,激光熔覆涂层\nR-2,\n".encode())
        return import_upload(kind=ImportKind.RESULT, upload=file, by=self.professor)

    def checked(self) -> Import:
        job = self.uploaded()
        given = {"sheet": job.sheet, "heading_line": job.heading_line, "mapping": job.mapping}
        import_map(job=job, by=self.professor, publish=False, **given)
        carry_out(job.public_id)
        job.refresh_from_db()
        return job

    def imported(self) -> Import:
        job = self.checked()
        Capability.objects.filter(external_id="R-1").update(external_id="")  # a scene may be played again
        import_run(job=job, by=self.professor)
        carry_out(job.public_id)
        job.refresh_from_db()
        return job

    def file_import(self) -> Import:
        """The university brought a file."""
        named = {"kind": ImportKind.RESULT, "file_name": "成果.xlsx", "size_bytes": 1}
        return Import.objects.create(organisation=self.university, started_by=self.professor, **named)

    def interested(self) -> Proposal:
        """The enterprise has said yes."""
        return self.proposal(
            state=ProposalState.INTERESTED, need_accepted_at=clock.now(), need_accepted_by=self.sme_owner
        )

    def engagement(self, **fields: Any) -> Engagement:
        proposal = self.proposal()
        Need.objects.filter(pk=proposal.need_id).update(state=NeedState.ENGAGED)
        return make_engagement(proposal=proposal, **fields)

    def contract(self) -> Contract:
        terms = CONTRACT | {"contract_type": term("contract_type", "contract_development")}
        return contract_record(engagement=self.engagement(), by=self.sme_owner, **terms)

    def instalment(self) -> Instalment:
        planned: dict[str, Any] = {"planned_on": clock.today(), "planned_yuan": Decimal(1000)}
        return instalment_plan(contract=self.contract(), by=self.sme_owner, **planned)

    def received(self) -> Instalment:
        came: dict[str, Any] = {"received_on": clock.today(), "received_yuan": Decimal(1000)}
        return instalment_receive(instalment=self.instalment(), by=self.sme_owner, **came)

    def closed_case(self) -> Engagement:
        """The need asks for an agreement that nobody has confirmed."""
        engagement = self.engagement(awaits_agreement=True)
        Agreement.objects.create(engagement=engagement, text_version="2026-11")
        return engagement

    def referral(self) -> Referral:
        """Nobody has answered the need."""
        return referral_open(kind=ReferralKind.NEED_WITHOUT_REPLY, need=self.need())

    def a_broker(self) -> User:
        """Another one each time: a scene may be played again."""
        email = f"broker-{new_public_id()}@city.example"
        return User.objects.create_user(email, name="孙经纪", platform_role=PlatformRole.BROKER, covers_city=True)

    def credited(self) -> Contract:
        contract, broker = self.contract(), self.a_broker()
        ContractCredit.objects.create(
            contract=contract, broker=broker, percent=60, proposed_by=broker, proposed_at=clock.now()
        )
        return contract

    def meeting(self) -> Meeting:
        return meeting_plan(engagement=self.engagement(), by=self.sme_owner, **MEETING)

    def milestone(self, *, accepted: bool = False) -> Milestone:
        milestone = milestone_set(contract=self.contract(), by=self.sme_owner, title="首批试样", due_on=clock.today())
        return milestone_accept(milestone=milestone, by=self.sme_owner) if accepted else milestone

    def notification(self) -> Notification:
        """The owner of the enterprise was told."""
        return make_notification(recipient=self.sme_owner, organisation=self.enterprise)

    def asked(self, **fields: Any) -> JoinRequest:
        """Somebody with an account asks to join the enterprise; a person has one request that waits."""
        person = (
            fields.get("person")
            or User.objects.get_or_create(
                email="applicant@city.example", defaults={"name": "吴芳", "email_confirmed_at": clock.now()}
            )[0]
        )
        columns = {"organisation": self.enterprise, "asked_at": clock.now()}
        return JoinRequest.objects.get_or_create(person=person, defaults=columns)[0]

    def search(self) -> SavedSearch:
        source = list_of("needs.board")
        assert source is not None
        return search_save(source=source, params={"q": "轧辊"}, by=self.sme_owner)

    def centre(self) -> CloudCentre:
        """An enterprise has one."""
        values = CENTRE | {"industry_chain": chain()}
        there = CloudCentre.objects.filter(organisation=self.enterprise).first()
        return there or cloud_centre_open(organisation=self.enterprise, by=self.sme_owner, values=values)

    def questionnaire(self) -> Questionnaire:
        """The enterprise is asked."""
        now = clock.now()
        fields = {"side": "need", "months": 3, "due_on": clock.today(), "opened_at": now}
        return Questionnaire.objects.create(
            engagement=self.engagement(state="delivered"), closes_at=now + timedelta(days=30), **fields
        )

    def confirmed_outcome(self) -> Outcome:
        outcome = self.outcome()
        outcome.state, outcome.confirmed_at, outcome.decided_by = OutcomeState.CONFIRMED, clock.now(), self.professor
        outcome.save()
        return outcome

    def story(self, *agreed: str) -> Story:
        """Drafted by the enterprise; those of "need" and "capability" that are named have agreed."""
        story = story_draft(outcome=self.confirmed_outcome(), by=self.sme_owner, **STORY)
        for side in agreed:
            story = story_agree(story=story, by=self.sme_owner if side == "need" else self.professor, seen=1)
        return story

    def outcome(self) -> Outcome:
        """The enterprise has reported it."""
        return Outcome.objects.create(
            engagement=self.engagement(),
            outcome_type=term("outcome_type", "process_change"),
            state=OutcomeState.REPORTED,
            description="新涂层上线，轧辊寿命提高一倍。",
            occurred_on=clock.today(),
            reported_by=self.sme_owner,
            reported_side="need",
            reported_at=clock.now(),
        )


class Scene:
    """A row named in the URL (None for lists), and the body that is sent: as JSON, or where it `is_form` as a form."""

    def __init__(self, row: Any = None, body: dict[str, Any] | None = None, *, is_form: bool = False) -> None:
        self.row, self.body, self.is_form = row, body, is_form

    @property
    def sent(self) -> dict[str, Any]:
        if self.is_form:
            return {"data": encode_multipart(BOUNDARY, self.body or {}), "content_type": MULTIPART_CONTENT}
        return {"data": json.dumps(self.body or {}), "content_type": "application/json"}

    @property
    def kwargs(self) -> dict[str, str]:
        return {"public_id": self.row.public_id} if self.row is not None else {}


class Named(Scene):
    """A row that is named otherwise than by its public id."""

    def __init__(self, body: dict[str, Any] | None = None, **named: Any) -> None:
        super().__init__(body=body)
        self.named = {name: str(value) for name, value in named.items()}

    @property
    def kwargs(self) -> dict[str, str]:
        return self.named


def a_tag() -> Term:
    """Another one each time: a scene may be played again."""
    code = f"x_{new_public_id()}"
    return Term.objects.create(vocabulary="tag", code=code, name=f"词{code}", edited_at=clock.now())


def somebody(*, closed: bool = False) -> User:
    """Of no organisation; another one each time."""
    return User.objects.create_user(f"{new_public_id()}@city.example", name="赵芸", is_active=not closed)


def announcement() -> Announcement:
    return Announcement.objects.create(text="今晚维护", ends_at=clock.now() + timedelta(days=1), written_by=somebody())


def erasure() -> ErasureRequest:
    """Asked for a month ago."""
    request = erasure_ask(person=somebody())
    ErasureRequest.objects.filter(pk=request.pk).update(due_at=clock.now())
    return request


def invited() -> dict[str, Any]:
    return {"email": f"{new_public_id()}@city.example", "role": "broker", "covers_city": True}


def duty(person: User) -> Scene:
    return Named({"role": "broker", "covers_city": True, "seen": state_of(person)}, pk=person.pk)


def named_alias() -> Scene:
    alias = Alias.objects.create(term=a_tag(), text=f"名{new_public_id()}")
    return Named(pk=alias.term_id, alias=alias.pk)


def merge() -> Scene:
    old, new = a_tag(), a_tag()
    return Named({"into": new.code, "typed": old.name}, pk=old.pk)


def carried_out() -> Scene:
    request = erasure()
    return Scene(request, {"typed": request.person.email})


def term(vocabulary: str, code: str) -> Term:
    return Term.objects.get(vocabulary=vocabulary, code=code)


def chain() -> Term:
    return Term.objects.filter(vocabulary="industry_chain", is_active=True)[0]


def a_file() -> SimpleUploadedFile:
    return SimpleUploadedFile("成果.csv", "编号,名称\nR-1,激光熔覆涂层\n".encode())


RETURNED = {"outcome": "returned", "reason": "请补充指标。"}
CENTRE: dict[str, Any] = {"products": "离心泵、潜水泵", "equipment": "数控车床 12 台", "research_staff": 8}
CONTRACT: dict[str, Any] = {
    "contract_type": "contract_development",
    "title": "轧辊激光熔覆工艺开发",
    "client_name": "青岛海岚精工有限公司",
    "provider_name": "胶州湾理工大学",
    "signed_on": clock.today(),
    "amount_yuan": Decimal("320000.00"),
}
MEETING: dict[str, Any] = {
    "title": "试样方案讨论",
    "starts_at": clock.now() + timedelta(days=3),
    "ends_at": clock.now() + timedelta(days=3, hours=1),
    "place": "胶州湾理工大学材料楼 201",
}
STORY: dict[str, Any] = {
    "title": "轧辊寿命提高一倍",
    "summary": "换用激光熔覆。",
    "problem": "三个月就报废。",
    "approach": "先在两支辊上试。",
    "result": "八个月一换。",
}
REGISTRATION = {"kind": "enterprise", "name": "胶州湾轴承有限公司", "credit_code": "91370200MA3C1XXW0E"}
ANSWER = {"usage": "in_use", "fit": "better", "further_work": "none", "partner_rating": 5, "platform_rating": 4}
OUTCOME: dict[str, Any] = {"outcome_type": "process_change", "description": "轧辊寿命提高一倍。"}


# (name of the URL, method) → the scene
def monthly_report() -> MonthlyReport:
    """Of the whole city, as a worker left it."""
    made = {"state": MonthlyReportState.READY, "content": b"%PDF-1.4", "made_at": clock.now()}
    return MonthlyReport.objects.get_or_create(month=date(2026, 2, 1), district=None, defaults=made)[0]


SCENES: dict[tuple[str, str], Callable[[World], Scene]] = {
    ("term-list", "GET"): lambda world: Scene(),
    ("token", "POST"): lambda world: Scene(body={"email": world.sme_owner.email, "password": "correct-horse-2026"}),
    ("token", "DELETE"): lambda world: Scene(),
    ("organisation-list", "GET"): lambda world: Scene(),
    ("organisation-list", "POST"): lambda world: Scene(body=REGISTRATION),
    ("organisation-detail", "GET"): lambda world: Scene(world.enterprise),
    ("organisation-own", "GET"): lambda world: Scene(),
    ("organisation-own", "PATCH"): lambda world: Scene(body={"description": "精密加工。"}),
    ("centre-list", "GET"): lambda world: Scene(world.centre() and None),
    ("centre-own", "GET"): lambda world: Scene(world.centre() and None),
    ("centre-own", "POST"): lambda world: Scene(body=CENTRE | {"industry_chain": chain().code}),
    ("centre-own", "PATCH"): lambda world: Scene(world.centre() and None, {"products": "磁力泵", "revision": 1}),
    ("join-request-list", "GET"): lambda world: Scene(world.asked() and None),
    ("join-request-list", "POST"): lambda world: Scene(body={"organisation": world.enterprise.name}),
    ("join-request-approve", "POST"): lambda world: Scene(world.asked()),
    ("join-request-refuse", "POST"): lambda world: Scene(world.asked()),
    ("join-request-withdraw", "POST"): lambda world: Scene(world.asked(person=world.sme_owner)),
    ("import-list", "GET"): lambda world: Scene(world.file_import() and None),
    ("import-detail", "GET"): lambda world: Scene(world.file_import()),
    ("import-list", "POST"): lambda world: Scene(None, {"kind": "result", "file": a_file()}, is_form=True),
    ("import-columns", "GET"): lambda world: Scene(world.uploaded()),
    ("import-check", "POST"): lambda world: Scene(world.uploaded()),
    ("import-run", "POST"): lambda world: Scene(world.checked()),
    ("import-cancel", "POST"): lambda world: Scene(world.checked()),
    ("import-undo", "POST"): lambda world: Scene(world.imported()),
    ("import-remarks", "GET"): lambda world: Scene(world.checked()),
    ("import-errors", "GET"): lambda world: Scene(world.checked()),
    ("review-queue-list", "GET"): lambda world: Scene(world.expert() and None),
    ("review-line-list", "GET"): lambda world: Scene(world.pending_organisation() and None),
    ("review-organisation-detail", "GET"): lambda world: Scene(world.pending_organisation()),
    ("review-organisation-decide", "POST"): lambda world: Scene(
        world.pending_organisation(), {"revision": 0, "version": 0} | RETURNED
    ),
    ("review-need-detail", "GET"): lambda world: Scene(world.need(state=NeedState.SUBMITTED)),
    ("review-need-decide", "POST"): lambda world: Scene(
        world.need(state=NeedState.SUBMITTED), {"revision": 0, "version": 1} | RETURNED
    ),
    ("review-capability-detail", "GET"): lambda world: Scene(world.expert()),
    ("review-capability-decide", "POST"): lambda world: Scene(
        world.capability(state=CapabilityState.SUBMITTED), {"revision": 0, "version": 1} | RETURNED
    ),
    ("review-expert-ask", "POST"): lambda world: Scene(world.expert(), {"email": "qian@lab.example"}),
    ("review-expert-prove", "POST"): lambda world: Scene(world.expert(), {"note": "已收到本人签字的同意书"}),
    ("review-expert-prove-list", "POST"): lambda world: Scene(
        world.expert() and None,
        {
            "organisation": world.university.public_id,
            "note": "单位已出示名单",
            "shown_at": clock.now().isoformat(),
        },
    ),
    ("report-list", "GET"): lambda world: Scene(world.reported() and None),
    ("report-list", "POST"): lambda world: Scene(
        None, {"about": "needs", "about_id": world.need().public_id, "reason": "outdated"}
    ),
    ("report-detail", "GET"): lambda world: Scene(world.reported()),
    ("report-answer", "POST"): lambda world: Scene(world.reported(), {"state": "kept", "text": "仍未解决。"}),
    ("search-list", "GET"): lambda world: Scene(world.search() and None),
    ("search-list", "POST"): lambda world: Scene(body={"list": "needs.board", "params": {"q": "轧辊"}}),
    ("search-detail", "PATCH"): lambda world: Scene(world.search(), {"is_paused": True}),
    ("search-detail", "DELETE"): lambda world: Scene(world.search()),
    ("need-list", "GET"): lambda world: Scene(world.need() and None),
    ("need-list", "POST"): lambda world: Scene(body={"title": "轧辊耐磨涂层"}),
    ("need-detail", "GET"): lambda world: Scene(world.need(state=NeedState.DRAFT)),
    ("need-detail", "PATCH"): lambda world: Scene(world.need(), {"version": 1, "title": "轧辊耐磨涂层"}),
    ("need-publish", "POST"): lambda world: Scene(world.need(state=NeedState.RETURNED, published_at=None)),
    ("need-recall", "POST"): lambda world: Scene(world.need(state=NeedState.SUBMITTED)),
    ("need-close", "POST"): lambda world: Scene(world.need()),
    ("need-reopen", "POST"): lambda world: Scene(world.need(state=NeedState.CLOSED)),
    ("need-renew", "POST"): lambda world: Scene(world.need()),
    ("bid-list", "GET"): lambda world: Scene(),
    ("need-bid-list", "POST"): lambda world: Scene(
        world.need(),
        {"capability": world.capability().public_id, "plan": "先取样三批做工艺窗口试验，再上机验证耐磨寿命。"}
        | {"months": 3},
    ),
    ("need-lookup-list", "GET"): lambda world: Scene(world.looked_up()[0]),
    ("need-lookup-list", "POST"): lambda world: Scene(*world.looked_up()),
    ("need-solve", "POST"): lambda world: Scene(world.need(state=NeedState.ENGAGED)),
    ("capability-list", "GET"): lambda world: Scene(world.capability() and None),
    ("capability-list", "POST"): lambda world: Scene(body={"kind": "result", "title": "激光熔覆"}),
    ("capability-detail", "GET"): lambda world: Scene(world.capability(state=CapabilityState.DRAFT)),
    ("capability-detail", "PATCH"): lambda world: Scene(world.capability(), {"version": 1, "title": "激光熔覆"}),
    ("capability-publish", "POST"): lambda world: Scene(
        world.capability(state=CapabilityState.RETURNED, published_at=None)
    ),
    ("capability-recall", "POST"): lambda world: Scene(world.capability(state=CapabilityState.SUBMITTED)),
    ("capability-confirm", "POST"): lambda world: Scene(world.capability()),
    ("capability-archive", "POST"): lambda world: Scene(world.capability()),
    ("capability-reopen", "POST"): lambda world: Scene(world.capability(state=CapabilityState.ARCHIVED)),
    ("proposal-list", "GET"): lambda world: Scene(world.proposal() and None),
    ("proposal-detail", "GET"): lambda world: Scene(world.proposal()),
    ("proposal-accept", "POST"): lambda world: Scene(world.interested()),
    ("proposal-decline", "POST"): lambda world: Scene(world.interested(), {"reason": "region"}),
    ("proposal-withdraw", "POST"): lambda world: Scene(world.interested()),
    ("referral-list", "GET"): lambda world: Scene(world.referral() and None),
    ("referral-detail", "GET"): lambda world: Scene(world.referral()),
    ("referral-take", "POST"): lambda world: Scene(world.referral()),
    ("referral-hand-over", "POST"): lambda world: Scene(world.referral(), {"note": "企业本周出差"}),
    ("referral-plan", "POST"): lambda world: Scene(world.referral(), {"next_action": "周五回访"}),
    ("referral-close", "POST"): lambda world: Scene(world.referral(), {"result": "no_wish"}),
    ("call-list", "GET"): lambda world: Scene(world.referral() and None),
    ("call-list", "POST"): lambda world: Scene(
        None,
        {"need": world.need().public_id, "side": "need", "called_at": clock.now().isoformat(), "result": "已约见面"},
    ),
    ("recommendation-list", "POST"): lambda world: Scene(
        None,
        {"need": world.need().public_id, "capability": world.capability().public_id, "reason": "做过同样的轧辊"},
    ),
    ("credit-list", "GET"): lambda world: Scene(world.contract() and None),
    ("engagement-credits", "POST"): lambda world: Scene(
        world.contract().engagement, {"shares": [{"broker": world.a_broker().email, "percent": "60"}]}
    ),
    ("engagement-credits-confirm", "POST"): lambda world: Scene(world.credited().engagement),
    ("engagement-message-settle", "POST"): lambda world: Scene(world.engagement()),
    ("engagement-list", "GET"): lambda world: Scene(world.engagement() and None),
    ("engagement-detail", "GET"): lambda world: Scene(world.engagement()),
    ("engagement-report", "POST"): lambda world: Scene(
        world.engagement(), {**OUTCOME, "occurred_on": clock.today().isoformat()}
    ),
    ("notification-list", "GET"): lambda world: Scene(world.notification() and None),
    ("notification-read", "POST"): lambda world: Scene(world.notification()),
    ("notification-read-all", "POST"): lambda world: Scene(world.notification() and None),
    ("notification-preferences", "GET"): lambda world: Scene(),
    ("notification-preferences", "PATCH"): lambda world: Scene(
        body={"topics": [{"topic": "proposals", "email": "weekly"}], "quiet_from": "21:30"}
    ),
    ("engagement-advance", "POST"): lambda world: Scene(world.engagement(), {"next_action": "寄样"}),
    ("engagement-step-back", "POST"): lambda world: Scene(world.engagement(state="negotiating")),
    ("engagement-plan", "POST"): lambda world: Scene(world.engagement(), {"next_action": "寄样"}),
    ("engagement-end", "POST"): lambda world: Scene(world.engagement(), {"reason": "cost"}),
    ("engagement-agreement-confirm", "POST"): lambda world: Scene(world.closed_case()),
    ("engagement-messages", "GET"): lambda world: Scene(world.engagement()),
    ("engagement-messages", "POST"): lambda world: Scene(world.engagement(), {"text": "下周寄样。"}),
    ("engagement-meetings", "GET"): lambda world: Scene(world.engagement()),
    ("engagement-meetings", "POST"): lambda world: Scene(
        world.engagement(),
        {name: value if isinstance(value, str) else value.isoformat() for name, value in MEETING.items()},
    ),
    ("meeting-detail", "PATCH"): lambda world: Scene(world.meeting(), {"place": "青岛高新区创新大厦 302"}),
    ("meeting-cancel", "POST"): lambda world: Scene(world.meeting()),
    ("engagement-contract", "GET"): lambda world: Scene(world.contract().engagement),
    ("engagement-contract", "POST"): lambda world: Scene(
        world.engagement(), {name: str(value) for name, value in CONTRACT.items()}
    ),
    ("engagement-contract", "PATCH"): lambda world: Scene(world.contract().engagement, {"title": "新名称"}),
    ("engagement-contract-amend", "POST"): lambda world: Scene(world.contract().engagement, {"reason": "增加试验"}),
    ("engagement-instalments", "POST"): lambda world: Scene(
        world.contract().engagement, {"planned_on": clock.today().isoformat(), "planned_yuan": "1000.00"}
    ),
    ("engagement-milestones", "POST"): lambda world: Scene(
        world.contract().engagement, {"title": "首批试样", "due_on": clock.today().isoformat()}
    ),
    ("instalment-detail", "DELETE"): lambda world: Scene(world.instalment()),
    ("instalment-receive", "POST"): lambda world: Scene(
        world.instalment(), {"received_on": clock.today().isoformat(), "received_yuan": "1000.00"}
    ),
    ("instalment-take-back", "POST"): lambda world: Scene(world.received()),
    ("milestone-detail", "DELETE"): lambda world: Scene(world.milestone()),
    ("milestone-accept", "POST"): lambda world: Scene(world.milestone()),
    ("milestone-withdraw", "POST"): lambda world: Scene(world.milestone(accepted=True)),
    ("outcome-list", "GET"): lambda world: Scene(world.outcome() and None),
    ("outcome-detail", "GET"): lambda world: Scene(world.outcome()),
    ("outcome-detail", "PATCH"): lambda world: Scene(world.outcome(), {"description": "寿命提高两倍。"}),
    ("outcome-confirm", "POST"): lambda world: Scene(world.outcome(), {}),
    ("outcome-reject", "POST"): lambda world: Scene(world.outcome(), {"reason": "数据不实。"}),
    ("questionnaire-list", "GET"): lambda world: Scene(world.questionnaire() and None),
    ("questionnaire-detail", "GET"): lambda world: Scene(world.questionnaire()),
    ("questionnaire-answer", "POST"): lambda world: Scene(world.questionnaire(), ANSWER),
    ("story-list", "GET"): lambda world: Scene(world.story() and None),
    ("story-list", "POST"): lambda world: Scene(body=STORY | {"outcome": world.confirmed_outcome().public_id}),
    ("story-own", "GET"): lambda world: Scene(world.story() and None),
    ("story-detail", "GET"): lambda world: Scene(world.story()),
    ("story-detail", "PATCH"): lambda world: Scene(world.story(), {"version": 1, "title": "轧辊寿命提高"}),
    ("story-agree", "POST"): lambda world: Scene(world.story(), {"version": 1}),
    ("story-withdraw", "POST"): lambda world: Scene(world.story("need")),
    ("story-publish", "POST"): lambda world: Scene(world.story("need", "capability"), {"version": 1}),
    ("story-return", "POST"): lambda world: Scene(world.story("need", "capability"), {"reason": "请写明测试条件。"}),
    ("office-person-list", "GET"): lambda world: Scene(),
    ("office-person-list", "POST"): lambda world: Scene(body=invited()),
    ("office-person-detail", "GET"): lambda world: Named(pk=world.sme_owner.pk),
    ("office-person-detail", "PATCH"): lambda world: duty(somebody()),
    ("office-person-close", "POST"): lambda world: Named({"reason": "离职"}, pk=somebody().pk),
    ("office-person-reopen", "POST"): lambda world: Named(pk=somebody(closed=True).pk),
    ("office-setting-list", "GET"): lambda world: Scene(),
    ("office-setting-detail", "GET"): lambda world: Named(key="retention.drafts"),
    ("office-setting-detail", "PATCH"): lambda world: Named({"value": 200, "reason": "试行"}, key="retention.drafts"),
    ("office-switch-list", "GET"): lambda world: Scene(),
    ("office-switch-turn", "POST"): lambda world: Named({"is_on": True}, name="demo_notice"),
    ("office-announcement-list", "GET"): lambda world: Scene(announcement() and None),
    ("office-announcement-list", "POST"): lambda world: Scene(
        body={"text": "今晚维护", "ends_at": (clock.now() + timedelta(days=1)).isoformat()}
    ),
    ("office-announcement-detail", "PATCH"): lambda world: Scene(announcement(), {"text": "明晚维护"}),
    ("office-announcement-end", "POST"): lambda world: Scene(announcement()),
    ("office-term-list", "GET"): lambda world: Scene(),
    ("office-term-list", "POST"): lambda world: Scene(
        body={"vocabulary": "tag", "code": f"x_{new_public_id()}", "name": f"词{new_public_id()}"}
    ),
    ("office-term-detail", "GET"): lambda world: Named(pk=a_tag().pk),
    ("office-term-detail", "PATCH"): lambda world: Named({"description": "改过", "is_active": False}, pk=a_tag().pk),
    ("office-term-aliases", "POST"): lambda world: Named({"text": f"名{new_public_id()}"}, pk=a_tag().pk),
    ("office-term-alias", "DELETE"): lambda world: named_alias(),
    ("office-term-merge", "POST"): lambda world: merge(),
    ("office-trail-list", "GET"): lambda world: Scene(),
    ("office-retention-list", "GET"): lambda world: Scene(),
    ("office-erasure-list", "GET"): lambda world: Scene(erasure() and None),
    ("office-erasure-detail", "GET"): lambda world: Scene(erasure()),
    ("office-erasure-carry-out", "POST"): lambda world: carried_out(),
    ("office-erasure-cancel", "POST"): lambda world: Scene(erasure()),
    ("stats-overview", "GET"): lambda world: Scene(),
    ("stats-distribution", "GET"): lambda world: Scene(),
    ("stats-fit", "GET"): lambda world: Scene(),
    ("stats-report-list", "GET"): lambda world: Scene(monthly_report() and None),
    ("stats-report-list", "POST"): lambda world: Scene(None, {"month": "2026-01-01"}),
    ("stats-report-detail", "GET"): lambda world: Scene(monthly_report()),
    ("stats-report-file", "GET"): lambda world: Scene(monthly_report()),
    ("open-statistics", "GET"): lambda world: Scene(),
    ("schema", "GET"): lambda world: Scene(),
    ("docs", "GET"): lambda world: Scene(),
}
