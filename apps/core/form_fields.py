"""Form fields for long texts that people have worked on: nothing of them is ever cut off."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext_lazy as _

from apps.core.validators import validate_text


class TextField(forms.CharField):
    """A text column, with its label and length; never required, as a draft may hold anything.

    The browser is not told the length: it would cut a pasted text silently. A counter and the server tell instead.
    """

    def __init__(self, column: Any, *, rows: int = 0, **options: Any) -> None:
        assert isinstance(column, models.Field)  # noqa: S101  (for the type checker)
        self.limit: int = column.max_length or 0
        widget = forms.Textarea(attrs={"rows": rows}) if rows else forms.TextInput()
        options = {"label": column.verbose_name, "widget": widget} | options
        super().__init__(required=False, validators=[validate_text], strip=False, **options)

    def to_python(self, value: Any) -> str:
        """Line ends as the model counts them: browsers send two signs for each."""
        return (super().to_python(value) or "").replace("\r\n", "\n").rstrip()

    def validate(self, value: Any) -> None:
        super().validate(value)
        if len(value) > self.limit:
            raise ValidationError(
                _("最多 %(most)d 个字，现有 %(now)d 个。"), params={"most": self.limit, "now": len(value)}
            )
