"""For each list of the API, how it gets more rows: a list that is not here fails its test.

Rows are of the cast's two organisations where most people see them so, each with what may belong to one of them: an
owner of its own, a person, a term.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.db.models import Model

from apps.accounts.models import CloudCentre, JoinRequest, Membership, Organisation, User
from apps.administration.models import RetentionRun
from apps.capabilities.models import Capability, CapabilityState
from apps.core import audit, clock
from apps.core.city_settings import registered_settings
from apps.core.models import CitySetting, new_public_id
from apps.engagements.desk.calls import call_record
from apps.engagements.models import Engagement, Message, Referral
from apps.engagements.services import meeting_plan, message_send
from apps.followups.models import Answer, Story
from apps.imports.models import Import, ImportRemark
from apps.matching.bids.services import bid_place
from apps.matching.lookup import store
from apps.needs.models import Need, NeedState
from apps.review.models import Handling, Report, ReportReason, Snapshot
from apps.review.services.reporting import owner_of_report
from apps.review.services.withholding import row_withhold
from apps.searches.lists import list_of
from apps.searches.services import search_save
from apps.stats.report.models import MonthlyReport
from apps.taxonomy.models import Alias, Term
from tests.api.scenes.followups import ANSWER
from tests.api.scenes.office import announcement, erasure, somebody
from tests.api.scenes.world import MEETING, World, chain

type Add = Callable[[World], Any]


@dataclass(frozen=True, slots=True)
class Filler:
    """`adds` make a row more each; `inside` makes the row that the address names, which `adds_inside` is given.

    A list `of_code` is as long as the program has settings or queues: what is told of each of them changes.
    """

    adds: tuple[Add, ...] = ()
    inside: Callable[[World], Model] | None = None
    adds_inside: Callable[[World, Any], Any] | None = None
    of_code: bool = False

    def fill(self, world: World, row: Model | None) -> None:
        for add in self.adds:
            add(world)
        if self.adds_inside is not None:
            self.adds_inside(world, row)


def with_(*adds: Add) -> Filler:
    return Filler(adds)


def verified(world: World) -> Organisation:
    """Another one each time, of a district."""
    row = world.pending_organisation()
    row.state, row.verified_at = "verified", clock.now()
    row.district = Term.objects.filter(vocabulary="district")[0]
    row.save()
    return row


def official(role: str = "reviewer") -> User:
    return User.objects.create_user(
        f"{new_public_id()}@city.example", name="郑审核", platform_role=role, covers_city=True
    )


# accounts and vocabularies


def centre(world: World) -> CloudCentre:
    fields = {"industry_chain": chain(), "products": "离心泵", "opened_by": world.sme_owner, "opened_at": clock.now()}
    return CloudCentre.objects.create(organisation=verified(world), **fields)


def join_request(world: World) -> JoinRequest:
    applicant = somebody()
    User.objects.filter(pk=applicant.pk).update(email_confirmed_at=clock.now())
    return JoinRequest.objects.create(organisation=world.enterprise, person=applicant, asked_at=clock.now())


def person(world: World) -> User:
    """With a region and an organisation."""
    found = somebody()
    found.districts.add(Term.objects.filter(vocabulary="district")[0])
    Membership.objects.create(user=found, organisation=world.enterprise)
    return found


def term(world: World) -> Term:
    """Of a small vocabulary, so that all of it is on one page; with a parent and a name more."""
    code, parent = f"x_{new_public_id()}", Term.objects.filter(vocabulary="ip_terms")[0]
    fields = {"code": code, "name": f"词{code}", "parent": parent, "edited_at": clock.now()}
    found = Term.objects.create(vocabulary="ip_terms", **fields)
    Alias.objects.create(term=found, text=f"名{code}")
    return found


# the city's office


def setting(world: World) -> CitySetting:
    """One more that is not as it was."""
    one = registered_settings()[CitySetting.objects.count()]
    changed = {"value": one.default, "changed_at": clock.now(), "changed_by": somebody()}
    return CitySetting.objects.create(key=one.key, **changed)


def retention_run(world: World) -> RetentionRun:
    return RetentionRun.objects.create(rule=f"rule_{new_public_id()}", ran_at=clock.now())


def trace(world: World) -> None:
    audit.record(world.need(), "need.updated", by=somebody())


def monthly_report(world: World) -> MonthlyReport:
    number = MonthlyReport.objects.count()
    district = Term.objects.filter(vocabulary="district")[number % 5]
    return MonthlyReport.objects.create(month=date(2020, 1 + number % 12, 1), district=district)


# needs, proposals and cases


def bid(world: World) -> Any:
    fields: dict[str, Any] = {"plan": "先取样三批做工艺窗口试验，再上机验证耐磨寿命。", "months": 3, "price_wan": None}
    return bid_place(need=world.need(), capability=world.capability(), by=world.professor, **fields)


def found_for(world: World, need: Need) -> None:
    """A resource more is found for the need."""
    question = world.question_about(need)
    known = store.answer(question)
    one = world.capability(organisation=verified(world))
    fields = {"score": 62.5, "need_version": need.version, "capability_version": one.version}
    pairs = (*(known.pairs if known else ()), store.Pair(one.pk, fields))
    store.keep(question, store.Answer(clock.now(), pairs))


def call(world: World) -> Any:
    fields: dict[str, Any] = {"side": "need", "called_at": clock.now(), "result": "已约见面"}
    return call_record(by=world.a_broker(), need=world.need(), **fields)


def referral(world: World) -> Referral:
    """Of a case, which tells more than one of a need."""
    case, broker, now = world.engagement(), world.a_broker(), clock.now()
    pair = {"need": case.proposal.need, "proposal": case.proposal, "engagement": case}
    return Referral.objects.create(**pair, kind="case", since=now, opened_at=now, taken_by=broker, taken_at=now)


def message(world: World, case: Engagement) -> Message:
    return message_send(engagement=case, by=world.sme_owner, text="下周寄样。")


def meeting(world: World, case: Engagement) -> Any:
    return meeting_plan(engagement=case, by=world.sme_owner, **MEETING)


def answered(world: World) -> Answer:
    row = world.questionnaire()
    return Answer.objects.create(questionnaire=row, answered_at=clock.now(), answered_by=world.sme_owner, **ANSWER)


def published_story(world: World) -> Story:
    story = world.story("need", "capability")
    Story.objects.filter(pk=story.pk).update(state="published", published_at=clock.now())
    return story


# the desk of the reviewers, imports, searches


def report_of(make: Add) -> Add:
    """By the stranger of the cast, whose nothing of it is."""

    def add(world: World) -> Report:
        stranger = User.objects.get(email="stranger@shiling.example")
        owner = owner_of_report(make(world))  # not by the service, which lets a person report twenty things a day
        return Report.objects.create(**owner, reporter=stranger, reason=ReportReason.OUTDATED)

    return add


def withheld(make: Add) -> Add:
    return lambda world: row_withhold(row=make(world), by=official(), reason="涉嫌冒用他人名义")


def held(make: Add) -> Add:
    """Put aside by somebody."""

    def add(world: World) -> Handling:
        row, until = make(world), clock.today() + timedelta(days=3)
        taken = {"taken_by": somebody(), "taken_at": clock.now()}
        return Handling.objects.create(**{row._meta.model_name: row}, held_until=until, **taken)

    return add


def changed(make: Add) -> Add:
    """Public, and not looked at since it says something else."""

    def add(world: World) -> Snapshot:
        row = make(world)
        said = {"version": row.version, "content": [["名称", "旧"]], "taken_at": clock.now(), "taken_by": somebody()}
        return Snapshot.objects.create(**{row._meta.model_name: row}, **said)

    return add


def remark(world: World, job: Import) -> ImportRemark:
    return ImportRemark.objects.create(job=job, kind="error", line=ImportRemark.objects.count() + 2, message="缺名称")


def search(world: World) -> Any:
    source = list_of("needs.board")
    assert source is not None
    return search_save(source=source, params={"q": new_public_id()}, by=world.sme_owner)


def need(world: World) -> Need:
    return world.need(organisation=verified(world))


def capability(world: World) -> Capability:
    return world.capability(organisation=verified(world))


def submitted_need(world: World) -> Need:
    return world.need(organisation=verified(world), state=NeedState.SUBMITTED)


def submitted_capability(world: World) -> Capability:
    return world.capability(organisation=verified(world), state=CapabilityState.SUBMITTED)


QUEUES: dict[str, Filler] = {
    "organisations": with_(World.pending_organisation),
    "needs": with_(submitted_need),
    "capabilities": with_(submitted_capability),
    "experts": with_(World.expert),
    "changed_needs": with_(changed(need)),
    "changed_capabilities": with_(changed(capability)),
    "stories": with_(lambda world: world.story("need", "capability")),
    "outcomes": with_(World.outcome),
    "reports": with_(*map(report_of, (need, capability, verified, published_story))),
    "withheld": with_(*map(withheld, (need, capability, verified))),
    "held_organisations": with_(held(World.pending_organisation)),
    "held_needs": with_(held(submitted_need)),
    "held_capabilities": with_(held(submitted_capability)),
}
LISTS: dict[str, Filler] = {
    "/api/v1/bids/": with_(bid),
    "/api/v1/calls/": with_(call),
    "/api/v1/capabilities/": with_(World.capability, capability),
    "/api/v1/centres/": with_(centre),
    "/api/v1/credits/": with_(World.credited),
    "/api/v1/engagements/": with_(World.engagement),
    "/api/v1/engagements/{public_id}/meetings/": Filler(inside=World.engagement, adds_inside=meeting),
    "/api/v1/engagements/{public_id}/messages/": Filler(inside=World.engagement, adds_inside=message),
    "/api/v1/imports/": with_(World.file_import),
    "/api/v1/imports/{public_id}/remarks/": Filler(inside=World.file_import, adds_inside=remark),
    "/api/v1/join-requests/": with_(join_request),
    "/api/v1/needs/": with_(World.need, need),
    "/api/v1/needs/{public_id}/lookup/": Filler(inside=World.need, adds_inside=found_for),
    "/api/v1/notifications/": with_(World.notification),
    "/api/v1/office/announcements/": with_(lambda world: announcement()),
    "/api/v1/office/erasures/": with_(lambda world: erasure()),
    "/api/v1/office/people/": with_(person),
    "/api/v1/office/retention/": with_(retention_run),
    "/api/v1/office/settings/": Filler((setting,), of_code=True),
    "/api/v1/office/switches/": Filler((setting,), of_code=True),
    "/api/v1/office/terms/?vocabulary=ip_terms": with_(term),
    "/api/v1/office/trail/": with_(trace),
    "/api/v1/organisations/": with_(verified),
    "/api/v1/outcomes/": with_(World.outcome),
    "/api/v1/proposals/": with_(World.proposal),
    "/api/v1/questionnaires/": with_(World.questionnaire, answered),
    "/api/v1/referrals/": with_(World.referral, referral),
    "/api/v1/reports/": with_(*map(report_of, (need, capability, verified, published_story))),
    "/api/v1/review/queues/": Filler((World.pending_organisation, submitted_need), of_code=True),
    "/api/v1/review/withholdings/": with_(*map(withheld, (need, capability, verified))),
    "/api/v1/searches/": with_(search),
    "/api/v1/stats/reports/": with_(monthly_report),
    "/api/v1/stories/": with_(published_story),
    "/api/v1/stories/own/": with_(World.story),
    "/api/v1/terms/?vocabulary=ip_terms": with_(term),
    **{f"/api/v1/review/lines/?queue={name}": filler for name, filler in QUEUES.items()},
}
