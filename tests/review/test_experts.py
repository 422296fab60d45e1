"""An expert listed by others is not shown until they agree."""

from typing import Any

import pytest
from django.core import mail, signing
from django.core.exceptions import ValidationError
from django.test import Client

from apps.accounts.models import User
from apps.accounts.services import user_update
from apps.capabilities.models import Capability, CapabilityKind, CapabilityState
from apps.capabilities.services import (
    capability_approve,
    capability_confirm,
    capability_draft_save,
    capability_publish,
    capability_recall,
    capability_reopen,
    capability_return,
    capability_update_published,
)
from apps.core import clock
from apps.core.errors import DomainError, NotAllowed
from apps.core.models import AuditEntry
from apps.review.experts import SALT, LinkExpired, answer_path, read_link
from apps.review.models import ConfirmationState, ExpertConfirmation
from apps.review.queues import counts
from apps.review.services.experts import expert_answer, expert_ask, expert_prove
from tests.factories import make_capability
from tests.review.conftest import ClientOf

pytestmark = pytest.mark.usefixtures("taxonomy")
ADDRESS = "qian@lab.example"


def listing(professor: User, person: str) -> Capability:
    details = {"person_name": person, "job_title": "教授", "directions": "激光熔覆", "confirmed": True}
    draft = make_capability(
        organisation=professor.membership.organisation,
        created_by=professor,
        kind=CapabilityKind.EXPERT,
        title="激光熔覆专家",
        state=CapabilityState.DRAFT,
        details=details,
    )
    return capability_publish(capability=draft, by=professor)


@pytest.fixture
def listed(professor: User) -> Capability:
    return listing(professor, "钱教授")


@pytest.fixture
def asked(listed: Capability, professor: User) -> ExpertConfirmation:
    return expert_ask(capability=listed, by=professor, email=ADDRESS)


def state_of(row: Capability) -> str:
    return Capability.objects.get(pk=row.pk).state


def test_who_lists_themselves_is_shown_at_once(professor: User) -> None:
    assert listing(professor, professor.name).state == CapabilityState.PUBLISHED


@pytest.mark.parametrize("state", [CapabilityState.PUBLISHED, CapabilityState.STALE, CapabilityState.ARCHIVED])
def test_under_a_borrowed_name_nobody_lists_anybody(professor: User, state: CapabilityState) -> None:
    """Who takes another's name, lists "themselves" and takes their own again has not asked the other."""
    own = professor.name
    user_update(user=professor, name="李院士", phone="")
    professor.refresh_from_db()
    listed = listing(professor, "李院士")
    assert listed.state == CapabilityState.PUBLISHED
    Capability.objects.filter(pk=listed.pk).update(state=state)
    user_update(user=professor, name=own, phone="")
    listed.refresh_from_db()
    if state == CapabilityState.ARCHIVED:
        capability_reopen(capability=listed, by=professor)
    if state == CapabilityState.STALE:
        with pytest.raises(DomainError, match="专家本人"):
            capability_confirm(capability=listed, by=professor)
    assert state_of(listed) != CapabilityState.PUBLISHED


def test_a_word_given_by_letter_does_not_end_with_the_name_of_who_asked(
    asked: ExpertConfirmation, professor: User
) -> None:
    expert_answer(confirmation=asked, answer=ConfirmationState.CONFIRMED)
    user_update(user=professor, name="改过的名字", phone="")
    assert state_of(asked.capability) == CapabilityState.PUBLISHED


def test_others_wait_for_the_experts_word_and_no_reviewer_can_skip_it(listed: Capability, reviewer: User) -> None:
    assert listed.state == CapabilityState.SUBMITTED
    assert [counts(reviewer)[name] for name in ("experts", "capabilities")] == [1, 0]
    with pytest.raises(DomainError, match="专家本人"):
        capability_approve(capability=listed, by=reviewer)


def test_the_letter_leads_to_a_page_where_the_expert_agrees(
    listed: Capability, professor: User, django_capture_on_commit_callbacks: Any
) -> None:
    with django_capture_on_commit_callbacks(execute=True):
        expert_ask(capability=listed, by=professor, email=ADDRESS)
    [letter] = mail.outbox
    assert letter.to == [ADDRESS]
    path = "/review/expert/" + str(letter.body).split("/review/expert/")[1].split()[0]
    visitor = Client()
    assert "激光熔覆专家" in visitor.get(path).content.decode()
    assert state_of(listed) == CapabilityState.SUBMITTED  # looking changes nothing
    visitor.post(path, {"answer": "confirmed"})
    assert state_of(listed) == CapabilityState.PUBLISHED
    assert visitor.get(path).status_code == 410


@pytest.mark.parametrize(
    ("answer", "note", "told"),
    [("declined", "", "专家本人不同意公开。"), ("disputed", "职称不对", "专家本人指出内容有误，请修改。职称不对")],
)
def test_a_no_returns_the_listing_with_the_reason(
    answer: str, note: str, told: str, asked: ExpertConfirmation, listed: Capability
) -> None:
    expert_answer(confirmation=asked, answer=ConfirmationState(answer), note=note)
    row = Capability.objects.get(pk=listed.pk)
    assert (row.state, row.return_reason) == (CapabilityState.RETURNED, told)


def test_what_is_wrong_has_to_be_told(asked: ExpertConfirmation) -> None:
    with pytest.raises(ValidationError):
        expert_answer(confirmation=asked, answer=ConfirmationState.DISPUTED)


def test_a_newer_letter_and_other_purposes_kill_a_link(
    asked: ExpertConfirmation, listed: Capability, professor: User
) -> None:
    path = answer_path(asked)
    expert_ask(capability=listed, by=professor, email=ADDRESS)
    assert Client().get(path).status_code == 410
    foreign = signing.dumps({"confirmation": asked.pk, "nonce": asked.nonce}, salt="another")
    for token in (foreign, "x", f"{SALT}:{asked.nonce}"):
        with pytest.raises(LinkExpired):
            read_link(token)


def test_nobody_answers_for_the_expert(listed: Capability, professor: User, stranger: User, broker: User) -> None:
    with pytest.raises(ValidationError):
        expert_ask(capability=listed, by=professor, email=professor.email.upper())
    for person in (stranger, broker):
        with pytest.raises(NotAllowed):
            expert_ask(capability=listed, by=person, email=ADDRESS)
    for person in (professor, stranger, broker):
        with pytest.raises(NotAllowed):
            expert_prove(capability=listed, by=person, note="本人签字")


def rename(row: Capability, by: User, name: str) -> Capability:
    row = Capability.objects.get(pk=row.pk)
    save = capability_draft_save if row.state == CapabilityState.RETURNED else capability_update_published
    return save(capability=row, by=by, values={"details": row.details | {"person_name": name}})


def test_whom_a_public_listing_names_anew_has_to_agree(
    listed: Capability, professor: User, reviewer: User, client_of: ClientOf
) -> None:
    expert_prove(capability=listed, by=reviewer, note="已收到本人签字的同意书")
    capability_update_published(
        capability=Capability.objects.get(pk=listed.pk), by=professor, values={"value": "轧辊修复"}
    )
    assert state_of(listed) == CapabilityState.PUBLISHED
    row = rename(listed, professor, "孙教授")
    assert (row.state, state_of(row)) == (CapabilityState.RETURNED,) * 2
    assert "由专家本人确认" in client_of(professor).get(f"/capabilities/{row.public_id}/").content.decode()
    assert capability_publish(capability=row, by=professor).state == CapabilityState.SUBMITTED
    assert AuditEntry.objects.filter(action="expert.lapsed", actor=professor).count() == 1


def test_a_draft_that_names_another_loses_the_word_and_the_letter_of_the_first(
    asked: ExpertConfirmation, listed: Capability, professor: User, reviewer: User
) -> None:
    token = answer_path(asked)
    capability_return(capability=Capability.objects.get(pk=listed.pk), by=reviewer, reason="请补充职称")
    rename(listed, professor, "孙教授")
    assert Client().get(token).status_code == 410
    expert_answer_of(listed, ConfirmationState.CONFIRMED)
    row = rename(listed, professor, "钱教授")
    assert capability_publish(capability=row, by=professor).state == CapabilityState.SUBMITTED
    row = capability_recall(capability=row, by=professor)
    named_by_herself = capability_draft_save(
        capability=row, by=professor, values={"details": row.details | {"person_name": professor.name}}
    )
    assert capability_publish(capability=named_by_herself, by=professor).state == CapabilityState.PUBLISHED


def test_who_is_named_does_not_change_while_a_listing_is_stale(listed: Capability, professor: User) -> None:
    Capability.objects.filter(pk=listed.pk).update(state=CapabilityState.STALE, published_at=clock.now())
    with pytest.raises(ValidationError, match="仍然有效"):
        rename(listed, professor, "孙教授")


def expert_answer_of(row: Capability, answer: ConfirmationState) -> None:
    expert_answer(confirmation=ExpertConfirmation.objects.get(capability=row), answer=answer)


def test_a_reviewer_confirms_by_another_proof_with_a_note(listed: Capability, reviewer: User) -> None:
    with pytest.raises(ValidationError):
        expert_prove(capability=listed, by=reviewer, note=" ")
    expert_prove(capability=listed, by=reviewer, note="已收到本人签字的同意书")
    assert state_of(listed) == CapabilityState.PUBLISHED
    assert ExpertConfirmation.objects.get().proved_by == reviewer


def test_the_page_is_for_the_lister_and_reviewers(
    listed: Capability, professor: User, reviewer: User, stranger: User, broker: User, client_of: ClientOf
) -> None:
    page = f"/review/experts/{listed.public_id}/"
    found = {person.name: client_of(person).get(page).status_code for person in (professor, reviewer, stranger, broker)}
    assert list(found.values()) == [200, 200, 404, 404]
    assert client_of(professor).post(f"{page}ask/", {"email": ADDRESS}).status_code == 302
    assert ADDRESS in client_of(reviewer).get(page).content.decode()
    assert client_of(professor).post(f"{page}prove/", {"note": "自己确认"}).status_code == 403
    assert client_of(reviewer).post(f"{page}prove/", {"note": "已通话确认"}).status_code == 302
    assert state_of(listed) == CapabilityState.PUBLISHED
