"""The rows that scenes are played among: each method makes them as they are before somebody asks."""

from datetime import timedelta
from decimal import Decimal
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile

from apps.accounts.disclosure import Disclosure
from apps.accounts.models import CloudCentre, JoinRequest, Organisation, PlatformRole, User
from apps.accounts.services import cloud_centre_open
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
from apps.review.models import Report, ReportReason, Withholding
from apps.review.services.reporting import report_make
from apps.review.services.withholding import row_withhold
from apps.searches.lists import list_of
from apps.searches.models import SavedSearch
from apps.searches.services import search_save
from apps.taxonomy.models import Term
from tests.factories import (
    make_capability,
    make_engagement,
    make_need,
    make_notification,
    make_organisation,
    make_proposal,
)

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


def term(vocabulary: str, code: str) -> Term:
    return Term.objects.get(vocabulary=vocabulary, code=code)


def chain() -> Term:
    return Term.objects.filter(vocabulary="industry_chain", is_active=True)[0]


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
        store.keep(self.question_about(need), store.Answer(clock.now(), (store.Pair(capability.pk, fields),)))
        return need, {"capability": capability.public_id}

    def question_about(self, need: Need) -> store.Question:
        """What its owner asks without conditions."""
        levels = (Disclosure.PUBLIC_ANONYMOUS.value, Disclosure.PUBLIC_NAMED.value, Disclosure.MEMBERS.value)
        return store.Question(need.pk, need.version, levels, Conditions())

    def expert(self) -> Capability:
        """Listed by the university, and not asked yet."""
        return self.capability(kind="expert", state=CapabilityState.SUBMITTED, submitted_at=clock.now())

    def pending_organisation(self) -> Organisation:
        return make_organisation(f"青岛第{new_public_id()}机械厂", state="pending", verified_at=None)

    def reported(self) -> Report:
        """The professor reported a need of the enterprise."""
        return report_make(subject=self.need(), by=self.professor, reason=ReportReason.OUTDATED)

    def withheld(self) -> Withholding:
        """A need of the enterprise."""
        email = f"reviewer-{new_public_id()}@city.example"
        by = User.objects.create_user(email, name="冯审核", platform_role=PlatformRole.REVIEWER, covers_city=True)
        return row_withhold(row=self.need(), by=by, reason="涉嫌冒用他人名义")

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
