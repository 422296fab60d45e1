"""The index as a process holds it: always what is open now, whatever becomes of the files."""

import os
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
from django.conf import LazySettings

from apps.accounts.disclosure import Disclosure
from apps.accounts.models import User
from apps.capabilities.models import Capability
from apps.capabilities.services import capability_archive, capability_confirm, capability_reopen
from apps.core import clock
from apps.engine.index.shelf import Hit
from apps.matching import requests, tasks
from apps.matching.documents import need_rows
from apps.matching.index import building, changes, live, storage
from apps.matching.index.live import IndexNotReady, LiveIndex, current_index, open_for_need
from apps.matching.models import GenerationState, IndexGeneration, MatchRequest, RequestState, RowKind
from apps.matching.vectors import document_now
from apps.needs.models import Need
from apps.needs.services import need_close
from tests.factories import make_capability, make_need, make_organisation

pytestmark = pytest.mark.usefixtures("no_encoder", "own_files", "taxonomy")
Match = Callable[..., MatchRequest]


@pytest.fixture
def offers(capability: Capability) -> list[Capability]:
    """Four that fit the need, the first one most."""
    titles = ("轧辊激光熔覆", "激光熔覆粉末", "耐磨涂层检测")
    return [capability, *(make_capability(organisation=capability.organisation, title=title) for title in titles)]


def build() -> IndexGeneration:
    generation = building.build(by_hand=True)
    assert generation is not None
    return generation


def ranked(need: Need, index: LiveIndex | None = None) -> list[Hit]:
    found = need_rows(Need.objects.filter(pk=need.pk)).get()
    return (index or current_index()).rank(document_now(found), open_for_need(need.organisation_id))


def ids(need: Need) -> set[int]:
    return {hit.id for hit in ranked(need)}


def keys(rows: list[Capability]) -> set[int]:
    return {row.pk for row in rows}


def test_rows_that_changed_after_a_build_are_found_as_they_are_now(
    need: Need, offers: list[Capability], professor: User
) -> None:
    build()
    assert ids(need) == keys(offers)
    assert current_index().number == 1
    late = make_capability(organisation=offers[0].organisation, title="轧辊表面堆焊")
    capability_archive(capability=offers[1], by=professor)
    assert ids(need) == keys(offers) - {offers[1].pk} | {late.pk}
    capability_reopen(capability=Capability.objects.get(pk=offers[1].pk), by=professor)
    assert ids(need) == keys(offers) | {late.pk}
    Capability.objects.filter(pk=late.pk).update(title="轧辊表面堆焊修复", version=2)
    changes.record(RowKind.CAPABILITY, [late.pk])
    assert {hit.id: hit.version for hit in ranked(need)}[late.pk] == 2


def test_a_pair_has_one_score_before_and_after_it_is_built_in_and_a_build_changes_nothing_else(
    need: Need, offers: list[Capability]
) -> None:
    build()
    late = make_capability(organisation=offers[0].organisation, title="轧辊表面堆焊")
    beside = ranked(need)
    fresh = LiveIndex()
    fresh.refresh(complete=True)
    assert ranked(need, fresh) == beside
    assert late.pk in {hit.id for hit in beside}


def test_a_newer_generation_is_taken_up_without_a_restart(need: Need, offers: list[Capability]) -> None:
    build()
    first = current_index()
    make_capability(organisation=offers[0].organisation, title="轧辊表面堆焊")
    build()
    assert current_index() is first
    assert first.number == 2
    assert len(ranked(need)) == 5


def test_what_is_past_its_last_day_is_not_found_and_a_renewed_one_is(
    need: Need, offers: list[Capability], professor: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    today = clock.today()
    Capability.objects.filter(pk=offers[0].pk).update(valid_until=today)
    Capability.objects.filter(pk=offers[1].pk).update(valid_until=today)
    build()
    assert ids(need) == keys(offers)
    capability_confirm(capability=Capability.objects.get(pk=offers[1].pk), by=professor)
    monkeypatch.setattr(clock, "today", lambda: today + timedelta(days=1))
    assert ids(need) == keys(offers) - {offers[0].pk}


def test_ones_own_and_those_kept_for_brokers_are_never_found(need: Need, offers: list[Capability]) -> None:
    Capability.objects.filter(pk=offers[0].pk).update(disclosure=Disclosure.BROKERS)
    Capability.objects.filter(pk=offers[1].pk).update(organisation=need.organisation)
    build()
    assert ids(need) == keys(offers[2:])


def test_needs_come_and_go_for_a_capability(
    need: Need, offers: list[Capability], match: Match, sme_owner: User
) -> None:
    build()
    other = make_need(organisation=make_organisation("另一家工厂有限公司"), title="轧辊涂层剥落")
    match(capability=offers[0])
    assert set(offers[0].proposals.values_list("need", flat=True)) == {need.pk, other.pk}
    need_close(need=need, by=sme_owner)
    match(capability=offers[0])
    assert set(offers[0].proposals.filter(rank__isnull=False).values_list("need", flat=True)) == {other.pk}


def damage(generation: IndexGeneration) -> None:
    file = storage.obtain(generation) / "capabilities" / "bigrams.weights.npy"
    content = bytearray(file.read_bytes())
    content[-3] ^= 0xFF
    file.chmod(0o600)
    file.write_bytes(content)
    os.utime(file, ns=(1, 1))


def test_a_damaged_generation_is_reported_and_the_last_good_one_serves_on(need: Need, offers: list[Capability]) -> None:
    build()
    assert current_index().number == 1
    late = make_capability(organisation=offers[0].organisation, title="轧辊表面堆焊")
    second = build()
    damage(second)
    assert ids(need) == keys(offers) | {late.pk}
    assert current_index().number == 1
    second.refresh_from_db()
    assert second.state == GenerationState.DAMAGED
    assert building.build() is not None  # due at once
    assert ids(need) == keys(offers) | {late.pk}
    assert current_index().number == 3


def test_while_the_storage_is_away_the_generation_in_use_serves_on(
    need: Need, offers: list[Capability], monkeypatch: pytest.MonkeyPatch
) -> None:
    build()
    found = ids(need)
    second = build()
    with monkeypatch.context() as away:
        away.setattr(storage, "obtain", refuse)
        assert (ids(need), current_index().number) == (found, second.number - 1)
    assert second.state == IndexGeneration.objects.get(pk=second.pk).state
    assert (ids(need), current_index().number) == (found, second.number)


def refuse(generation: IndexGeneration) -> Path:
    raise storage.IndexUnreachable(f"{generation.folder} cannot be fetched")


def test_a_process_that_starts_beside_a_damaged_generation_uses_the_one_before(
    need: Need, offers: list[Capability], monkeypatch: pytest.MonkeyPatch
) -> None:
    build()
    damage(build())
    monkeypatch.setattr(live, "_live", None)
    assert ids(need) == keys(offers)
    assert current_index().number == 1


def test_without_files_many_rows_wait_for_a_build_and_no_attempt_is_lost(
    need: Need, offers: list[Capability], settings: LazySettings
) -> None:
    settings.MATCHING_MOST_UNINDEXED = 3
    with pytest.raises(IndexNotReady):
        current_index()
    requests.request_for_needs([need], priority="interactive")  # type: ignore[arg-type]  # as a row has it
    waiting = MatchRequest.objects.get(need=need)
    for _ in range(5):
        MatchRequest.objects.update(due_at=clock.now())
        tasks.match(waiting.public_id)
        waiting.refresh_from_db()
        assert (waiting.state, waiting.attempt) == (RequestState.PENDING, 0)
    build()
    MatchRequest.objects.update(due_at=clock.now())
    tasks.match(waiting.public_id)
    waiting.refresh_from_db()
    assert (waiting.state, waiting.proposals_count) == (RequestState.DONE, 1)  # they say the same: one place for all


def test_a_person_is_served_while_an_import_is_read_and_bulk_work_waits(
    need: Need, offers: list[Capability], monkeypatch: pytest.MonkeyPatch
) -> None:
    build()
    assert len(ids(need)) == 4
    monkeypatch.setattr(live, "MOST_PER_RUN", 2)
    late = [make_capability(organisation=offers[0].organisation, title=f"轧辊堆焊 {n}") for n in range(5)]
    index = current_index(complete=False)
    assert len(ranked(need, index)) == 6
    with pytest.raises(IndexNotReady):
        current_index(complete=True)
    assert len(ranked(need, index)) == 8
    assert ids(need) == keys([*offers, *late])
