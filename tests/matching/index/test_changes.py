"""Every way into what is matched, out of it, or to saying something else leaves a change, with the transaction."""

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from django.db import transaction

from apps.accounts.models import Organisation, OrganisationState, User
from apps.accounts.services import organisation_update, organisation_verify
from apps.capabilities import services as supply
from apps.capabilities.models import Capability, CapabilityState
from apps.core import clock
from apps.matching.ended_needs import ended_needs
from apps.matching.index import changes
from apps.matching.models import IndexChange, RowKind
from apps.needs import services as demand
from apps.needs.models import Need, NeedState
from apps.taxonomy.models import Term
from tests.factories import make_capability, make_need

type Rows = dict[tuple[str, int], object]
YESTERDAY = timedelta(days=1)
IMPORTED: dict[str, Any] = {
    "external_id": "A-1",
    "title": "铝合金薄板焊接变形大",
    "description": "板厚 1.5 mm,焊后翘曲,平面度超差,返工很多。",
}


class People:
    """Who acts: of the enterprise, of the university, and of the city."""

    def __init__(self, owner: User, professor: User, reviewer: User) -> None:
        self.owner, self.professor, self.reviewer = owner, professor, reviewer


@pytest.fixture
def people(taxonomy: None, sme_owner: User, professor: User, reviewer: User) -> People:
    return People(sme_owner, professor, reviewer)


def matched() -> Rows:
    """What a reader of all rows would hold: whatever of it differs afterwards has changed."""
    columns = ("pk", "version", "valid_until", "disclosure", "organisation", "organisation__district")
    rows: Rows = {("capability", row[0]): row for row in Capability.objects.open().values_list(*columns, "district")}
    rows |= {("need", row[0]): ("open", *row) for row in Need.objects.open().values_list(*columns)}
    return rows | {("need", row[0]): ("ended", *row) for row in ended_needs().values_list(*columns)}


def capability_in(people: People, state: CapabilityState, **fields: Any) -> Capability:
    organisation = people.professor.membership.organisation
    return make_capability(organisation=organisation, state=state, contact=people.professor, **fields)


def need_in(people: People, state: NeedState, **fields: Any) -> Need:
    fields = {"organisation": people.owner.membership.organisation, "contact": people.owner} | fields
    if state in (NeedState.DRAFT, NeedState.SUBMITTED):
        return make_need(state=state, **fields)
    return make_need(state=state, published_at=clock.now(), **fields)


def past() -> date:
    return clock.today() - YESTERDAY


def _import_need(people: People, **cells: Any) -> None:
    organisation = people.owner.membership.organisation
    report = demand.needs_import(rows=[IMPORTED | cells], organisation=organisation, by=None, publish=True)
    assert not report.problems


def _import_capability(people: People, **cells: Any) -> None:
    organisation = people.professor.membership.organisation
    report = supply.capabilities_import(rows=[IMPORTED | cells], organisation=organisation, by=None, publish=True)
    assert not report.problems


def _run_out(need: Need) -> Need:
    Need.objects.filter(pk=need.pk).update(valid_until=past())
    need.refresh_from_db()
    return need


def _waiting_for_verification(people: People) -> Organisation:
    organisation = people.professor.membership.organisation
    for number in range(2):
        capability_in(people, CapabilityState.SUBMITTED, title=f"等待核验的成果 {number}")
    Organisation.objects.filter(pk=organisation.pk).update(
        state=OrganisationState.PENDING, credit_code="91370203MA3D5QTE2X"
    )
    organisation.refresh_from_db()
    return organisation


def _move_to_another_district(*people: User) -> None:
    district = Term.objects.filter(vocabulary="district").last()
    for person in people:
        organisation_update(
            organisation=person.membership.organisation, by=person, seen=1, fields={"district": district}
        )


type Setting = Callable[[People], Any]
type Act = Callable[[People, Any], Any]

# What there is, and what is then done: each must leave a change of exactly the rows that differ afterwards.
WAYS: dict[str, tuple[Setting, Act]] = {
    "capability_publish": (
        lambda p: capability_in(p, CapabilityState.DRAFT),
        lambda p, row: supply.capability_publish(capability=row, by=p.professor),
    ),
    "capability_approve": (
        lambda p: capability_in(p, CapabilityState.SUBMITTED),
        lambda p, row: supply.capability_approve(capability=row, by=p.reviewer),
    ),
    "capability_release": (
        lambda p: capability_in(p, CapabilityState.SUBMITTED),
        lambda p, row: supply.capability_release(capability=row),
    ),
    "capabilities_release": (
        lambda p: capability_in(p, CapabilityState.SUBMITTED),
        lambda p, row: supply.capabilities_release(capabilities=[row]),
    ),
    "capability_turn_back": (
        lambda p: capability_in(p, CapabilityState.PUBLISHED),
        lambda p, row: supply.capability_turn_back(capability=row, reason="本人不同意"),
    ),
    "capability_return": (
        lambda p: capability_in(p, CapabilityState.PUBLISHED),
        lambda p, row: supply.capability_return(capability=row, by=p.reviewer, reason="请补充指标"),
    ),
    "capability_update_published": (
        lambda p: capability_in(p, CapabilityState.PUBLISHED),
        lambda p, row: supply.capability_update_published(capability=row, by=p.professor, values={"value": "更耐磨"}),
    ),
    "capability_update_published: disclosure": (
        lambda p: capability_in(p, CapabilityState.PUBLISHED),
        lambda p, row: supply.capability_update_published(
            capability=row, by=p.professor, values={"disclosure": "brokers"}
        ),
    ),
    "capability_confirm: open": (
        lambda p: capability_in(p, CapabilityState.PUBLISHED, valid_until=clock.today()),
        lambda p, row: supply.capability_confirm(capability=row, by=p.professor),
    ),
    "capability_confirm: past its day": (
        lambda p: capability_in(p, CapabilityState.PUBLISHED, valid_until=past()),
        lambda p, row: supply.capability_confirm(capability=row, by=p.professor),
    ),
    "capability_confirm: stale": (
        lambda p: capability_in(p, CapabilityState.STALE, valid_until=past()),
        lambda p, row: supply.capability_confirm(capability=row, by=p.professor),
    ),
    "capability_archive": (
        lambda p: capability_in(p, CapabilityState.PUBLISHED),
        lambda p, row: supply.capability_archive(capability=row, by=p.professor),
    ),
    "capability_reopen": (
        lambda p: capability_in(p, CapabilityState.ARCHIVED),
        lambda p, row: supply.capability_reopen(capability=row, by=p.professor),
    ),
    "capabilities_import": (lambda p: None, lambda p, row: _import_capability(p, details={"ip_status": "granted"})),
    "capabilities_import: again": (
        lambda p: _import_capability(p, details={"ip_status": "granted"}),
        lambda p, row: _import_capability(p, title="铝合金薄板焊接"),
    ),
    "need_submit": (
        lambda p: need_in(p, NeedState.DRAFT),
        lambda p, row: demand.need_submit(need=row, by=p.owner),
    ),
    "need_approve": (
        lambda p: need_in(p, NeedState.SUBMITTED),
        lambda p, row: demand.need_approve(need=row, by=p.reviewer),
    ),
    "need_return": (
        lambda p: need_in(p, NeedState.PUBLISHED),
        lambda p, row: demand.need_return(need=row, by=p.reviewer, reason="请补充指标"),
    ),
    "need_update_published": (
        lambda p: need_in(p, NeedState.PUBLISHED),
        lambda p, row: demand.need_update_published(need=row, by=p.owner, values={"title": "轧辊涂层剥落"}),
    ),
    "need_renew: open": (
        lambda p: need_in(p, NeedState.PUBLISHED, valid_until=clock.today()),
        lambda p, row: demand.need_renew(need=row, by=p.owner),
    ),
    "need_renew: expired": (
        lambda p: need_in(p, NeedState.EXPIRED, valid_until=past()),
        lambda p, row: demand.need_renew(need=row, by=p.owner),
    ),
    "need_close": (
        lambda p: need_in(p, NeedState.PUBLISHED),
        lambda p, row: demand.need_close(need=row, by=p.owner),
    ),
    "need_close: expired": (
        lambda p: need_in(p, NeedState.EXPIRED, valid_until=past()),
        lambda p, row: demand.need_close(need=row, by=p.owner),
    ),
    "need_reopen": (
        lambda p: need_in(p, NeedState.CLOSED),
        lambda p, row: demand.need_reopen(need=row, by=p.owner),
    ),
    "need_close: unmatched": (
        lambda p: need_in(p, NeedState.UNMATCHED),
        lambda p, row: demand.need_close(need=row, by=p.owner),
    ),
    "need_solve": (
        lambda p: need_in(p, NeedState.ENGAGED),
        lambda p, row: demand.need_solve(need=row, by=p.owner),
    ),
    "need_disengage": (
        lambda p: need_in(p, NeedState.ENGAGED, valid_until=past()),
        lambda p, row: demand.need_disengage(need=row, by=p.owner),
    ),
    "need_expire": (
        lambda p: _run_out(need_in(p, NeedState.PUBLISHED)),
        lambda p, row: demand.need_expire(need=row),
    ),
    "needs_import": (lambda p: None, lambda p, row: _import_need(p)),
    "needs_import: again": (_import_need, lambda p, row: _import_need(p, title="薄板焊接变形")),
    "needs_import: expired": (
        lambda p: need_in(p, NeedState.EXPIRED, external_id="A-1"),
        lambda p, row: _import_need(p, title="薄板焊接变形"),
    ),
    "organisation_verify": (
        _waiting_for_verification,
        lambda p, row: organisation_verify(organisation=row, by=p.reviewer),
    ),
    "organisation_update: district": (
        lambda p: (capability_in(p, CapabilityState.PUBLISHED), need_in(p, NeedState.PUBLISHED)),
        lambda p, rows: _move_to_another_district(p.owner, p.professor),
    ),
}


@pytest.mark.parametrize("way", WAYS)
def test_what_is_matched_differs_only_where_there_is_a_change(way: str, people: People) -> None:
    setting, act = WAYS[way]
    row = setting(people)
    before, floor = matched(), changes.floor()
    act(people, row)
    after = matched()
    differing = {key for key in before.keys() | after.keys() if before.get(key) != after.get(key)}
    assert differing, "the way leads nowhere"
    assert {(str(change.kind), change.row) for change in changes.since(floor)} == differing


SILENT = {
    "capability_draft_save",
    "capability_recall",
    "capability_go_stale",  # past its day it was not matched any more: below
    "capabilities_publish_waiting",  # by organisation_verify
    "draft_of_form",
    "need_draft_save",
    "need_recall",
    "need_publish",  # by need_submit and need_approve
    "need_engage",  # stays on the board and says the same
    "need_analyse",  # what is read from a text is no part of it
    "need_reply_record",  # when it was first answered is neither
    "attachment_add",
    "attachment_delete",
}


def test_every_service_is_in_the_table() -> None:
    named = {way.split(":")[0] for way in WAYS}
    services = {name for name in (*supply.__all__, *demand.__all__) if name.islower()}
    assert services - named - SILENT == set()


def test_a_capability_that_went_stale_is_told_though_it_was_past_its_day(people: People) -> None:
    capability = capability_in(people, CapabilityState.PUBLISHED, valid_until=past())
    floor = changes.floor()
    supply.capability_go_stale(capability=capability)
    assert [change.row for change in changes.since(floor)] == [capability.pk]


def test_many_rows_become_changes_in_few_statements(people: People, django_assert_max_num_queries: Any) -> None:
    with django_assert_max_num_queries(6):
        changes.record(RowKind.NEED, range(2_500))
    assert IndexChange.objects.count() == 2_500


def test_nothing_changed_writes_nothing(people: People, django_assert_num_queries: Any) -> None:
    with django_assert_num_queries(0):
        changes.record(RowKind.NEED, [])


@pytest.mark.django_db
def test_a_change_that_is_rolled_back_was_none() -> None:
    with transaction.atomic():
        changes.record(RowKind.NEED, [1])
        transaction.set_rollback(True)
    assert changes.since(0) == []


@pytest.mark.django_db
def test_a_follower_tells_each_change_once() -> None:
    follower = changes.Follower(changes.floor())
    changes.record(RowKind.NEED, [7])
    changes.record(RowKind.CAPABILITY, [7, 8])
    assert [(c.kind, c.row) for c in follower.news()] == [("need", 7), ("capability", 7), ("capability", 8)]
    assert follower.news() == []
    changes.record(RowKind.NEED, [7])
    assert [change.row for change in follower.news()] == [7]


@pytest.mark.django_db
def test_the_memory_of_a_follower_stays_small() -> None:
    follower = changes.Follower(0)
    for start in range(0, 3_000, 1_000):
        changes.record(RowKind.NEED, range(start, start + 1_000))
        assert len(follower.news()) == 1_000
    follower.news()
    assert len(follower._seen) <= changes.MANY_SEEN
    assert follower.news() == []
