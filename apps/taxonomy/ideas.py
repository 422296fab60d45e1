"""Suggestions in the shape a form shows: terms that may be chosen, and indicators as rows."""

from collections.abc import Collection
from dataclasses import dataclass

from apps.core.indicators import target_text
from apps.core.suggestions import IndicatorIdea, Side, suggest, sure_percent
from apps.taxonomy.models import Term, Vocabulary
from apps.taxonomy.selectors import search_terms

LONGEST_READ = 6_000  # signs of text: more than a form may hold
LONGEST_SEARCH = 40
FOUND_AT_MOST = 12
FIELD_OF = {Vocabulary.TAG.value: "tags", Vocabulary.TECH_FIELD.value: "tech_fields"}


@dataclass(frozen=True, slots=True)
class TermIdea:
    """A term and the field of the form that takes it; `percent` says how sure the reader is, where it was read."""

    field: str
    term: Term
    percent: int | None = None


@dataclass(frozen=True, slots=True)
class RowIdea:
    """An indicator as a row of the form takes it: every value as text. `target` is its value as people read it."""

    name: str
    comparison: str
    low: str
    high: str
    unit: str
    is_hard: bool
    target: str
    source_text: str


@dataclass(frozen=True, slots=True)
class Ideas:
    terms: list[TermIdea]
    rows: list[RowIdea]

    def __bool__(self) -> bool:
        return bool(self.terms or self.rows)


def ideas_for(text: str, *, chosen: Collection[str] = (), named: Collection[str] = (), side: Side = "need") -> Ideas:
    """What the suggester finds, best first, without terms chosen already (by code) and indicators named already."""
    suggestions = suggest(text[:LONGEST_READ], side=side)
    sure = {idea.code: sure_percent(idea.confidence) for idea in suggestions.tags if idea.code not in chosen}
    known = {term.code: term for term in Term.objects.filter(vocabulary__in=FIELD_OF, code__in=sure, is_active=True)}
    terms = [TermIdea(FIELD_OF[known[code].vocabulary], known[code], sure[code]) for code in sure if code in known]
    return Ideas(terms, [_row(idea) for idea in suggestions.indicators if idea.name not in named])


def found_terms(words: str) -> list[TermIdea]:
    """Tags and technical fields that the words find."""
    words = words.replace("\x00", "").strip()[:LONGEST_SEARCH]
    found: list[Term] = []
    for vocabulary in (Vocabulary.TAG, Vocabulary.TECH_FIELD) if words else ():
        found += search_terms(vocabulary, words)[: FOUND_AT_MOST - len(found)]
    return [TermIdea(FIELD_OF[term.vocabulary], term) for term in found]


def _row(idea: IndicatorIdea) -> RowIdea:
    target = target_text(idea.comparison, idea.low, idea.high, idea.unit)
    low, high = ("" if bound is None else f"{bound:.12g}" for bound in (idea.low, idea.high))
    return RowIdea(idea.name, idea.comparison, low, high, idea.unit, idea.is_hard, target, idea.source_text)
