"""The files of a generation: published once, checked before they are read, never changed.

They lie where `STORAGES["index"]` says. A storage with paths (a folder, shared or not) is read where it is; from any
other (S3) each host fetches them once into VAR_DIR. A manifest, written last, names every file with its size and
SHA-256, and the row of the generation holds the manifest's own: so nothing is read that is not what was built. Hashing
gigabytes takes seconds: each host does it once for a generation and remembers by sizes and times of change; sizes are
looked at every time.
"""

import fcntl
import hashlib
import json
import logging
import os
import shutil
from collections.abc import Collection, Iterable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from django.conf import settings
from django.core.files import File
from django.core.files.base import ContentFile
from django.core.files.storage import Storage, storages

from apps.matching.index.manifests import (
    MANIFEST,
    IndexDamaged,
    Manifest,
    compare_sums,
    looked_at,
    trusted_manifest,
)
from apps.matching.models import GenerationState, IndexGeneration

__all__ = ["IndexDamaged", "IndexUnreachable", "check", "forget_others", "obtain", "publish", "remove", "verify"]

logger = logging.getLogger(__name__)
STAMPED, PART, LOCK = ".checked", ".part", "lock"
"""In the cache: a generation's stamp, a copy that is being fetched, and what only one process of a host holds."""
COPIED_AT_ONCE = 1 << 20


class IndexUnreachable(Exception):
    """The storage does not answer. Whoever has another generation goes on with it."""


def index_storage() -> Storage:
    return storages["index"]


def publish(folder: Path, name: str, manifest: Manifest) -> str:
    """Bring the files below `folder` to where all hosts find them, under `name`; the SHA-256 of the manifest.

    Whoever has the manifest has every file: it is written last, or appears together with them. On the same disk the
    folder is moved as it is, and gone from where it was.
    """
    content = manifest.encode()
    storage = index_storage()
    if (target := local_folder(storage, name)) is None or not _move(folder, target, content):
        for file in manifest.files:
            with (folder / file).open("rb") as source:
                _save(storage, f"{name}/{file}", File(source))
        _save(storage, f"{name}/{MANIFEST}", ContentFile(content))
    return hashlib.sha256(content).hexdigest()


def _move(folder: Path, target: Path, manifest: bytes) -> bool:
    """Rename, so that the folder appears whole or not at all; False where it lies on another disk."""
    target.parent.mkdir(parents=True, exist_ok=True)
    if folder.stat().st_dev != target.parent.stat().st_dev:
        return False
    (folder / MANIFEST).write_bytes(manifest)
    _flush(folder)
    folder.chmod(0o755)
    folder.rename(target)
    return True


def _flush(folder: Path) -> None:
    """To the disk itself: a name that survives a power failure must not outlive its content."""
    for path in [folder, *folder.rglob("*")]:
        handle = os.open(path, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)


def _save(storage: Storage, name: str, content: File) -> None:  # type: ignore[type-arg]  # generic for the checker only
    """Storages rather choose another name than replace what is there: left over from a publication that broke off."""
    if storage.exists(name):
        storage.delete(name)
    saved = storage.save(name, content)
    if saved != name:
        raise OSError(f"the storage wrote {saved} instead of {name}")


def remove(name: str) -> None:
    """Delete the files of a generation, the manifest first; those that a process has mapped stay with it."""
    storage = index_storage()
    if (folder := local_folder(storage, name)) is not None:
        shutil.rmtree(folder, ignore_errors=True)
    else:
        with suppress(FileNotFoundError):
            storage.delete(f"{name}/{MANIFEST}")
        for file in list(_files_below(storage, name)):
            storage.delete(file)
    forget(name)


def _files_below(storage: Storage, name: str) -> Iterator[str]:
    try:
        folders, files = storage.listdir(name)
    except FileNotFoundError:
        return
    yield from (f"{name}/{file}" for file in files)
    for folder in folders:
        yield from _files_below(storage, f"{name}/{folder}")


def obtain(generation: IndexGeneration) -> Path:
    """The folder on this host that holds a generation's files, checked. IndexDamaged where they are not what they were.

    IndexUnreachable where the storage does not answer: that is no fault of the files.
    """
    storage, name, trusted = index_storage(), generation.folder, generation.manifest_hash
    if (folder := local_folder(storage, name)) is not None:
        verify(folder, trusted, stamp=_stamp(name))
        return folder
    folder = cache_dir() / name
    if folder.is_dir():
        try:
            verify(folder, trusted, stamp=_stamp(name))
        except IndexDamaged as error:
            logger.warning("This host's copy of index %s is fetched anew: %s.", name, error)
            forget(name)
        else:
            return folder
    _fetch(storage, name, trusted)
    verify(folder, trusted, stamp=_stamp(name))
    forget_others({name, *_kept()})
    return folder


def _kept() -> Iterable[str]:
    return IndexGeneration.objects.filter(state=GenerationState.PUBLISHED).values_list("folder", flat=True)


def verify(folder: Path, manifest_hash: str, *, stamp: Path | None = None) -> Manifest:
    """Compare a folder with its manifest, and that with its own sum. IndexDamaged says what is wrong.

    `stamp` remembers that sums were right: while sizes and times of change stay, they are not made again.
    """
    manifest = trusted_manifest(folder, manifest_hash)
    seen = looked_at(folder, manifest)
    key = hashlib.sha256(json.dumps([manifest_hash, seen]).encode()).hexdigest()
    if stamp is None:
        compare_sums(folder, manifest)
    elif not _is_stamped(stamp, key):
        with _alone():  # eight workers wait for the first to read it all, rather than reading it eight times
            if not _is_stamped(stamp, key):
                compare_sums(folder, manifest)
                stamp.write_text(key, encoding="utf-8")
    return manifest


def forget(name: str) -> None:
    """Delete what this host keeps of a generation."""
    shutil.rmtree(cache_dir() / name, ignore_errors=True)
    _stamp(name).unlink(missing_ok=True)


def check(generation: IndexGeneration) -> None:
    """Read every file where all hosts find it, whatever this host remembers. IndexDamaged, or IndexUnreachable."""
    storage, name = index_storage(), generation.folder
    if (folder := local_folder(storage, name)) is None:
        forget(name)
        obtain(generation)
    else:
        verify(folder, generation.manifest_hash)


def forget_others(names: Collection[str]) -> None:
    """Delete what this host keeps of any generation but these."""
    found = cache_dir().iterdir() if cache_dir().is_dir() else []
    for name in {path.name.removesuffix(STAMPED) for path in found if path.suffix != PART} - {LOCK, *names}:
        forget(name)


def local_folder(storage: Storage, name: str) -> Path | None:
    """Where a storage that has paths keeps a generation; None for one that has none."""
    try:
        return Path(storage.path(name))
    except NotImplementedError:
        return None


def cache_dir() -> Path:
    return Path(settings.VAR_DIR) / "index-cache"


def _fetch(storage: Storage, name: str, manifest_hash: str) -> None:
    """Bring a generation to this host, unless another process has; the folder appears whole or not at all."""
    target = cache_dir() / name
    with _alone():
        if target.is_dir():
            return
        for left_over in cache_dir().glob(f"*{PART}"):  # of processes that were killed: nobody else is here now
            shutil.rmtree(left_over, ignore_errors=True)
        part = cache_dir() / f"{name}{PART}"
        part.mkdir()
        _copy(storage, f"{name}/{MANIFEST}", part / MANIFEST)
        for file in trusted_manifest(part, manifest_hash).files:
            _copy(storage, f"{name}/{file}", part / file)
        part.rename(target)


def _copy(storage: Storage, name: str, target: Path) -> None:
    target.parent.mkdir(parents=True, exist_ok=True)
    try:
        with storage.open(name) as source, target.open("wb") as file:
            shutil.copyfileobj(source, file, COPIED_AT_ONCE)
    except FileNotFoundError as error:
        raise IndexDamaged(f"{name} is not there") from error
    except Exception as error:  # each storage has its own
        raise IndexUnreachable(f"{name} cannot be fetched: {error!r}") from error


def _stamp(name: str) -> Path:
    return cache_dir() / f"{name}{STAMPED}"


def _is_stamped(stamp: Path, key: str) -> bool:
    try:
        return stamp.read_text(encoding="utf-8") == key
    except FileNotFoundError:
        return False


@contextmanager
def _alone() -> Iterator[None]:
    """No other process of this host fetches or sums meanwhile. A killed one lets go."""
    cache_dir().mkdir(parents=True, exist_ok=True)
    with (cache_dir() / LOCK).open("a") as handle:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield
