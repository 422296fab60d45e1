"""The controlled vocabularies as trees, and how alike two of their terms are."""

from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Term:
    """One entry of a vocabulary; `parent` is the code of the broader term."""

    code: str
    name: str
    parent: str | None = None
    aliases: tuple[str, ...] = ()
    vocabulary: str = "tag"


class Taxonomy:
    """Terms by code. Raises ValueError when a code occurs twice or a term is its own ancestor.

    A parent that is not among the terms is treated as absent.
    """

    def __init__(self, terms: Iterable[Term]) -> None:
        self.terms: dict[str, Term] = {}
        for term in terms:
            if term.code in self.terms:
                raise ValueError(f"code occurs twice: {term.code}")
            self.terms[term.code] = term
        self._lineage = {code: self._climb(code) for code in self.terms}

    def name(self, code: str) -> str:
        """The name of a term; an unknown code is its own name."""
        term = self.terms.get(code)
        return term.name if term else code

    def vocabulary(self, code: str) -> str:
        """Which vocabulary a code belongs to; an unknown code counts as a tag."""
        term = self.terms.get(code)
        return term.vocabulary if term else "tag"

    def ancestors(self, code: str) -> tuple[str, ...]:
        """The broader terms, nearest first; empty for a root or an unknown code."""
        return self._lineage.get(code, (code,))[1:]

    def similarity(self, a: str, b: str) -> float:
        """How alike two terms are: 1 the same, 0 nothing shared.

        Wu and Palmer, "Verb semantics and lexical selection", ACL 1994: 2·depth(c) / (depth(a) + depth(b)),
        c the nearest common ancestor, a root having depth 1. Parent and child at depths 1 and 2 get 0.67,
        siblings at depth 2 get 0.5; the deeper, the closer.
        """
        if a == b:
            return 1.0
        up_from_a, up_from_b = self._lineage.get(a, (a,)), self._lineage.get(b, (b,))
        shared = next((code for code in up_from_a if code in up_from_b), None)
        if shared is None:
            return 0.0
        return 2 * len(self._lineage[shared]) / (len(up_from_a) + len(up_from_b))

    def _climb(self, code: str) -> tuple[str, ...]:
        path = [code]
        while (parent := self.terms[path[-1]].parent) in self.terms and parent is not None:
            if parent in path:
                raise ValueError(f"a term is its own ancestor: {code}")
            path.append(parent)
        return tuple(path)
