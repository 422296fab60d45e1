"""Writing what a need says: need_draft_save and need_update_published."""

import uuid
from typing import Any

import pytest
from django.core.exceptions import ValidationError

from apps.accounts.models import Membership, Organisation, User
from apps.core.errors import NotAllowed, StateConflict
from apps.core.models import AuditEntry
from apps.needs import signals
from apps.needs.content import IndicatorValues
from apps.needs.models import Need, NeedState
from apps.needs.services import StaleForm, need_draft_save, need_submit, need_update_published
from apps.taxonomy.models import Term

pytestmark = pytest.mark.django_db

HARDNESS = IndicatorValues(name="硬度", comparison="ge", low=60.0, unit="HRC", current="45 HRC")


def test_a_draft_may_hold_a_single_word(sme_owner: User, enterprise: Organisation) -> None:
    need = need_draft_save(by=sme_owner, values={"goal": "焊"}, form_key=uuid.uuid4())
    need.refresh_from_db()
    assert (need.state, need.goal, need.organisation, need.contact) == ("draft", "焊", enterprise, sme_owner)
    assert AuditEntry.objects.get(action="need.created").object_public_id == need.public_id


def test_the_same_form_sent_twice_makes_one_need(sme_owner: User) -> None:
    key, values = uuid.uuid4(), {"title": "焊接变形", "goal": "减小焊接变形"}
    first = need_draft_save(by=sme_owner, values=values, indicators=[HARDNESS], form_key=key, version=0)
    again = need_draft_save(by=sme_owner, values=values, indicators=[HARDNESS], form_key=key, version=0)
    assert first == again
    assert again.version == 1
    assert Need.objects.count() == 1


def test_every_kind_of_field_is_saved_and_what_is_not_named_stays(draft: Need, sme_owner: User) -> None:
    terms = list(Term.objects.filter(vocabulary="tag")[2:4])
    indicators = [HARDNESS, IndicatorValues(name="温度", comparison="between", low=20.0, high=80.0, is_hard=False)]
    background = draft.background
    need = need_draft_save(
        by=sme_owner, need=draft, values={"title": "新的名称", "trl_now": 3, "tags": terms}, indicators=indicators
    )
    need = Need.objects.get(pk=need.pk)
    assert (need.title, need.trl_now, need.background, need.version) == ("新的名称", 3, background, 2)
    assert set(need.tags.all()) == set(terms)
    assert [row.target_text for row in need.indicators.all()] == ["≥ 60 HRC", "20–80"]
    assert AuditEntry.objects.get(action="need.edited").changes["fields"] == ["title", "trl_now", "tags", "indicators"]


def test_saving_the_same_again_changes_nothing(draft: Need, sme_owner: User) -> None:
    need_draft_save(by=sme_owner, need=draft, values={"title": draft.title, "tags": list(draft.tags.all())})
    draft.refresh_from_db()
    assert draft.version == 1
    assert not AuditEntry.objects.filter(action="need.edited").exists()


def test_a_stale_form_is_refused_and_the_stored_text_stays(draft: Need, sme_owner: User, colleague: User) -> None:
    need_draft_save(by=colleague, need=draft, values={"goal": "同事写的目标"}, version=1)
    with pytest.raises(StaleForm) as refused:
        need_draft_save(by=sme_owner, need=Need.objects.get(pk=draft.pk), values={"goal": "我写的"}, version=1)
    assert refused.value.need.goal == "同事写的目标"
    draft.refresh_from_db()
    assert (draft.goal, draft.version) == ("同事写的目标", 2)


def test_two_people_who_save_at_once_do_not_overwrite_each_other(draft: Need, sme_owner: User) -> None:
    """Both read version 1; the row itself lets only the first one write."""
    second = Need.objects.get(pk=draft.pk)
    need_draft_save(by=sme_owner, need=draft, values={"goal": "先到"}, version=1)
    with pytest.raises(StateConflict):
        need_draft_save(by=sme_owner, need=second, values={"goal": "后到"}, version=1)
    assert Need.objects.get(pk=draft.pk).goal == "先到"


@pytest.mark.parametrize("who", ["professor", "stranger", "broker", "reviewer", "administrator"])
def test_only_its_organisation_may_change_a_draft(draft: Need, who: str, request: pytest.FixtureRequest) -> None:
    with pytest.raises(NotAllowed):
        need_draft_save(by=request.getfixturevalue(who), need=draft, values={"goal": "改掉"})
    assert Need.objects.get(pk=draft.pk).goal == draft.goal


def test_a_colleague_may_change_a_draft(draft: Need, colleague: User) -> None:
    assert need_draft_save(by=colleague, need=draft, values={"goal": "同事补充"}).goal == "同事补充"


def test_the_key_of_another_organisations_form_opens_nothing(draft: Need, stranger: User) -> None:
    with pytest.raises(NotAllowed):
        need_draft_save(by=stranger, values={"goal": "猜到了"}, form_key=draft.form_key)


@pytest.mark.parametrize("who", ["professor", "broker", "reviewer", "administrator"])
def test_only_people_of_an_enterprise_start_needs(who: str, request: pytest.FixtureRequest) -> None:
    with pytest.raises(NotAllowed):
        need_draft_save(by=request.getfixturevalue(who), values={"goal": "需求"}, form_key=uuid.uuid4())


@pytest.mark.parametrize("state", ["submitted", "published", "engaged", "solved", "expired", "closed", "unmatched"])
def test_what_is_no_draft_is_not_changed_as_one(published: Need, sme_owner: User, state: str) -> None:
    Need.objects.filter(pk=published.pk).update(state=state)
    published.refresh_from_db()
    with pytest.raises(StateConflict):
        need_draft_save(by=sme_owner, need=published, values={"goal": "改掉"})


def test_a_returned_need_can_be_mended_and_submitted_again(draft: Need, sme_owner: User) -> None:
    Need.objects.filter(pk=draft.pk).update(state=NeedState.RETURNED, return_reason="指标请写具体")
    draft.refresh_from_db()
    need = need_draft_save(by=sme_owner, need=draft, values={"title": "改好的名称"})
    need = need_submit(need=need, by=sme_owner)
    assert (need.state, need.return_reason) == (NeedState.PUBLISHED, "")


def test_an_edit_on_the_board_is_a_new_version_and_is_matched_again(
    published: Need, sme_owner: User, hearing: Any
) -> None:
    with hearing(signals.need_published) as calls:
        need = need_update_published(need=published, by=sme_owner, values={"title": "更好的名称"}, version=1)
        need_update_published(need=need, by=sme_owner, values={"title": "更好的名称"}, version=1)
    assert (need.state, need.version) == (NeedState.PUBLISHED, 2)
    assert [call["need"].version for call in calls] == [2]


def test_an_edit_on_the_board_must_leave_it_fit_for_the_board(published: Need, sme_owner: User, hearing: Any) -> None:
    with hearing(signals.need_published) as calls, pytest.raises(ValidationError) as refused:
        need_update_published(need=published, by=sme_owner, values={"goal": "太短"}, indicators=[])
    assert set(refused.value.message_dict) == {"goal", "indicators"}
    stored = Need.objects.get(pk=published.pk)
    assert (stored.version, stored.indicators.count()) == (1, 1)
    assert calls == []


def test_a_stranger_may_not_change_a_published_need(published: Need, stranger: User) -> None:
    with pytest.raises(NotAllowed):
        need_update_published(need=published, by=stranger, values={"title": "改掉"})


def test_somebody_who_left_the_organisation_may_change_nothing(draft: Need, colleague: User) -> None:
    Membership.objects.filter(user=colleague).delete()
    with pytest.raises(NotAllowed):
        need_draft_save(by=User.objects.get(pk=colleague.pk), need=draft, values={"goal": "改掉"})
