"""Form fields for terms of the vocabularies, sent by their codes."""

from collections.abc import Callable, Iterable, Iterator
from functools import partial
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.forms.models import ModelChoiceIterator
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from apps.taxonomy.models import Term, Vocabulary
from apps.taxonomy.selectors import terms

NOT_OFFERED = _("请从列表中选择。")


class PlainTerms(ModelChoiceIterator):  # type: ignore[type-arg]  # generic for the checker only
    """The choices of a select in their order, from what the form has read where it read its vocabularies together."""

    def __iter__(self) -> Iterator[Any]:
        if self.field.empty_label is not None:
            yield ("", self.field.empty_label)
        yield from (self.choice(term) for term in self.terms())

    def terms(self) -> Iterable[Term]:
        field: Any = self.field
        return field.read() if field.read else self.queryset.select_related("parent")


class GroupedTerms(PlainTerms):
    """Each group headed by the term above its members, which may be chosen too."""

    def __iter__(self) -> Iterator[Any]:
        if self.field.empty_label is not None:
            yield ("", self.field.empty_label)
        groups: dict[int, list[Term]] = {}
        for term in self.terms():
            groups.setdefault(term.parent_id or term.pk, []).append(term)
        for members in groups.values():
            head = next((term for term in members if term.parent_id is None), members[0].parent or members[0])
            yield (str(head), [self.choice(term) for term in members])


def refuse_unstorable(values: Iterable[Any]) -> None:
    """Refuse what no code can be before a database is asked: one of the two would fail on a NUL."""
    if any("\x00" in str(value) for value in values):
        raise ValidationError(NOT_OFFERED, code="invalid_choice")


class TermField(forms.ModelChoiceField):  # type: ignore[type-arg]  # generic for the checker only
    """One term of a vocabulary. `read` gives its terms where the form reads all its vocabularies together."""

    iterator = PlainTerms
    read: Callable[[], list[Term]] | None = None

    def __init__(self, vocabulary: Vocabulary, **options: Any) -> None:
        options["error_messages"] = {"invalid_choice": NOT_OFFERED}
        self.vocabulary = vocabulary
        super().__init__(terms(vocabulary), required=False, to_field_name="code", **options)

    def to_python(self, value: Any) -> Any:
        refuse_unstorable([value])
        if self.read is None or value in self.empty_values or isinstance(value, Term):
            return super().to_python(value)
        if found := next((term for term in self.read() if term.code == value), None):
            return found
        raise ValidationError(self.error_messages["invalid_choice"], code="invalid_choice", params={"value": value})


class ChainField(TermField):
    """An industry chain, grouped by the greater one it belongs to."""

    iterator = GroupedTerms


class TermsReadTogether(forms.Form):
    """A form whose fields of single terms share one query: a filter asks for four vocabularies on every page."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        fields = [field for field in self.fields.values() if isinstance(field, TermField)]
        self._vocabularies = {field.vocabulary for field in fields}
        for field in fields:
            field.read = partial(self._terms_of, field.vocabulary)

    @cached_property
    def _terms(self) -> list[Term]:
        rows = Term.objects.filter(vocabulary__in=self._vocabularies, is_active=True)
        return list(rows.select_related("parent"))

    def _terms_of(self, vocabulary: str) -> list[Term]:
        return [term for term in self._terms if term.vocabulary == vocabulary]


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
