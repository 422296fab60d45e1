"""Fields of the need form: long texts that are never cut short, and terms of the vocabularies by code."""

from collections.abc import Iterable, Iterator
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.forms.models import ModelChoiceIterator
from django.utils.translation import gettext_lazy as _

from apps.core.validators import validate_text
from apps.needs.models import Need
from apps.taxonomy.models import Term, Vocabulary
from apps.taxonomy.selectors import terms

NOT_OFFERED = _("请从列表中选择。")


class TextField(forms.CharField):
    """A text of the model, with its label and length; never required, as a draft may hold anything.

    The browser is not told the length: it would cut a pasted text silently. A counter and the server tell instead.
    """

    def __init__(self, name: str, *, rows: int = 0, **options: Any) -> None:
        column = Need._meta.get_field(name)
        self.limit: int = getattr(column, "max_length", 0)
        widget = forms.Textarea(attrs={"rows": rows}) if rows else forms.TextInput()
        options = {"label": getattr(column, "verbose_name", ""), "widget": widget} | options
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


class GroupedTerms(ModelChoiceIterator):  # type: ignore[type-arg]  # generic for the checker only
    """The choices of a select, each group headed by the term above its members, which may be chosen too."""

    def __iter__(self) -> Iterator[Any]:
        if self.field.empty_label is not None:
            yield ("", self.field.empty_label)
        groups: dict[int, list[Term]] = {}
        for term in self.queryset.select_related("parent"):
            groups.setdefault(term.parent_id or term.pk, []).append(term)
        for members in groups.values():
            head = next((term for term in members if term.parent_id is None), members[0].parent or members[0])
            yield (str(head), [self.choice(term) for term in members])


def refuse_unstorable(values: Iterable[Any]) -> None:
    """Refuse what no code can be before a database is asked: one of the two would fail on a NUL."""
    if any("\x00" in str(value) for value in values):
        raise ValidationError(NOT_OFFERED, code="invalid_choice")


class TermField(forms.ModelChoiceField):  # type: ignore[type-arg]  # generic for the checker only
    """One term of a vocabulary, sent by its code."""

    def __init__(self, vocabulary: Vocabulary, **options: Any) -> None:
        options["error_messages"] = {"invalid_choice": NOT_OFFERED}
        super().__init__(terms(vocabulary), required=False, to_field_name="code", **options)

    def to_python(self, value: Any) -> Any:
        refuse_unstorable([value])
        return super().to_python(value)


class ChainField(TermField):
    """An industry chain, grouped by the greater one it belongs to."""

    iterator = GroupedTerms


class TermsField(forms.ModelMultipleChoiceField):  # type: ignore[type-arg]  # generic for the checker only
    """Several terms of a vocabulary, sent by their codes."""

    def __init__(self, vocabulary: Vocabulary, **options: Any) -> None:
        options["error_messages"] = {"invalid_choice": NOT_OFFERED}
        super().__init__(terms(vocabulary), required=False, to_field_name="code", **options)

    def clean(self, value: Any) -> Any:
        refuse_unstorable(value if isinstance(value, list | tuple) else [])
        return super().clean(value)
