"""What the tests of the index share."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from django.conf import LazySettings
from django.core.files.storage import Storage, storages

from apps.matching import encoders, vectors
from apps.matching.documents import engine_counter, engine_segmenter, engine_taxonomy


@pytest.fixture
def no_encoder(monkeypatch: pytest.MonkeyPatch) -> None:
    """Without the meaning of texts, whose encoder takes a second to read."""
    for module in (vectors, encoders):
        monkeypatch.setattr(module, "current_encoder", lambda: None)


@pytest.fixture
def own_taxonomy() -> Iterator[None]:
    """What this process learnt of the terms is forgotten before and after: some tests have few of them."""
    for learnt in (engine_taxonomy, engine_segmenter, engine_counter):
        learnt.cache_clear()
    yield
    for learnt in (engine_taxonomy, engine_segmenter, engine_counter):
        learnt.cache_clear()


@pytest.fixture
def own_files(settings: LazySettings, tmp_path: Path) -> Path:
    """A folder of this test's for the files of indexes, published ones and others."""
    settings.VAR_DIR = tmp_path
    keep_index_in(settings, "django.core.files.storage.FileSystemStorage", tmp_path / "index")
    return tmp_path


@pytest.fixture
def bucket(settings: LazySettings, own_files: Path) -> Storage:
    """Published files lie in a storage without paths."""
    keep_index_in(settings, "tests.matching.index.bucket.Bucket", own_files / "bucket")
    return storages["index"]


def keep_index_in(settings: LazySettings, backend: str, location: Path) -> None:
    place = {"BACKEND": backend, "OPTIONS": {"location": str(location)}}
    settings.STORAGES = settings.STORAGES | {"index": place}
