"""The file that proves an outcome: what it really is, and under what name it is kept."""

from pathlib import PurePath

from django.core.exceptions import ValidationError

from apps.core.validators import clean_text
from apps.needs.file_kinds import MIME_OF_SUFFIX, Upload, checked_content_type

NAME_LIMIT = 200


def check_evidence(upload: Upload) -> None:
    """ValidationError beside the field unless the content is what the name says."""
    try:
        checked_content_type(upload)
    except ValidationError as error:
        raise ValidationError({"evidence": error.messages}) from error


def kept_name(upload: Upload) -> str:
    """The file's own name without folders; a long one loses its middle, never its ending."""
    name = clean_text(PurePath((upload.name or "").replace("\\", "/")).name).strip()
    suffix = PurePath(name).suffix
    return name.removesuffix(suffix)[: NAME_LIMIT - len(suffix)] + suffix


def content_type_of(name: str) -> str:
    """The MIME type of evidence by the name it is kept under, which was checked against its content."""
    return MIME_OF_SUFFIX.get(PurePath(name).suffix.lower(), "application/octet-stream")
