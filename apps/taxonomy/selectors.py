"""Reading the vocabularies. Retired terms stay on the rows that have them, and are offered no more."""

from typing import NamedTuple

from django.db.models import Q, QuerySet

from apps.taxonomy.models import Alias, Term, Vocabulary

ENGINE_VOCABULARIES = (Vocabulary.INDUSTRY_CHAIN, Vocabulary.TECH_FIELD, Vocabulary.TAG)


class EngineTerm(NamedTuple):
    """A term as the matcher reads it. `parent` is a code, None at the top; `aliases` include the English name."""

    code: str
    name: str
    parent: str | None
    aliases: tuple[str, ...]
    vocabulary: str


def engine_terms() -> list[EngineTerm]:
    """Chains, fields and tags, retired ones too: old rows still carry them, and they still mean what they meant.

    Merged ones not: their rows carry the other term, which has their names.
    """
    aliases: dict[int, list[str]] = {}
    for term_id, text in Alias.objects.order_by("id").values_list("term_id", "text"):
        aliases.setdefault(term_id, []).append(text)
    rows = Term.objects.filter(vocabulary__in=ENGINE_VOCABULARIES, merged_into=None).values_list(
        "id", "code", "name", "name_en", "parent__code", "vocabulary"
    )
    return [
        EngineTerm(code, name, parent, (*aliases.get(pk, ()), *filter(None, [name_en])), vocabulary)
        for pk, code, name, name_en, parent, vocabulary in rows
    ]


def terms(vocabulary: str) -> QuerySet[Term]:
    """The terms of a vocabulary that may be chosen, in their order."""
    return Term.objects.filter(vocabulary=vocabulary, is_active=True)


def term(vocabulary: str, code: str) -> Term | None:
    return terms(vocabulary).filter(code=code).first()


def search_terms(vocabulary: str, words: str) -> QuerySet[Term]:
    """Terms whose name, English name or alias contains the words."""
    named = Q(name__icontains=words) | Q(name_en__icontains=words) | Q(aliases__text__icontains=words)
    return terms(vocabulary).filter(named).distinct()
