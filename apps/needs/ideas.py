"""Suggestions in the shape the form shows: terms that may be chosen, and indicators as rows."""

from collections.abc import Collection
from dataclasses import dataclass

from apps.needs.models import NeedIndicator
from apps.needs.suggestions import IndicatorIdea, suggest
from apps.taxonomy.models import Term, Vocabulary

LONGEST_READ = 6_000  # signs of text: more than a form may hold
FIELD_OF = {Vocabulary.TAG.value: "tags", Vocabulary.TECH_FIELD.value: "tech_fields"}


@dataclass(frozen=True, slots=True)
class TermIdea:
    """A term and the field of the form that takes it."""

    field: str
    term: Term


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


def ideas_for(text: str, *, chosen: Collection[str] = (), named: Collection[str] = ()) -> Ideas:
    """What the suggester finds, best first, without terms chosen already (by code) and indicators named already."""
    suggestions = suggest(text[:LONGEST_READ])
    codes = [idea.code for idea in suggestions.tags if idea.code not in chosen]
    known = {term.code: term for term in Term.objects.filter(vocabulary__in=FIELD_OF, code__in=codes, is_active=True)}
    terms = [TermIdea(FIELD_OF[known[code].vocabulary], known[code]) for code in dict.fromkeys(codes) if code in known]
    return Ideas(terms, [_row(idea) for idea in suggestions.indicators if idea.name not in named])


def _row(idea: IndicatorIdea) -> RowIdea:
    target = NeedIndicator(comparison=idea.comparison, low=idea.low, high=idea.high, unit=idea.unit).target_text
    low, high = ("" if bound is None else f"{bound:.12g}" for bound in (idea.low, idea.high))
    return RowIdea(idea.name, idea.comparison, low, high, idea.unit, idea.is_hard, target, idea.source_text)
