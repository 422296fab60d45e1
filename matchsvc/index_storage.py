"""Where the files of the matcher's index lie: a folder, or a bucket of an S3-compatible storage."""

from importlib.util import find_spec
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from django.core.exceptions import ImproperlyConfigured

IN_MEMORY_BYTES = 64 << 20


def index_storage(place: str, default: Path) -> dict[str, Any]:
    """An entry of Django's STORAGES from a folder or `s3://bucket/prefix`; "" stands for the default folder.

    Endpoint, region and credentials of S3 are read by its client, from the usual AWS_… variables.
    """
    url = urlsplit(place)
    if url.scheme == "s3":
        return _bucket(url.netloc, url.path.strip("/"))
    if "://" in place:
        raise ImproperlyConfigured(f"INDEX_STORAGE must be a folder or begin with s3://, not {url.scheme}://.")
    options = {"location": Path(place or default).resolve(), "file_permissions_mode": 0o644}
    return {"BACKEND": "django.core.files.storage.FileSystemStorage", "OPTIONS": options}


def _bucket(name: str, prefix: str) -> dict[str, Any]:
    if not name:
        raise ImproperlyConfigured("INDEX_STORAGE must name a bucket: s3://bucket/prefix.")
    if find_spec("storages") is None or find_spec("boto3") is None:
        raise ImproperlyConfigured('INDEX_STORAGE is on S3: install its client with pip install "django-storages[s3]".')
    options = {"bucket_name": name, "location": prefix, "max_memory_size": IN_MEMORY_BYTES}
    return {"BACKEND": "storages.backends.s3.S3Storage", "OPTIONS": options}
