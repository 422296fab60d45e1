"""Files of an index: what is not what was built is never read, and says what it is."""

import hashlib
import json
import os
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.core.exceptions import ImproperlyConfigured
from django.core.files.storage import Storage

from apps.core import clock
from apps.matching.index import manifests, storage
from apps.matching.index.manifests import MANIFEST, IndexDamaged
from apps.matching.models import GenerationState, IndexGeneration
from matchsvc.index_storage import index_storage

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("own_files")]
FILES = {"statistics.json": b'{"documents": 3}', "capabilities/words.rows.npy": bytes(range(256)), "needs/empty": b""}


def publish(tmp_path: Path, number: int = 1) -> IndexGeneration:
    """A generation of a few files."""
    folder = tmp_path / "made"
    for name, content in FILES.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(content)
    name = f"{number:06d}-test"
    manifest_hash = storage.publish(folder, name, manifests.describe(folder, {"number": number}))
    now = clock.now()
    return IndexGeneration.objects.create(
        number=number,
        state=GenerationState.PUBLISHED,
        folder=name,
        manifest_hash=manifest_hash,
        started_at=now,
        published_at=now,
    )


def read(folder: Path) -> dict[str, bytes]:
    return {name: (folder / name).read_bytes() for name in FILES}


@pytest.fixture(params=["folder", "bucket"])
def generation(request: pytest.FixtureRequest, tmp_path: Path) -> IndexGeneration:
    """Published in either kind of storage."""
    if request.param == "bucket":
        request.getfixturevalue("bucket")
    return publish(tmp_path)


@pytest.fixture
def place(generation: IndexGeneration, tmp_path: Path) -> Path:
    """Where the files lie that all hosts read."""
    return next(path for path in (tmp_path / "index", tmp_path / "bucket") if path.is_dir()) / generation.folder


def test_what_was_published_comes_back_as_it_was(generation: IndexGeneration) -> None:
    for _ in range(2):
        assert read(storage.obtain(generation)) == FILES


def flip(path: Path) -> None:
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 1
    path.write_bytes(content)


def truncate(path: Path) -> None:
    path.write_bytes(path.read_bytes()[:-1])


def grow(path: Path) -> None:
    path.write_bytes(path.read_bytes() + b"\0")


def foreign(path: Path) -> None:
    """A pickle, of all things."""
    path.write_bytes(b"\x80\x04K\x01.")


DAMAGES = [flip, truncate, grow, foreign, Path.unlink]


@pytest.mark.parametrize("name", [*FILES, MANIFEST])
@pytest.mark.parametrize("damage", DAMAGES, ids=lambda damage: damage.__name__)
def test_any_damage_to_any_file_is_found(
    generation: IndexGeneration, place: Path, name: str, damage: Callable[[Path], None]
) -> None:
    if damage in (flip, truncate) and not (place / name).stat().st_size:
        return  # nothing to harm
    damage(place / name)
    with pytest.raises(IndexDamaged, match=Path(name).name):
        storage.obtain(generation)


def test_a_generation_that_is_gone_is_damaged(generation: IndexGeneration, place: Path) -> None:
    shutil.rmtree(place)
    with pytest.raises(IndexDamaged):
        storage.obtain(generation)


@pytest.mark.parametrize("format_number", [0, 2, "1", None])
def test_files_of_another_format_are_not_read(generation: IndexGeneration, place: Path, format_number: object) -> None:
    content = json.loads((place / MANIFEST).read_bytes()) | {"format": format_number}
    (place / MANIFEST).write_text(json.dumps(content))
    generation.manifest_hash = hashlib.sha256((place / MANIFEST).read_bytes()).hexdigest()
    with pytest.raises(IndexDamaged, match="format"):
        storage.obtain(generation)


def test_a_manifest_that_was_exchanged_together_with_its_files_is_found(
    generation: IndexGeneration, place: Path
) -> None:
    (place / "statistics.json").write_bytes(b'{"documents": 4}')
    (place / MANIFEST).unlink()
    (place / MANIFEST).write_bytes(manifests.describe(place, {"number": 1}).encode())
    with pytest.raises(IndexDamaged, match="not the one that was published"):
        storage.obtain(generation)


class TestWhatAHostRemembers:
    def test_files_are_summed_once(self, generation: IndexGeneration, monkeypatch: pytest.MonkeyPatch) -> None:
        storage.obtain(generation)

        def refuse(path: Path) -> str:
            raise AssertionError(f"{path} is read again")

        monkeypatch.setattr(manifests, "sha256_of", refuse)
        storage.obtain(generation)

    def test_a_file_that_changed_is_summed_again(self, tmp_path: Path) -> None:
        generation = publish(tmp_path)
        folder = storage.obtain(generation)
        flip(folder / "capabilities/words.rows.npy")
        with pytest.raises(IndexDamaged):
            storage.obtain(generation)

    def test_a_check_reads_every_file_whatever_is_remembered(self, tmp_path: Path) -> None:
        generation = publish(tmp_path)
        file = storage.obtain(generation) / "capabilities/words.rows.npy"
        storage.check(generation)
        moment = file.stat()
        flip(file)
        os.utime(file, ns=(moment.st_atime_ns, moment.st_mtime_ns))
        storage.obtain(generation)  # as a disk that rots behind everybody's back
        with pytest.raises(IndexDamaged):
            storage.check(generation)

    def test_a_copy_that_rots_is_fetched_anew(self, bucket: Storage, tmp_path: Path) -> None:
        generation = publish(tmp_path)
        truncate(storage.obtain(generation) / "statistics.json")
        assert read(storage.obtain(generation)) == FILES

    def test_a_copy_that_broke_off_is_no_copy(self, bucket: Storage, tmp_path: Path) -> None:
        generation = publish(tmp_path)
        left_over = storage.cache_dir() / f"{generation.folder}{storage.PART}"
        left_over.mkdir(parents=True)
        (left_over / "statistics.json").write_bytes(b"half")
        assert read(storage.obtain(generation)) == FILES
        assert not left_over.exists()

    def test_generations_that_are_not_kept_are_forgotten(self, bucket: Storage, tmp_path: Path) -> None:
        storage.obtain(publish(tmp_path, 1))
        IndexGeneration.objects.update(state=GenerationState.RETIRED)
        second = publish(tmp_path, 2)
        storage.obtain(second)
        assert {path.name.removesuffix(storage.STAMPED) for path in storage.cache_dir().iterdir()} == {
            storage.LOCK,
            second.folder,
        }


def test_a_storage_that_does_not_answer_is_no_damage(
    bucket: Storage, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    generation = publish(tmp_path)

    def refuse(*_: Any) -> None:
        raise ConnectionError("no route to host")

    monkeypatch.setattr(type(bucket), "_open", refuse)
    with pytest.raises(storage.IndexUnreachable):
        storage.obtain(generation)


def test_the_manifest_is_written_last(bucket: Storage, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    written: list[str] = []
    save = type(bucket)._save  # type: ignore[attr-defined]  # every storage has it

    def watched(self: Storage, name: str, content: Any) -> str:
        written.append(name)
        return str(save(self, name, content))

    monkeypatch.setattr(type(bucket), "_save", watched)
    publish(tmp_path)
    assert [Path(name).name for name in written][-1] == MANIFEST
    assert len(written) == len(FILES) + 1


def test_what_a_broken_publication_left_behind_is_replaced(bucket: Storage, tmp_path: Path) -> None:
    old = tmp_path / "bucket" / "000001-test" / "statistics.json"
    old.parent.mkdir(parents=True)
    old.write_bytes(b"half")
    assert read(storage.obtain(publish(tmp_path))) == FILES


def test_removing_leaves_nothing(generation: IndexGeneration, place: Path) -> None:
    storage.obtain(generation)
    for _ in range(2):
        storage.remove(generation.folder)
    assert [path for path in place.rglob("*") if path.is_file()] == []
    assert {path.name for path in storage.cache_dir().iterdir()} <= {storage.LOCK}


class TestWhereFilesLie:
    def test_a_folder(self, tmp_path: Path) -> None:
        assert index_storage("", tmp_path)["OPTIONS"]["location"] == tmp_path
        assert index_storage(str(tmp_path / "shared"), tmp_path)["OPTIONS"]["location"] == tmp_path / "shared"

    def test_a_bucket(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr("matchsvc.index_storage.find_spec", lambda name: True)
        options = index_storage("s3://city/match/index/", tmp_path)["OPTIONS"]
        assert (options["bucket_name"], options["location"]) == ("city", "match/index")

    def test_a_bucket_without_its_client_says_what_to_install(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr("matchsvc.index_storage.find_spec", lambda name: None)
        with pytest.raises(ImproperlyConfigured, match=r"pip install .django-storages\[s3\]"):
            index_storage("s3://city/index", tmp_path)

    @pytest.mark.parametrize("place", ["s3:///index", "http://city/index", "S4://x"])
    def test_anything_else_is_refused(self, tmp_path: Path, place: str) -> None:
        with pytest.raises(ImproperlyConfigured, match="INDEX_STORAGE"):
            index_storage(place, tmp_path)
