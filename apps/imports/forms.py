"""Forms of imports."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from apps.core.tables import Fields
from apps.imports.columns import Column, Mapped
from apps.imports.doors import field_label


class UploadForm(forms.Form):
    file = forms.FileField(
        label=_("文件"),
        help_text=_("支持 .xlsx 和 .csv，最大 50 MB、20 万行。WPS 或旧版 Excel 的文件请先另存为 .xlsx。"),
        error_messages={"required": _("请选择要导入的文件。"), "empty": _("这是一个空文件，请重新选择。")},
        widget=forms.FileInput({"accept": ".xlsx,.csv", "class": "form-control"}),
    )


class ColumnsForm(forms.Form):
    """One choice for each column; what is left empty is not imported."""

    def __init__(
        self, data: Any = None, *, columns: Sequence[Column], fields: Fields, initial: Mapped | None = None
    ) -> None:
        super().__init__(data)
        self.columns = columns
        choices: list[tuple[str, Any]] = [("", _("不导入"))]
        for name in fields.spellings:
            star = "★ " if name in fields.required else ""
            choices.append((name, f"{star}{field_label(fields, name)}"))
        for column in columns:
            self.fields[f"column_{column.number}"] = forms.ChoiceField(
                label=column.heading or column.letter,
                choices=choices,
                required=False,
                widget=forms.Select({"class": "form-select"}),
                initial=(initial or {}).get(str(column.number), ""),
            )

    def rows(self) -> list[tuple[Column, Any]]:
        """Each column with its choice, to be shown side by side."""
        return [(column, self[f"column_{column.number}"]) for column in self.columns]

    def mapping(self) -> Mapped:
        return {
            str(column.number): name
            for column in self.columns
            if (name := self.cleaned_data.get(f"column_{column.number}"))
        }
