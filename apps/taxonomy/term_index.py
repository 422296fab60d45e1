"""Finding terms by what people write: code, name or alias."""

import re
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from apps.core.import_cells import read_text
from apps.taxonomy.models import Alias, Term, Vocabulary

_BETWEEN_NAMES = re.compile(r"[,，、;；|\n]+")


class TermIndex:
    """Terms in use by code, name or alias, in one reading of the vocabularies: share one among many imports."""

    def __init__(self) -> None:
        self._found: dict[tuple[str, str], Term] = {}
        active = {term.pk: term for term in Term.objects.filter(is_active=True)}
        for term_id, text in Alias.objects.filter(term__is_active=True).values_list("term_id", "text"):
            self._found[active[term_id].vocabulary, text.casefold()] = active[term_id]
        for term in active.values():
            for name in (term.name_en, term.name, term.code):
                self._found[term.vocabulary, name.casefold()] = term

    def find(self, vocabulary: Vocabulary, name: str) -> Term | None:
        return self._found.get((vocabulary.value, name.strip().casefold()))

    def read_one(self, vocabulary: Vocabulary, raw: Any) -> Term:
        """The term that a cell names. ValidationError when there is none."""
        text = read_text(raw)
        found = self.find(vocabulary, text)
        if found is None:
            raise ValidationError(_("词表中没有“%(value)s”。") % {"value": text[:60]})
        return found

    def read_several(
        self, vocabulary: Vocabulary, raw: Any, *, most: int | None = None
    ) -> tuple[list[Term], list[str]]:
        """The terms that a JSON list, or names separated by commas, stand for; and notes on what was left out."""
        if not isinstance(raw, str | list):
            raise ValidationError(_("应为文字或列表。"))
        names = [read_text(item) for item in raw] if isinstance(raw, list) else _BETWEEN_NAMES.split(raw)
        found: dict[int, Term] = {}
        notes: list[str] = []
        for text in filter(None, (item.strip() for item in names)):
            term = self.find(vocabulary, text)
            if term is None:
                notes.append(str(_("词表中没有“%(value)s”，已略过。") % {"value": text[:60]}))
            else:
                found[term.pk] = term
        if most is not None and len(found) > most:
            notes.append(str(_("标签多于 %(most)d 个，只取前 %(most)d 个。") % {"most": most}))
        return list(found.values())[:most], notes
