"""A storage without paths, as a bucket has none, that several processes can share."""

from typing import Any

from django.core.files import File
from django.core.files.storage import FileSystemStorage, Storage


class Bucket(Storage):
    """Files that can be had by name only."""

    def __init__(self, location: str) -> None:
        self._files = FileSystemStorage(location=location)

    def _open(self, name: str, mode: str = "rb") -> "File[Any]":
        return self._files.open(name, mode)

    def _save(self, name: str, content: "File[Any]") -> str:
        return self._files.save(name, content)

    def exists(self, name: str) -> bool:
        return self._files.exists(name)

    def delete(self, name: str) -> None:
        self._files.delete(name)

    def listdir(self, path: str) -> tuple[list[str], list[str]]:
        return self._files.listdir(path)
