"""Elements of a need: what is read, and what people decide about it, by the services."""

from collections.abc import Callable
from typing import Any

import pytest
from django.db import IntegrityError, transaction

from apps.accounts.models import User
from apps.core.errors import NotAllowed, StateConflict
from apps.core.models import AuditEntry
from apps.needs.analysis import FoundElement
from apps.needs.elements import merged
from apps.needs.models import Need, NeedElement
from apps.needs.services import StaleForm, need_analyse, need_draft_save, need_update_published
from apps.needs.tasks import analyse
from tests.needs.element_reader import Reader, decided, states

pytestmark = pytest.mark.django_db


# ---- Putting together what was found and what was decided ----------------------------------------------------------
TEXTS = {"title": "轧辊寿命偏短", "background": "", "goal": "用激光熔覆修复轧辊"}
FOUND = [FoundElement("object", "轧辊", "title", 0, 2, 0.9), FoundElement("process", "激光熔覆", "goal", 1, 5, 0.7)]


def test_what_is_found_is_proposed_with_its_place() -> None:
    first, second = merged(FOUND, (), TEXTS)
    assert (first.text, first.state, first.field, first.start, first.end) == ("轧辊", "proposed", "title", 0, 2)
    assert second.confidence == 0.7


def test_decisions_stay_with_what_is_found_again() -> None:
    mine = [decided("object", "轧辊", "confirmed"), decided("process", "激光熔覆", "removed")]
    assert [element.state for element in merged(FOUND, mine, TEXTS)] == ["confirmed", "removed"]


def test_an_element_is_the_same_in_other_capitals_and_spaces() -> None:
    found = [FoundElement("material", "PA66  GF30", "goal", 0, 10, 0.5)]
    (element,) = merged(found, [decided("material", "pa66 gf30", "removed")], TEXTS)
    assert element.state == "removed"


def test_what_was_removed_is_remembered_when_its_words_are_gone() -> None:
    (element,) = merged((), [decided("material", "铸铁", "removed")], TEXTS)
    assert (element.state, element.field, element.start) == ("removed", "", None)


def test_what_was_confirmed_goes_with_its_words_and_what_was_added_stays() -> None:
    gone, kept, own = (
        decided("material", "铸铁", "confirmed"),
        decided("object", "轧辊", "confirmed"),
        decided("constraint", "不停产", "added"),
    )
    elements = merged((), [gone, kept, own], TEXTS)
    assert [(element.text, element.field) for element in elements] == [("轧辊", "title"), ("不停产", "")]


def test_removing_counts_more_than_confirming() -> None:
    both = [decided("object", "轧辊", "removed"), decided("object", "轧辊", "confirmed")]
    assert merged(FOUND[:1], both, TEXTS)[0].state == "removed"


def test_however_much_is_found_or_sent_there_is_an_end() -> None:
    found = [FoundElement("object", f"件{n}", "goal", 0, 1, 0.5) for n in range(500)]
    sent = [decided("object", f"物{n}", "added") for n in range(500)]
    assert len(merged(found, sent, TEXTS)) == 120


# ---- Kept with the need --------------------------------------------------------------------------------------------
def test_a_saved_draft_is_read(
    reader: Reader, sme_owner: User, django_capture_on_commit_callbacks: Callable[..., Any]
) -> None:
    with django_capture_on_commit_callbacks(execute=True):
        need = need_draft_save(by=sme_owner, values={"title": "轧辊涂层", "goal": "用激光熔覆修复轧辊"})
    need.refresh_from_db()
    assert states(need) == {"轧辊": "proposed", "涂层": "proposed", "激光熔覆": "proposed"}
    assert (need.analysed_version, need.clarity_points) == (need.version, 50)


def test_decisions_are_kept_over_a_new_reading_with_an_audit_entry_of_what_is_new(
    reader: Reader, draft: Need, sme_owner: User
) -> None:
    mine = [
        decided("object", "轧辊", "confirmed"),
        decided("process", "热喷涂", "removed"),
        decided("constraint", "不停产", "added"),
    ]
    need_draft_save(need=draft, by=sme_owner, values={}, elements=mine)
    assert need_analyse(need=draft)
    assert states(draft) == {
        "轧辊": "confirmed",
        "热喷涂": "removed",
        "不停产": "added",
        "涂层": "proposed",
        "激光熔覆": "proposed",
    }
    need_draft_save(need=draft, by=sme_owner, values={}, elements=mine[:1])
    entries = AuditEntry.objects.filter(object_id=draft.pk, action="need.elements_decided").order_by("id")
    assert [entry.changes for entry in entries] == [
        {"confirmed": ["轧辊"], "removed": ["热喷涂"], "added": ["不停产"]},
        {"undecided": ["热喷涂", "不停产"]},
    ]


def test_the_same_decisions_again_change_nothing(reader: Reader, draft: Need, sme_owner: User) -> None:
    mine = [decided("object", "轧辊", "confirmed")]
    version = need_draft_save(need=draft, by=sme_owner, values={}, elements=mine).version
    assert need_draft_save(need=draft, by=sme_owner, values={}, elements=mine).version == version
    assert AuditEntry.objects.filter(action="need.elements_decided").count() == 1


def test_a_door_without_elements_leaves_decisions_alone(reader: Reader, draft: Need, sme_owner: User) -> None:
    need_draft_save(need=draft, by=sme_owner, values={}, elements=[decided("object", "轧辊", "confirmed")])
    need_draft_save(need=draft, by=sme_owner, values={"title": "轧辊涂层寿命"})
    assert states(draft)["轧辊"] == "confirmed"


def test_decisions_on_top_of_somebody_elses_are_refused(reader: Reader, draft: Need, sme_owner: User) -> None:
    need_draft_save(need=draft, by=sme_owner, values={"title": "轧辊涂层寿命"}, version=1)
    with pytest.raises(StaleForm):
        need_draft_save(
            need=draft, by=sme_owner, values={}, elements=[decided("object", "轧辊", "confirmed")], version=1
        )
    assert states(draft) == {}


@pytest.mark.parametrize("who", ["stranger", "professor", "broker", "reviewer", "administrator"])
def test_only_its_people_decide_about_a_needs_elements(
    reader: Reader, draft: Need, published: Need, who: str, request: pytest.FixtureRequest
) -> None:
    person, mine = request.getfixturevalue(who), [decided("object", "轧辊", "removed")]
    with pytest.raises(NotAllowed):
        need_draft_save(need=draft, by=person, values={}, elements=mine)
    with pytest.raises(NotAllowed):
        need_update_published(need=published, by=person, values={}, elements=mine)
    assert not NeedElement.objects.exists()


def test_a_need_that_changed_while_it_was_read_is_left_alone(reader: Reader, draft: Need) -> None:
    Need.objects.filter(pk=draft.pk).update(version=draft.version + 1)
    assert not need_analyse(need=draft)
    assert not NeedElement.objects.exists()


def test_a_submitted_need_cannot_be_decided_about(reader: Reader, draft: Need, sme_owner: User) -> None:
    Need.objects.filter(pk=draft.pk).update(state="submitted")
    draft.refresh_from_db()
    with pytest.raises(StateConflict):
        need_draft_save(need=draft, by=sme_owner, values={}, elements=[decided("object", "轧辊", "removed")])


def test_a_reader_that_fails_loses_nothing(
    draft: Need, sme_owner: User, reader: Reader, django_capture_on_commit_callbacks: Callable[..., Any]
) -> None:
    reader.elements = None  # type: ignore[assignment]  # calling it raises
    with django_capture_on_commit_callbacks(execute=True):
        need_draft_save(need=draft, by=sme_owner, values={"title": "轧辊涂层寿命"})
    draft.refresh_from_db()
    assert (draft.title, draft.analysed_version) == ("轧辊涂层寿命", 0)


def test_what_was_not_read_is_read_by_the_clockwork(reader: Reader, draft: Need, published: Need) -> None:
    analyse()
    assert set(Need.objects.values_list("analysed_version", flat=True)) == {1}
    read = len(reader.read)
    analyse()
    assert len(reader.read) == read


def test_an_element_has_a_whole_place_or_none(draft: Need) -> None:
    for place in ({"field": "goal"}, {"start": 1, "end": 2}, {"field": "goal", "start": 2, "end": 2}):
        with pytest.raises(IntegrityError), transaction.atomic():
            NeedElement.objects.create(need=draft, kind="object", text="轧辊", **place)
