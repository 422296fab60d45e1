"""The way onto the board: need_submit, need_approve, need_return, need_recall."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.core.exceptions import ValidationError

from apps.accounts.models import Organisation, OrganisationState, User
from apps.accounts.signals import organisation_verified
from apps.core import clock
from apps.core.errors import DomainError, NotAllowed, StateConflict
from apps.core.models import AuditEntry
from apps.needs import signals
from apps.needs.models import Need, NeedIndicator, NeedState
from apps.needs.services import need_approve, need_recall, need_return, need_submit
from apps.needs.validators import publication_gaps
from apps.taxonomy.models import Term

pytestmark = pytest.mark.django_db


def actions(need: Need) -> list[str]:
    entries = AuditEntry.objects.filter(object_type="needs.need", object_id=need.pk).order_by("id")
    return list(entries.values_list("action", flat=True))


def test_a_need_of_a_verified_organisation_is_published_at_once(draft: Need, sme_owner: User, hearing: Any) -> None:
    with hearing(signals.need_published) as calls:
        need_submit(need=draft, by=sme_owner)
    draft.refresh_from_db()
    assert draft.state == NeedState.PUBLISHED
    assert draft.submitted_at is not None
    assert draft.published_at is not None
    assert actions(draft) == ["need.submitted", "need.published"]
    assert [(call["need"], call["by"]) for call in calls] == [(draft, sme_owner)]


def test_submitting_twice_publishes_once(draft: Need, sme_owner: User, hearing: Any) -> None:
    with hearing(signals.need_published) as calls:
        need_submit(need=draft, by=sme_owner)
        need_submit(need=Need.objects.get(pk=draft.pk), by=sme_owner)
    assert len(calls) == 1
    assert actions(draft) == ["need.submitted", "need.published"]


def test_of_two_who_submit_at_once_one_publishes(draft: Need, sme_owner: User, hearing: Any) -> None:
    second = Need.objects.get(pk=draft.pk)
    with hearing(signals.need_published) as calls:
        need_submit(need=draft, by=sme_owner)
        with pytest.raises(StateConflict):
            need_submit(need=second, by=sme_owner)
    assert len(calls) == 1


def test_a_need_waits_for_the_verification_of_its_organisation(
    draft: Need, unverified: Organisation, sme_owner: User, reviewer: User, hearing: Any
) -> None:
    with hearing(signals.need_published) as calls:
        need_submit(need=Need.objects.get(pk=draft.pk), by=sme_owner)
        draft.refresh_from_db()
        assert (draft.state, draft.published_at, calls) == (NeedState.SUBMITTED, None, [])
        unverified.state = OrganisationState.VERIFIED
        unverified.save()
        organisation_verified.send(Organisation, organisation=unverified, by=reviewer)
    draft.refresh_from_db()
    assert draft.state == NeedState.PUBLISHED
    assert [call["need"] for call in calls] == [draft]


def test_the_verification_of_one_organisation_publishes_no_other_ones_needs(
    draft: Need, unverified: Organisation, sme_owner: User, other_enterprise: Organisation
) -> None:
    need_submit(need=Need.objects.get(pk=draft.pk), by=sme_owner)
    organisation_verified.send(Organisation, organisation=other_enterprise, by=None)
    assert Need.objects.get(pk=draft.pk).state == NeedState.SUBMITTED


def test_nothing_is_published_before_the_e_mail_is_confirmed(draft: Need, sme_owner: User) -> None:
    sme_owner.email_confirmed_at = None
    with pytest.raises(NotAllowed, match="邮箱"):
        need_submit(need=draft, by=sme_owner)


def test_an_organisation_that_was_rejected_submits_nothing(
    draft: Need, enterprise: Organisation, sme_owner: User
) -> None:
    Organisation.objects.filter(pk=enterprise.pk).update(state=OrganisationState.REJECTED)
    with pytest.raises(NotAllowed, match="核验未通过"):
        need_submit(need=Need.objects.get(pk=draft.pk), by=sme_owner)


@pytest.mark.parametrize("who", ["professor", "stranger", "broker", "reviewer", "administrator"])
def test_only_its_organisation_submits_a_need(draft: Need, who: str, request: pytest.FixtureRequest) -> None:
    with pytest.raises(NotAllowed):
        need_submit(need=draft, by=request.getfixturevalue(who))
    assert Need.objects.get(pk=draft.pk).state == NeedState.DRAFT


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("title", " "),
        ("title", "字" * 61),
        ("title", "坏\x00字"),
        ("need_type", None),
        ("background", ""),
        ("background", "太短"),
        ("background", "字" * 1001),
        ("goal", " \n "),
        ("goal", "字" * 19),
        ("goal", "字" * 2001),
        ("industry_chain", None),
        ("budget_band", ""),
        ("contact", None),
        ("expected_months", 37),
        ("trl_now", 10),
        ("tried", "字" * 1001),
    ],
)
def test_a_gap_is_named_by_its_field(draft: Need, sme_owner: User, field: str, value: Any) -> None:
    setattr(draft, field, value)
    with pytest.raises(ValidationError) as refused:
        need_submit(need=draft, by=sme_owner)
    assert list(refused.value.message_dict) == [field]
    assert Need.objects.get(pk=draft.pk).state == NeedState.DRAFT


def test_a_complete_need_has_no_gaps(draft: Need) -> None:
    assert publication_gaps(draft) == {}


def test_lists_are_required_too(draft: Need) -> None:
    draft.tags.clear()
    draft.cooperation_modes.clear()
    draft.indicators.all().delete()
    assert set(publication_gaps(draft)) == {"tags", "cooperation_modes", "indicators"}


def test_a_technical_field_may_stand_for_tags(draft: Need) -> None:
    draft.tags.clear()
    draft.tech_fields.set(Term.objects.filter(vocabulary="tech_field")[:1])
    assert publication_gaps(draft) == {}


def test_a_contact_must_belong_to_the_organisation(draft: Need, stranger: User) -> None:
    draft.contact = stranger
    assert set(publication_gaps(draft)) == {"contact"}


@pytest.mark.parametrize(("days", "is_fine"), [(-1, False), (0, True), (365, True), (366, False)])
def test_validity_lies_between_today_and_a_year_from_today(draft: Need, days: int, *, is_fine: bool) -> None:
    draft.valid_until = clock.today() + timedelta(days=days)
    assert ("valid_until" not in publication_gaps(draft)) is is_fine


@pytest.mark.parametrize("field", ["title", "background", "goal", "tried", "unwanted", "partner_requirements"])
@pytest.mark.parametrize("name", ["青岛海岚精工有限公司", "海岚精工"])
def test_an_anonymous_need_may_not_name_its_owner(draft: Need, field: str, name: str) -> None:
    setattr(draft, field, f"请为{name}解决轧辊表面涂层寿命偏短的问题,多谢各位。")
    assert set(publication_gaps(draft)) == {field}
    draft.disclosure = "public_named"
    assert publication_gaps(draft) == {}


def test_an_indicator_of_an_anonymous_need_may_not_name_its_owner(draft: Need) -> None:
    NeedIndicator.objects.create(need=draft, name="海岚精工标准", low=1)
    assert set(publication_gaps(draft)) == {"indicators"}


def test_a_reviewer_returns_a_need_with_a_reason(published: Need, reviewer: User, hearing: Any) -> None:
    with hearing(signals.need_withdrawn) as calls:
        need_return(need=published, by=reviewer, reason="请补充现有设备型号")
    published.refresh_from_db()
    assert (published.state, published.return_reason) == (NeedState.RETURNED, "请补充现有设备型号")
    assert [call["need"] for call in calls] == [published]


def test_a_need_is_not_returned_without_a_reason(published: Need, reviewer: User) -> None:
    with pytest.raises(DomainError, match="原因"):
        need_return(need=published, by=reviewer, reason="  ")


def test_a_reviewer_approves_a_submitted_need(draft: Need, reviewer: User) -> None:
    Need.objects.filter(pk=draft.pk).update(state=NeedState.SUBMITTED)
    need_approve(need=Need.objects.get(pk=draft.pk), by=reviewer)
    assert Need.objects.get(pk=draft.pk).state == NeedState.PUBLISHED


def test_nobody_publishes_for_an_organisation_that_is_not_verified(
    draft: Need, unverified: Organisation, reviewer: User
) -> None:
    Need.objects.filter(pk=draft.pk).update(state=NeedState.SUBMITTED)
    with pytest.raises(DomainError, match="核验"):
        need_approve(need=Need.objects.get(pk=draft.pk), by=reviewer)


@pytest.mark.parametrize("state", [state for state in NeedState.values if state != "submitted"])
def test_only_a_submitted_need_is_approved(published: Need, reviewer: User, state: str) -> None:
    Need.objects.filter(pk=published.pk).update(state=state)
    with pytest.raises(StateConflict):
        need_approve(need=Need.objects.get(pk=published.pk), by=reviewer)


def _return(need: Need, user: User) -> None:
    need_return(need=need, by=user, reason="补充")


def _approve(need: Need, user: User) -> None:
    need_approve(need=need, by=user)


@pytest.mark.parametrize("who", ["sme_owner", "colleague", "professor", "stranger", "broker"])
@pytest.mark.parametrize("act", [_return, _approve])
def test_only_reviewers_review(
    published: Need, who: str, act: Callable[[Need, User], None], request: pytest.FixtureRequest
) -> None:
    with pytest.raises(NotAllowed):
        act(published, request.getfixturevalue(who))


def test_a_submitted_need_can_be_taken_back(draft: Need, unverified: Organisation, sme_owner: User) -> None:
    need = need_submit(need=Need.objects.get(pk=draft.pk), by=sme_owner)
    need_recall(need=need, by=sme_owner)
    assert Need.objects.get(pk=draft.pk).state == NeedState.DRAFT


def test_a_published_need_is_not_taken_back_to_a_draft(published: Need, sme_owner: User) -> None:
    with pytest.raises(StateConflict):
        need_recall(need=published, by=sme_owner)
