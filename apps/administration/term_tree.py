"""A vocabulary as trees, in the order in which it is offered."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Count, QuerySet

from apps.core.mentions import mentioning
from apps.taxonomy.models import Term

RETIRED = "retired"


@dataclass(slots=True)
class Tree:
    """A term at the top with everything below it, each with its depth; `head` may belong to another vocabulary."""

    head: Term
    is_foreign: bool
    below: list[tuple[int, Term]] = field(default_factory=list)


def trees(vocabulary: str) -> list[Tree]:
    """All terms in use, in one query; terms below one of another vocabulary stand under that."""
    rows = Term.objects.filter(vocabulary=vocabulary, merged_into=None, is_active=True).select_related("parent")
    terms = list(rows.annotate(alias_count=Count("aliases")).order_by("position", "id"))
    own = {term.pk for term in terms}
    children: dict[int, list[Term]] = {}
    for term in terms:
        if term.parent_id is not None:
            children.setdefault(term.parent_id, []).append(term)
    foreign = {term.parent_id: term.parent for term in terms if term.parent and term.parent_id not in own}
    heads: list[tuple[Any, bool]] = [(term, False) for term in terms if term.parent_id is None]
    heads += [(parent, True) for parent in foreign.values()]
    return [Tree(head, is_foreign, list(_below(head.pk, children, 1, set()))) for head, is_foreign in heads]


def _below(pk: int, children: dict[int, list[Term]], depth: int, seen: set[int]) -> Iterator[tuple[int, Term]]:
    for term in children.get(pk, []):
        if term.pk not in seen:
            seen.add(term.pk)
            yield depth, term
            yield from _below(term.pk, children, depth + 1, seen)


def found(vocabulary: str, *, words: str = "", only: str = "") -> QuerySet[Term]:
    """Terms that the words find by name, English name, code or alias; `only` RETIRED: those no longer offered."""
    rows = Term.objects.filter(vocabulary=vocabulary).select_related("parent", "merged_into")
    if words:
        rows = rows.filter(mentioning(words, "name", "name_en", "code", "aliases__text")).distinct()
    if only == RETIRED:
        rows = rows.filter(is_active=False)
    return rows.order_by("position", "id")
