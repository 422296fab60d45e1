"""The administration: who gets in, what may be changed there, and that moves go through the services."""

from collections.abc import Callable
from typing import Any

import pytest
from django.contrib import admin
from django.contrib.admin.helpers import ACTION_CHECKBOX_NAME
from django.db.models import Model
from django.test import Client
from django.urls import reverse

from apps.accounts.models import Organisation, OrganisationState, PlatformRole, User
from apps.capabilities.models import Capability, CapabilityState
from apps.core import audit
from apps.core.models import AuditEntry
from apps.engagements.models import Outcome, OutcomeState
from apps.matching import requests
from apps.matching.learning.current import current_ranker
from apps.matching.models import Ranker, Rematch, RematchScope
from apps.matching.rematches.services import rematch_start
from apps.matching.rematches.targets import Target
from apps.needs.models import Need, NeedState
from apps.stats.models import Target as CityTarget
from apps.taxonomy.models import PainPoint, Term
from tests.factories import make_capability, make_engagement, make_need

pytestmark = pytest.mark.django_db
Clients = Callable[[User], Client]
EDITABLE = {Organisation, User, Term, PainPoint, CityTarget}
ADDABLE = {User, Term, PainPoint, CityTarget}


@pytest.fixture(autouse=True)
def no_hints(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(requests, "send_hints", lambda ids, priority: None)


@pytest.fixture
def desk(client_of: Clients, administrator: User) -> Client:
    return client_of(administrator)


@pytest.fixture
def reviewers_desk(client_of: Clients, reviewer: User) -> Client:
    reviewer.is_staff = True
    reviewer.save()
    return client_of(reviewer)


@pytest.fixture
def outcome(sme_owner: User) -> Outcome:
    engagement = make_engagement()
    return Outcome.objects.create(
        engagement=engagement,
        outcome_type=Term.objects.get(vocabulary="outcome_type", code="process_change"),
        description="寿命提高一倍",
        occurred_on=engagement.opened_at.date(),
        reported_by=sme_owner,
        reported_side="need",
        reported_at=engagement.opened_at,
    )


def address(model: type[Model], page: str, *args: Any) -> str:
    return reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_{page}", args=args)


def act(client: Client, row: Model, action: str, **fields: str) -> Any:
    sent = {"action": action, ACTION_CHECKBOX_NAME: [str(row.pk)], **fields}
    return client.post(address(type(row), "changelist"), sent)


def test_every_page_of_the_administration_opens(desk: Client, outcome: Outcome) -> None:
    audit.record(outcome, "outcome.tried", by=None)
    assert "管理后台" in desk.get(reverse("admin:index")).content.decode()
    for model in admin.site._registry:
        assert desk.get(address(model, "changelist"), {"q": "激光"}).status_code == 200
        row = model._default_manager.first()
        if row is not None:
            assert desk.get(address(model, "change", row.pk)).status_code == 200
        assert desk.get(address(model, "add")).status_code == (200 if model in ADDABLE else 403)


def test_nothing_is_deleted_and_rows_with_a_lifecycle_are_not_typed_over(desk: Client, outcome: Outcome) -> None:
    audit.record(outcome, "outcome.tried", by=None)
    for model in admin.site._registry:
        row = model._default_manager.first()
        if row is None:
            continue
        assert desk.post(address(model, "delete", row.pk), {"post": "yes"}).status_code == 403
        if model not in EDITABLE:
            assert desk.post(address(model, "change", row.pk), {"state": "published"}).status_code == 403


@pytest.mark.parametrize("role", ["sme_owner", "professor", "broker", "stranger", "reviewer"])
def test_nobody_else_gets_in(request: pytest.FixtureRequest, client_of: Clients, role: str) -> None:
    """A reviewer does once the administrators let them (`is_staff`)."""
    client = client_of(request.getfixturevalue(role))
    for model in admin.site._registry:
        assert client.get(address(model, "changelist")).status_code == 302


def test_a_reviewer_of_some_districts_sees_nothing_there(reviewers_desk: Client, reviewer: User) -> None:
    """The pages show the whole city."""
    assert reviewers_desk.get(address(User, "changelist")).status_code == 200
    User.objects.filter(pk=reviewer.pk).update(covers_city=False)
    reviewer.districts.add(Term.objects.filter(vocabulary="district")[0])
    for model in admin.site._registry:
        assert reviewers_desk.get(address(model, "changelist")).status_code == 403
    assert reviewers_desk.get(reverse("admin:index")).context["app_list"] == []
    assert reverse("admin:index") not in reviewers_desk.get(reverse("office:overview")).content.decode()


def test_a_reviewer_looks_reviews_and_changes_nothing(reviewers_desk: Client, enterprise: Organisation) -> None:
    need = make_need(organisation=enterprise)
    assert reviewers_desk.get(address(Need, "changelist")).status_code == 200
    assert reviewers_desk.get(address(AuditEntry, "changelist")).status_code == 403
    assert reviewers_desk.get(address(User, "add")).status_code == 403
    term = Term.objects.filter(vocabulary="tag")[0]
    assert reviewers_desk.post(address(Term, "change", term.pk), {"name": "改"}).status_code == 403
    act(reviewers_desk, term, "retire")
    term.refresh_from_db()
    assert term.is_active
    act(reviewers_desk, need, "send_back", reason="请补充指标")
    need.refresh_from_db()
    assert need.state == NeedState.RETURNED


def test_a_rematch_tells_what_it_goes_over_and_how_far_it_is_and_is_not_changed_here(desk: Client) -> None:
    rematch = rematch_start(target=Target(RematchScope.NEEDS), by=None)
    Rematch.objects.filter(pk=rematch.pk).update(total=40, done=9, passed=1)
    page = desk.get(address(Rematch, "changelist")).content.decode()
    for said in ("全部在榜需求", "进行中", "9 / 40（25%）"):
        assert said in page
    assert desk.get(address(Rematch, "change", rematch.pk)).status_code == 200
    assert desk.get(address(Rematch, "add")).status_code == 403
    for page_of in ("change", "delete"):
        assert desk.post(address(Rematch, page_of, rematch.pk), {"state": "done", "post": "yes"}).status_code == 403


def test_a_ranker_has_one_name_in_lists_and_on_its_page(desk: Client) -> None:
    ranker = current_ranker()
    for page in (address(Ranker, "changelist"), address(Ranker, "change", ranker.pk)):
        assert ">r0<" in desk.get(page).content.decode()


def test_an_organisation_is_verified_by_the_service(desk: Client, enterprise: Organisation) -> None:
    Organisation.objects.filter(pk=enterprise.pk).update(
        state=OrganisationState.PENDING, verified_at=None, credit_code="91370200DEM0000021"
    )
    act(desk, enterprise, "verify")
    enterprise.refresh_from_db()
    assert enterprise.state == OrganisationState.VERIFIED
    assert AuditEntry.objects.filter(action="organisation.verified", object_id=enterprise.pk).exists()


def test_a_reason_is_asked_for_before_anything_is_refused(desk: Client, enterprise: Organisation) -> None:
    Organisation.objects.filter(pk=enterprise.pk).update(state=OrganisationState.PENDING)
    asked = act(desk, enterprise, "reject")
    assert enterprise.name in asked.content.decode()
    assert "请填写原因" in act(desk, enterprise, "reject", reason="  ").content.decode()
    enterprise.refresh_from_db()
    assert enterprise.state == OrganisationState.PENDING
    act(desk, enterprise, "reject", reason="执照照片看不清")
    enterprise.refresh_from_db()
    assert (enterprise.state, enterprise.rejection_reason) == (OrganisationState.REJECTED, "执照照片看不清")


def test_a_refusal_of_the_service_is_told_and_the_other_rows_go_on(desk: Client, enterprise: Organisation) -> None:
    waiting = make_need(organisation=enterprise, state=NeedState.SUBMITTED, title="待审的")
    done = make_need(organisation=enterprise, state=NeedState.CLOSED, title="已关的")
    sent = {"action": "approve", ACTION_CHECKBOX_NAME: [str(waiting.pk), str(done.pk)]}
    page = desk.post(address(Need, "changelist"), sent, follow=True).content.decode()
    waiting.refresh_from_db()
    done.refresh_from_db()
    assert (waiting.state, done.state) == (NeedState.PUBLISHED, NeedState.CLOSED)
    assert "已关的：" in page
    assert "已处理 1 条" in page


def test_capabilities_are_returned_and_taken_down_by_the_services(desk: Client, university: Organisation) -> None:
    first = make_capability(organisation=university)
    second = make_capability(organisation=university, title="另一项")
    act(desk, first, "send_back", reason="请补充检测报告")
    act(desk, second, "archive")
    states = [Capability.objects.get(pk=row.pk).state for row in (first, second)]
    assert states == [CapabilityState.RETURNED, CapabilityState.ARCHIVED]


def test_outcomes_are_decided_by_the_services(desk: Client, outcome: Outcome, administrator: User) -> None:
    act(desk, outcome, "confirm")
    outcome.refresh_from_db()
    assert (outcome.state, outcome.decided_by) == (OutcomeState.CONFIRMED, administrator)


def test_a_changed_organisation_is_in_the_audit_trail(
    desk: Client, enterprise: Organisation, administrator: User
) -> None:
    sent = {"name": "青岛海岚精工股份有限公司", "short_name": "海岚精工", "kind": "enterprise", "credit_code": ""}
    sent |= {"description": "", "memberships-TOTAL_FORMS": "0", "memberships-INITIAL_FORMS": "0", "state": "rejected"}
    desk.post(address(Organisation, "change", enterprise.pk), sent)
    enterprise.refresh_from_db()
    assert enterprise.name == "青岛海岚精工股份有限公司"
    assert enterprise.state == OrganisationState.VERIFIED  # what is not offered is not taken
    entry = AuditEntry.objects.get(action="organisation.edited_by_administrator")
    assert entry.actor == administrator
    assert entry.changes["name"] == ["青岛海岚精工有限公司", "青岛海岚精工股份有限公司"]


def test_people_of_the_platform_are_added_here_with_a_password_that_nobody_knows(desk: Client) -> None:
    sent = {"email": "New@City.example", "name": "新审核", "phone": "", "platform_role": "reviewer"}
    desk.post(address(User, "add"), sent | {"covers_city": "on"})
    user = User.objects.get(email="new@city.example")
    assert (user.is_staff, user.is_superuser, user.platform_role) == (True, False, PlatformRole.REVIEWER)
    assert user.has_usable_password()  # so that “忘记密码” sends them a link


def test_a_reviewer_of_some_districts_is_not_let_in_by_their_role(desk: Client) -> None:
    district = Term.objects.filter(vocabulary="district")[0]
    sent = {"email": "here@city.example", "name": "区审核", "phone": "", "platform_role": "reviewer"}
    desk.post(address(User, "add"), sent | {"districts": [district.pk]})
    user = User.objects.get(email="here@city.example")
    assert (user.is_reviewer, list(user.districts.all()), user.is_staff) == (True, [district], False)


def test_who_loses_the_role_loses_the_administration(desk: Client, reviewer: User) -> None:
    User.objects.filter(pk=reviewer.pk).update(is_staff=True)
    sent = {"email": "else@city.example", "name": reviewer.name, "phone": "", "platform_role": "", "is_superuser": "on"}
    desk.post(address(User, "change", reviewer.pk), sent)
    reviewer.refresh_from_db()
    assert (reviewer.is_staff, reviewer.is_superuser, reviewer.platform_role) == (False, False, "")
    assert reviewer.email == "reviewer@city.example"


def test_an_account_is_closed_by_the_service(desk: Client, stranger: User) -> None:
    act(desk, stranger, "deactivate")
    stranger.refresh_from_db()
    assert not stranger.is_active
    assert AuditEntry.objects.filter(action="user.deactivated").exists()


def test_a_term_is_retired_and_brought_back_with_an_entry_each(desk: Client) -> None:
    term = Term.objects.filter(vocabulary="tag")[0]
    act(desk, term, "retire")
    act(desk, term, "retire")
    assert not Term.objects.get(pk=term.pk).is_active
    act(desk, term, "bring_back")
    assert Term.objects.get(pk=term.pk).is_active
    actions = AuditEntry.objects.filter(object_type="taxonomy.term").order_by("id").values_list("action", flat=True)
    assert list(actions) == ["term.retired", "term.brought_back"]
