"""Writing what a capability says: capability_draft_save and capability_update_published."""

import uuid
from collections.abc import Callable

import pytest
from django.core.exceptions import ValidationError

from apps.accounts.models import User
from apps.capabilities.content import IndicatorValues
from apps.capabilities.models import Capability, CapabilityState
from apps.capabilities.services import StaleForm, capability_draft_save, capability_update_published
from apps.core.errors import NotAllowed, StateConflict
from apps.core.models import AuditEntry
from apps.matching.models import MatchRequest
from apps.taxonomy.models import Term
from tests.factories import make_capability

pytestmark = pytest.mark.django_db
NEW = {"kind": "result", "title": "磁流变抛光技术"}


def test_a_draft_belongs_to_the_organisation_of_its_writer(professor: User) -> None:
    capability = capability_draft_save(by=professor, values=NEW)
    assert capability.state == CapabilityState.DRAFT
    assert capability.organisation == professor.membership.organisation
    assert (capability.contact, capability.created_by) == (professor, professor)


def test_one_form_makes_one_draft_and_its_later_text_is_kept(professor: User) -> None:
    key = uuid.uuid4()
    first = capability_draft_save(by=professor, values=NEW, form_key=key)
    second = capability_draft_save(
        by=professor, values={"title": "磁流变抛光装备"}, form_key=key, version=first.version
    )
    assert second.pk == first.pk
    assert Capability.objects.get().title == "磁流变抛光装备"


def test_the_form_key_of_another_organisation_finds_nothing(professor: User, stranger: User) -> None:
    key = uuid.uuid4()
    capability_draft_save(by=professor, values=NEW, form_key=key)
    with pytest.raises(StateConflict):
        capability_draft_save(by=stranger, values=NEW | {"title": "夺取"}, form_key=key)
    assert Capability.objects.get().title == NEW["title"]


def test_what_is_not_sent_stays(draft: Capability, professor: User) -> None:
    tag = Term.objects.filter(vocabulary="tag")[3]
    draft.tags.set([tag])
    capability_draft_save(by=professor, capability=draft, values={"title": "新名称"}, version=draft.version)
    draft.refresh_from_db()
    assert (draft.title, list(draft.tags.all())) == ("新名称", [tag])
    assert draft.details == {"ip_status": "granted", "transfer_modes": ["transfer"]}


def test_saving_the_same_again_writes_nothing(draft: Capability, professor: User) -> None:
    entries, version = AuditEntry.objects.count(), draft.version
    capability_draft_save(by=professor, capability=draft, values={"title": draft.title, "trl": draft.trl})
    draft.refresh_from_db()
    assert (AuditEntry.objects.count(), draft.version) == (entries, version)


def test_an_overtaken_form_is_refused_and_says_what_is_stored(draft: Capability, professor: User) -> None:
    old = draft.version
    capability_draft_save(by=professor, capability=draft, values={"title": "先到的"}, version=old)
    late = Capability.objects.get(pk=draft.pk)
    with pytest.raises(StaleForm) as caught:
        capability_draft_save(by=professor, capability=late, values={"title": "后到的"}, version=old)
    assert caught.value.capability.title == "先到的"


def test_wrong_details_are_refused_by_their_key(draft: Capability, professor: User) -> None:
    with pytest.raises(ValidationError) as caught:
        capability_draft_save(by=professor, capability=draft, values={"details": {"ip_status": "stolen"}})
    assert "ip_status" in caught.value.message_dict


def test_strangers_and_people_without_an_organisation_write_nothing(
    draft: Capability, stranger: User, broker: User, reviewer: User
) -> None:
    for user in (stranger, broker, reviewer):
        with pytest.raises(NotAllowed):
            capability_draft_save(by=user, capability=draft, values={"title": "夺取"})
    for user in (broker, reviewer):
        with pytest.raises(NotAllowed):
            capability_draft_save(by=user, values=NEW)


@pytest.mark.parametrize("state", [CapabilityState.SUBMITTED, CapabilityState.ARCHIVED])
def test_submitted_and_archived_ones_are_not_written_to(
    in_state: Callable[[str], Capability], professor: User, state: CapabilityState
) -> None:
    capability = in_state(state)
    with pytest.raises(StateConflict):
        capability_draft_save(by=professor, capability=capability, values={"title": "改一改"})


def test_a_changed_capability_in_the_catalogue_is_matched_again(published: Capability, professor: User) -> None:
    rows = [IndicatorValues(name="硬度", comparison="ge", low=62.0, unit="HRC")]
    capability_update_published(
        capability=published, by=professor, version=1, values={"value": "寿命提高两倍"}, indicators=rows
    )
    published.refresh_from_db()
    assert published.version == 2
    assert [row.target_text for row in published.indicators.all()] == ["≥ 62 HRC"]
    assert MatchRequest.objects.get().capability == published


def test_what_is_in_the_catalogue_stays_fit_for_it(published: Capability, professor: User) -> None:
    with pytest.raises(ValidationError) as caught:
        capability_update_published(capability=published, by=professor, values={"value": "", "industries": []})
    assert set(caught.value.message_dict) == {"value", "industries"}
    published.refresh_from_db()
    assert published.value
    assert not MatchRequest.objects.exists()


def test_tags_beyond_eight_keep_it_from_being_published(professor: User) -> None:
    capability = make_capability(organisation=professor.membership.organisation)
    many = list(Term.objects.filter(vocabulary="tag")[:9])
    with pytest.raises(ValidationError) as caught:
        capability_update_published(capability=capability, by=professor, values={"tags": many})
    assert "tags" in caught.value.message_dict
