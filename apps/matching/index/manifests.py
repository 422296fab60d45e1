"""What an index consists of: every file with its size and SHA-256, and what it was made of."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

FORMAT = 1
"""Of the manifest and of what it stands for: files of another are none of this version's business."""
MANIFEST = "manifest.json"


class IndexDamaged(Exception):
    """The files of a generation are not what was built, or not there. The message says which, and how."""


@dataclass(frozen=True, slots=True)
class Listed:
    """A file as the manifest names it."""

    size: int
    sha256: str


@dataclass(frozen=True, slots=True)
class Manifest:
    """`about` says what the files were made of and by; `files` names each by its path below the folder."""

    about: Mapping[str, Any]
    files: Mapping[str, Listed]

    @property
    def size(self) -> int:
        return sum(file.size for file in self.files.values())

    def encode(self) -> bytes:
        files = {name: {"bytes": file.size, "sha256": file.sha256} for name, file in self.files.items()}
        content = {"format": FORMAT, "about": dict(self.about), "files": files}
        return json.dumps(content, ensure_ascii=False, indent=1, sort_keys=True).encode()


def read_manifest(content: bytes) -> Manifest:
    """IndexDamaged where it is none, or of another format."""
    try:
        read = json.loads(content)
        found = read["format"]
        files = {str(name): Listed(int(file["bytes"]), str(file["sha256"])) for name, file in read["files"].items()}
        manifest = Manifest(dict(read["about"]), files)
    except (ValueError, TypeError, KeyError, AttributeError) as error:
        raise IndexDamaged(f"{MANIFEST} cannot be read: {error!r}") from error
    if found != FORMAT:
        raise IndexDamaged(f"{MANIFEST} is of format {found!r}, not {FORMAT}")
    return manifest


def describe(folder: Path, about: Mapping[str, Any]) -> Manifest:
    """The manifest of what lies below a folder."""
    paths = sorted(path for path in folder.rglob("*") if path.is_file())
    files = {path.relative_to(folder).as_posix(): Listed(path.stat().st_size, sha256_of(path)) for path in paths}
    return Manifest(about, files)


def trusted_manifest(folder: Path, manifest_hash: str) -> Manifest:
    """The manifest that lies in a folder. IndexDamaged unless it has this SHA-256."""
    try:
        content = (folder / MANIFEST).read_bytes()
    except (FileNotFoundError, NotADirectoryError) as error:
        raise IndexDamaged(f"{MANIFEST} is not there") from error
    manifest = read_manifest(content)
    if hashlib.sha256(content).hexdigest() != manifest_hash:
        raise IndexDamaged(f"{MANIFEST} is not the one that was published")
    return manifest


def looked_at(folder: Path, manifest: Manifest) -> list[tuple[str, int, int]]:
    """Name, size and time of change (ns) of every file. IndexDamaged where one is missing or of another size."""
    seen = []
    for name, listed in sorted(manifest.files.items()):
        try:
            found = (folder / name).stat()
        except (FileNotFoundError, NotADirectoryError) as error:
            raise IndexDamaged(f"{name} is not there") from error
        if found.st_size != listed.size:
            raise IndexDamaged(f"{name} has {found.st_size} bytes, not {listed.size}")
        seen.append((name, found.st_size, found.st_mtime_ns))
    return seen


def compare_sums(folder: Path, manifest: Manifest) -> None:
    """Read every file. IndexDamaged where one is not what was built."""
    for name, listed in manifest.files.items():
        if sha256_of(folder / name) != listed.sha256:
            raise IndexDamaged(f"{name} is not what was built")


def sha256_of(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
