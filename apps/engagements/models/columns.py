"""Columns that several tables of a case share: money in yuan, and files kept under random names."""

import uuid
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.core.validators import MinValueValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

from apps.core.models import PublicIdModel
from apps.core.validators import validate_text

if TYPE_CHECKING:
    from django.utils.functional import _StrPromise


def yuan_field(label: "str | _StrPromise", *, required: bool = False) -> Any:
    """Money in yuan, to the fen: decimal, never a float."""
    return models.DecimalField(
        label,
        max_digits=16,
        decimal_places=2,
        null=not required,
        blank=not required,
        validators=[MinValueValidator(0)],
    )


def case_file_path(row: models.Model, filename: str) -> str:
    """A random stored name: what a person called the file is kept in `name` only."""
    return f"cases/{uuid.uuid4().hex}"


class CaseFile(PublicIdModel):
    """A file that belongs to a case: checked by its content when it came, only ever served as a download."""

    file = models.FileField(upload_to=case_file_path)
    name = models.CharField(_("文件名"), max_length=200, validators=[validate_text])
    content_type = models.CharField(_("文件类型"), max_length=100)
    size_bytes = models.PositiveIntegerField(_("大小（字节）"))
    uploaded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name=_("上传人")
    )

    class Meta:
        abstract = True
        ordering = ("id",)

    def __str__(self) -> str:
        return self.name
