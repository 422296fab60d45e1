"""Forgetting a person: nothing in the database tells who they were; what is the organisation's stays."""

import json
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.apps import apps
from django.db import models
from django.db.models.functions import Cast
from django.test import Client
from django.urls import reverse
from rest_framework.authtoken.models import Token

from apps.accounts.models import Membership, MembershipRole, Organisation, User
from apps.accounts.services import member_make_owner, token_create, user_deactivate, user_update
from apps.administration.models import ErasureRequest, ErasureState
from apps.administration.retention import closed_accounts_forget
from apps.administration.services.erasure import erasure_ask, erasure_cancel, erasure_carry_out
from apps.core import audit, clock
from apps.core.errors import DomainError, NotAllowed, StateConflict
from apps.core.models import AccessEntry, AuditEntry
from apps.core.origin import Origin, current_origin
from apps.engagements.models import Engagement
from apps.engagements.services import message_send
from apps.needs.models import Need
from apps.notifications.models import Notification
from apps.review.models import ReportReason
from apps.review.services.reporting import report_make
from apps.searches.lists import list_of
from apps.searches.services import search_save
from tests.factories import make_capability, make_engagement, make_need, make_notification, make_proposal

pytestmark = pytest.mark.django_db
ClientOf = Callable[[User], Client]


@pytest.fixture
def case(sme_owner: User, enterprise: Organisation, university: Organisation, taxonomy: None) -> Engagement:
    need = make_need(organisation=enterprise, created_by=sme_owner, contact=sme_owner)
    return make_engagement(proposal=make_proposal(need=need, capability=make_capability(organisation=university)))


@pytest.fixture
def life(sme_owner: User, colleague: User, professor: User, administrator: User, case: Engagement) -> User:
    """A year of somebody's work on the platform: in the trail, the inboxes, the tables of many apps."""
    token = current_origin.set(Origin("203.0.113.7", "r1"))
    member_make_owner(membership=Membership.objects.get(user=colleague), by=sme_owner)
    user_update(user=sme_owner, name="陈立新", phone="13000000055")
    user_update(user=User.objects.get(pk=sme_owner.pk), name="陈立", phone="13000000001")
    token_create(user=sme_owner)
    message_send(engagement=case, by=sme_owner, text="请打我电话 13000000001，或写信到 owner@hailan.example。")
    audit.record_view(case, "contacts.seen", by=sme_owner)
    current_origin.reset(token)
    audit.record(case, "engagement.planned", by=professor, changes={"owner": sme_owner, "next": "寄样"})
    audit.record(administrator, "person.invited", by=administrator, changes={"email": sme_owner.email})
    make_notification(recipient=sme_owner, parameters={"title": "轧辊"})
    make_notification(recipient=professor, parameters={"who": "owner@hailan.example"})
    client = Client(REMOTE_ADDR="203.0.113.7")
    client.post(reverse("accounts:sign_in"), {"username": sme_owner.email, "password": "correct-horse-2026"})
    client.post(reverse("accounts:sign_in"), {"username": sme_owner.email, "password": "wrong"})
    return User.objects.get(pk=sme_owner.pk)


def places_of(*words: str) -> set[str]:
    """Every text column of every table that holds one of the words, tables of other packages included."""
    found = set()
    for model in apps.get_models(include_auto_created=True):
        for field in model._meta.concrete_fields:
            if not isinstance(
                field, (models.CharField, models.TextField, models.JSONField, models.GenericIPAddressField)
            ):
                continue
            rows = model._base_manager.annotate(said=Cast(field.name, models.TextField()))
            for word in words:
                for form in {word, json.dumps(word)[1:-1]}:
                    if rows.filter(said__icontains=form).exists():
                        found.add(f"{model._meta.label}.{field.name}")
    return found


WORDS = ("陈立", "owner@hailan.example", "13000000001", "13000000055", "203.0.113.7")


def carried_out(person: User, by: User) -> ErasureRequest:
    request = erasure_ask(person=person)
    ErasureRequest.objects.filter(pk=request.pk).update(due_at=clock.now())
    request = ErasureRequest.objects.select_related("person").get(pk=request.pk)
    erasure_carry_out(request=request, by=by, typed=person.email)
    request.refresh_from_db()
    return request


def test_afterwards_no_table_tells_who_they_were(life: User, administrator: User) -> None:
    assert len(places_of(*WORDS)) >= 6
    request = carried_out(life, administrator)
    assert places_of(*WORDS) == set()
    assert request.state == ErasureState.DONE
    assert request.counts["erased"] > 0


def test_what_is_the_organisations_stays_under_a_pseudonym(
    life: User, colleague: User, administrator: User, case: Engagement
) -> None:
    trail = AuditEntry.objects.filter(actor=life).count()
    carried_out(life, administrator)
    life.refresh_from_db()
    assert life.is_erased
    assert str(life).startswith("已注销用户 ")
    assert (life.is_active, life.phone, life.has_usable_password()) == (False, "", False)
    need = Need.objects.get(pk=case.proposal.need_id)
    assert need.created_by == life
    assert need.contact == colleague
    assert AuditEntry.objects.filter(actor=life).count() == trail + 1  # and that they asked
    assert not Token.objects.exists()
    assert not Notification.objects.filter(recipient=life).exists()
    assert not Membership.objects.filter(user=life).exists()
    assert AccessEntry.objects.filter(actor=life, address=None).exists()
    told = AuditEntry.objects.get(action="engagement.planned")
    assert told.changes == {"owner": str(life), "next": "寄样"}


def test_their_sessions_end(life: User, administrator: User, client_of: ClientOf) -> None:
    client = client_of(life)
    assert client.get(reverse("accounts:profile")).status_code == 200
    carried_out(life, administrator)
    assert client.get(reverse("accounts:profile")).status_code == 302


def test_a_namesake_keeps_the_name(life: User, administrator: User, enterprise: Organisation) -> None:
    other = User.objects.create_user("other@shiling.example", name="陈立", phone="13000000077")
    user_update(user=other, name="陈立", phone="13000000078")
    make_need(organisation=enterprise, title="陈立式夹具改造", created_by=None)
    carried_out(life, administrator)
    other.refresh_from_db()
    assert other.name == "陈立"
    entry = AuditEntry.objects.get(action="user.updated", object_id=other.pk)
    assert entry.changes["name"] == ["陈立", "陈立"]
    assert Need.objects.filter(title="陈立式夹具改造").exists()


def test_texts_that_mention_the_name_are_shown_before(
    life: User, administrator: User, enterprise: Organisation, client_of: ClientOf
) -> None:
    make_need(organisation=enterprise, title="陈立式夹具改造")
    request = erasure_ask(person=life)
    page = client_of(administrator).get(reverse("office:erasure", args=[request.public_id])).content.decode()
    for said in ("文字中提到这个名字的地方", "技术需求（需求名称）", "将清除", "等待期到"):
        assert said in page


def test_it_waits_thirty_days_and_can_be_taken_back(life: User, administrator: User) -> None:
    request = erasure_ask(person=life)
    assert request.due_at - request.asked_at >= timedelta(days=29, hours=23)
    with pytest.raises(StateConflict):
        erasure_carry_out(request=request, by=administrator, typed=life.email)
    with pytest.raises(StateConflict, match="已提交过"):
        erasure_ask(person=life)
    erasure_cancel(request=request, by=life)
    with pytest.raises(StateConflict):
        erasure_cancel(request=request, by=life)
    assert erasure_ask(person=life).state == ErasureState.WAITING


def test_only_another_administrator_carries_it_out_and_types_the_address(
    life: User, administrator: User, reviewer: User, colleague: User
) -> None:
    request = erasure_ask(person=life)
    ErasureRequest.objects.update(due_at=clock.now())
    request.refresh_from_db()
    for person in (reviewer, colleague, life):
        with pytest.raises(NotAllowed):
            erasure_carry_out(request=request, by=person, typed=life.email)
    with pytest.raises(NotAllowed):
        erasure_cancel(request=request, by=colleague)
    with pytest.raises(DomainError, match="不一致"):
        erasure_carry_out(request=request, by=administrator, typed="someone@else.example")
    life.refresh_from_db()
    assert not life.is_erased


def test_the_last_owner_appoints_another_first(sme_owner: User, colleague: User) -> None:
    with pytest.raises(NotAllowed, match="至少需要一位负责人"):
        erasure_ask(person=sme_owner)
    member_make_owner(membership=Membership.objects.get(user=colleague), by=sme_owner)
    erasure_ask(person=sme_owner)


def test_the_only_member_may_go_and_the_organisation_stays(stranger: User, administrator: User) -> None:
    carried_out(stranger, administrator)
    assert Membership.objects.get(user=stranger).role == MembershipRole.OWNER
    assert Organisation.objects.filter(name="青岛石岭机械有限公司").exists()


def test_the_last_administrator_is_not_forgotten(administrator: User) -> None:
    with pytest.raises(NotAllowed):
        erasure_ask(person=administrator)


def test_a_failure_leaves_everything_as_it_was(
    life: User, administrator: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = places_of(*WORDS)

    def broken(*_: Any, **__: Any) -> int:
        raise RuntimeError

    monkeypatch.setattr("apps.administration.services.erasure.trail_scrub", broken)
    request = erasure_ask(person=life)
    ErasureRequest.objects.update(due_at=clock.now())
    request.refresh_from_db()
    with pytest.raises(RuntimeError):
        erasure_carry_out(request=request, by=administrator, typed=life.email)
    assert places_of(*WORDS) == before
    request.refresh_from_db()
    assert request.state == ErasureState.WAITING


def test_the_person_asks_and_takes_back_on_their_own_page(life: User, client_of: ClientOf) -> None:
    client = client_of(life)
    page = reverse("my_data")
    assert "申请注销" in client.get(page).content.decode()
    client.post(reverse("erasure_ask"))
    assert "撤回申请" in client.get(page).content.decode()
    client.post(reverse("erasure_take_back"))
    assert ErasureRequest.objects.get().state == ErasureState.CANCELLED


def test_a_person_takes_out_their_own_data_and_nobody_elses(
    life: User, professor: User, case: Engagement, client_of: ClientOf
) -> None:
    message_send(engagement=case, by=professor, text="这是教授写的。")
    for person in (life, professor):
        source = list_of("needs.board")
        assert source is not None
        search_save(source=source, params={"q": "轧辊"}, by=person, name=f"{person.name}的订阅")
    report_make(subject=case.proposal.capability, by=life, reason=ReportReason.OUTDATED, text="设备已经拆了。")
    response = client_of(life).post(reverse("my_data_export"))
    assert response["Content-Disposition"].startswith("attachment")
    text = response.content.decode()
    data = json.loads(text)
    assert data["profile"]["email"] == "owner@hailan.example"
    assert [row["title"] for row in data["needs"]] == [case.proposal.need.title]
    assert "请打我电话" in data["messages"][0]["text"]
    assert [row["name"] for row in data["saved_searches"]] == [f"{life.name}的订阅"]
    assert [(row["reason"], row["text"]) for row in data["reports"]] == [("outdated", "设备已经拆了。")]
    assert data["activity"]
    assert "教授写的" not in text
    assert AccessEntry.objects.filter(action="personal_data.exported", actor=life).count() == 1


def test_what_was_written_for_a_former_organisation_is_named_not_quoted(
    colleague: User, enterprise: Organisation, taxonomy: None, client_of: ClientOf
) -> None:
    make_need(organisation=enterprise, created_by=colleague)
    Membership.objects.filter(user=colleague).delete()
    data = json.loads(client_of(colleague).post(reverse("my_data_export")).content)
    assert set(data["needs"][0]) == {"public_id", "created_at", "state", "title"}


def test_a_visitor_has_no_data_page(client: Client) -> None:
    assert client.get(reverse("my_data")).status_code == 302
    assert client.post(reverse("my_data_export")).status_code == 302


def test_accounts_closed_long_ago_are_forgotten(life: User, administrator: User) -> None:
    user_deactivate(user=life, by=life)
    now = clock.now()
    assert closed_accounts_forget(now - timedelta(days=10), 500) == 0
    assert closed_accounts_forget(now + timedelta(days=1), 500) == 1
    assert places_of("陈立", "owner@hailan.example") == set()
    assert closed_accounts_forget(now + timedelta(days=1), 500) == 0


def test_the_page_of_ones_own_data_counts_all_tables_at_once(
    life: User, client_of: ClientOf, django_assert_max_num_queries: Any
) -> None:
    client = client_of(life)
    with django_assert_max_num_queries(12):
        client.get(reverse("my_data"))
