"""Form fields for terms of the vocabularies, sent by their codes."""

from collections.abc import Iterable, Iterator
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.forms.models import ModelChoiceIterator
from django.utils.translation import gettext_lazy as _

from apps.taxonomy.models import Term, Vocabulary
from apps.taxonomy.selectors import terms

NOT_OFFERED = _("请从列表中选择。")


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
    """One term of a vocabulary."""

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
    """Several terms of a vocabulary; a blank among them, as an untouched select sends it, says nothing."""

    def __init__(self, vocabulary: Vocabulary, **options: Any) -> None:
        options["error_messages"] = {"invalid_choice": NOT_OFFERED}
        super().__init__(terms(vocabulary), required=False, to_field_name="code", **options)

    def clean(self, value: Any) -> Any:
        if isinstance(value, list | tuple):
            value = [item for item in value if item != ""]
            refuse_unstorable(value)
        return super().clean(value)
