"""Builds: what makes one due, who carries it out, and what is left of it."""

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.core.files.storage import Storage
from django.db.models.functions import Now

from apps.capabilities.models import Capability
from apps.core import clock
from apps.core.models import AuditEntry
from apps.engine.counted import TermCounter
from apps.engine.index.opening import open_index
from apps.engine.tokens import Segmenter
from apps.matching.index import building, changes, claims, storage, upkeep
from apps.matching.models import GenerationState, IndexGeneration, RowKind
from apps.needs.models import Need
from tests.factories import make_capability, make_need

pytestmark = pytest.mark.usefixtures("no_encoder", "own_files", "taxonomy")


@pytest.fixture
def city(need: Need, capability: Capability) -> None:
    """Some rows of either side."""
    for number in range(3):
        make_capability(organisation=capability.organisation, title=f"激光熔覆修复技术 {number}")
        make_need(organisation=need.organisation, title=f"轴承座磨损修复 {number}")


def build() -> IndexGeneration:
    generation = building.build(by_hand=True)
    assert generation is not None
    return generation


def numbers(state: GenerationState) -> list[int]:
    return sorted(IndexGeneration.objects.filter(state=state).values_list("number", flat=True))


def refuse(*_: Any, **__: Any) -> None:
    raise AssertionError("this is not to happen")


@pytest.mark.usefixtures("city")
def test_a_build_holds_every_row_that_is_compared() -> None:
    changes.record(RowKind.NEED, [1])
    through = changes.floor()
    generation = build()
    index = open_index(storage.obtain(generation))
    assert index.capabilities.columns["id"].tolist() == sorted(Capability.objects.values_list("pk", flat=True))
    assert index.needs.columns["id"].tolist() == sorted(Need.objects.values_list("pk", flat=True))
    assert (generation.number, generation.capabilities_count, generation.needs_count) == (1, 4, 4)
    assert generation.changes_through == through > 0
    assert generation.bytes > 1_000
    assert len(generation.corpus_hash) == 64
    assert AuditEntry.objects.filter(action="index.published").count() == 1


def test_a_build_of_nothing_is_an_index_of_nothing() -> None:
    assert open_index(storage.obtain(build())).capabilities.columns["id"].tolist() == []


@pytest.mark.usefixtures("city")
def test_a_rebuild_cuts_nothing_and_makes_the_same_files(monkeypatch: pytest.MonkeyPatch) -> None:
    first = storage.obtain(build())
    monkeypatch.setattr(TermCounter, "count", refuse)
    monkeypatch.setattr(Segmenter, "words", refuse)
    generation = build()
    second = storage.obtain(generation)
    files = {path.relative_to(first): path.read_bytes() for path in first.rglob("*.*") if path.name != "manifest.json"}
    assert files
    assert {name: (second / name).read_bytes() for name in files} == files
    assert generation.corpus_hash == IndexGeneration.objects.get(number=1).corpus_hash


@pytest.mark.usefixtures("city")
def test_the_last_two_generations_stay_and_the_changes_they_hold_go(own_files: Path) -> None:
    for _ in range(4):
        changes.record(RowKind.NEED, [1, 2])
        build()
    assert numbers(GenerationState.PUBLISHED) == [3, 4]
    assert numbers(GenerationState.RETIRED) == [1, 2]
    folders = {path.name for path in (own_files / "index").iterdir()}
    assert folders == set(upkeep.published().values_list("folder", flat=True))
    assert changes.since(0) == changes.since(IndexGeneration.objects.get(number=3).changes_through)
    assert len(changes.since(0)) == 2


@pytest.mark.usefixtures("city")
def test_what_goes_wrong_is_written_down_and_leaves_nothing_behind(
    own_files: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    build()
    monkeypatch.setattr(building, "build_index", refuse)
    with pytest.raises(AssertionError):
        build()
    failed = IndexGeneration.objects.get(number=2)
    assert (failed.state, failed.folder) == (GenerationState.FAILED, "")
    assert "this is not to happen" in failed.error
    assert numbers(GenerationState.PUBLISHED) == [1]
    assert list((own_files / "index-building").iterdir()) == []


@pytest.mark.usefixtures("city")
def test_a_storage_that_fails_keeps_the_generation_before_in_use(monkeypatch: pytest.MonkeyPatch) -> None:
    build()
    monkeypatch.setattr(storage, "_move", lambda *_: False)
    monkeypatch.setattr(storage, "_save", refuse)
    with pytest.raises(AssertionError):
        build()
    monkeypatch.undo()
    assert [generation.number for generation in upkeep.published()] == [1]
    storage.obtain(upkeep.published()[0])


class TestWhoBuilds:
    def test_a_second_builder_stands_back(self) -> None:
        assert claims.claim() is not None
        assert claims.claim() is None
        assert building.build(by_hand=True) is None

    def test_a_builder_that_is_gone_is_followed_by_another(self) -> None:
        first = claims.claim()
        assert first is not None
        IndexGeneration.objects.update(lease_until=Now() - timedelta(seconds=1))
        second = claims.claim()
        assert second is not None
        assert (second.number, second.attempt) == (first.number, 2)
        assert not claims.held(first).exists()

    def test_one_that_was_overtaken_publishes_nothing(self, own_files: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        publish = storage.publish

        def overtake(*given: Any) -> str:
            IndexGeneration.objects.update(attempt=2)
            return publish(*given)

        monkeypatch.setattr(storage, "publish", overtake)
        assert building.build(by_hand=True) is None
        assert IndexGeneration.objects.get().state == GenerationState.BUILDING
        assert list((own_files / "index").iterdir()) == []

    def test_a_build_that_ends_every_builder_is_given_up(self) -> None:
        claims.claim()
        for _ in range(claims.MOST_ATTEMPTS):
            IndexGeneration.objects.filter(state="building").update(lease_until=Now() - timedelta(seconds=1))
            last = claims.claim()
        assert last is not None
        assert (last.number, last.attempt) == (2, 1)
        assert IndexGeneration.objects.get(number=1).error == "no attempt came to an end"

    def test_what_a_killed_builder_left_behind_is_removed(self, own_files: Path) -> None:
        (own_files / "index-building" / "1-1-abc").mkdir(parents=True)
        generation = claims.claim()
        assert generation is not None
        (own_files / "index" / "half").mkdir(parents=True)
        IndexGeneration.objects.update(folder="half", lease_until=Now() - timedelta(seconds=1))
        published = build()
        assert [path.name for path in (own_files / "index").iterdir()] == [published.folder]
        assert list((own_files / "index-building").iterdir()) == []


class TestWhenOneIsDue:
    def test_a_few_rows_need_no_files(self, city: None, monkeypatch: pytest.MonkeyPatch) -> None:
        assert upkeep.due_because() is None
        assert building.build() is None
        monkeypatch.setattr(upkeep, "FEW_ROWS", 7)
        assert upkeep.due_because() == upkeep.Due.NONE
        assert building.build() is not None
        assert upkeep.due_because() is None

    def test_many_changed_rows_make_one_due_and_a_row_counts_once(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(upkeep, "FEW_ROWS", 3)
        build()
        for _ in range(5):
            changes.record(RowKind.NEED, [1, 2, 3])
        assert upkeep.due_because() is None
        changes.record(RowKind.CAPABILITY, [1])
        assert upkeep.due_because() == upkeep.Due.CHANGES

    def test_a_share_of_a_large_index_may_change(self, monkeypatch: pytest.MonkeyPatch) -> None:
        build()
        IndexGeneration.objects.update(capabilities_count=10_000)
        changes.record(RowKind.NEED, range(500))
        assert upkeep.due_because() is None
        changes.record(RowKind.NEED, [500])
        assert upkeep.due_because() == upkeep.Due.CHANGES

    def test_after_a_day_any_change_makes_one_due(self) -> None:
        build()
        IndexGeneration.objects.update(published_at=clock.now() - timedelta(hours=25))
        assert upkeep.due_because() is None
        changes.record(RowKind.NEED, [1])
        assert upkeep.due_because() == upkeep.Due.AGE

    def test_other_software_makes_one_due_once(self, monkeypatch: pytest.MonkeyPatch) -> None:
        build()
        before = upkeep.software()
        monkeypatch.setattr(upkeep, "software", lambda: before | {"method": "of tomorrow"})
        monkeypatch.setattr(claims, "software", upkeep.software)
        assert upkeep.due_because() == upkeep.Due.SOFTWARE
        assert building.build() is not None
        assert upkeep.due_because() is None
        monkeypatch.undo()  # a host that was not upgraded yet
        assert upkeep.software() == before
        assert upkeep.due_because() is None

    def test_a_damaged_one_makes_one_due_at_once(self) -> None:
        generation = build()
        building.mark_damaged(generation, "words.rows.npy is not what was built")
        assert upkeep.due_because() == upkeep.Due.DAMAGED
        assert "is damaged: there is none to use" in upkeep.condition()
        assert building.build() is not None
        assert upkeep.due_because() is None
        assert upkeep.condition() == "ok"

    def test_only_a_generation_in_use_can_be_found_damaged(self) -> None:
        generation = build()
        IndexGeneration.objects.update(state=GenerationState.RETIRED)
        building.mark_damaged(generation, "gone")
        assert numbers(GenerationState.RETIRED) == [1]

    def test_after_a_failure_there_is_a_pause(self, monkeypatch: pytest.MonkeyPatch) -> None:
        build()
        building.mark_damaged(IndexGeneration.objects.get(), "gone")
        with monkeypatch.context() as broken:
            broken.setattr(building, "build_index", refuse)
            with pytest.raises(AssertionError):
                building.build()
        assert upkeep.due_because() is None
        assert "generation 2 is failed" in upkeep.condition()
        IndexGeneration.objects.filter(number=2).update(finished_at=clock.now() - timedelta(minutes=6))
        assert upkeep.due_because() == upkeep.Due.DAMAGED


@pytest.mark.usefixtures("city")
def test_a_storage_without_paths_does_as_well(bucket: Storage, own_files: Path) -> None:
    generations = [build() for _ in range(3)]
    folder = storage.obtain(generations[-1])
    assert folder.parent == own_files / "index-cache"
    assert len(open_index(folder).needs.columns["id"]) == 4
    names = {folder: files for folder in bucket.listdir("")[0] if (files := bucket.listdir(folder)[1])}
    assert set(names) == {generation.folder for generation in generations[1:]}
