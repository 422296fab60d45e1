"""Why a pair fits, in plain Chinese, from nothing but what made its score."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import product

import numpy as np

from apps.engine.documents import Document
from apps.engine.generic_words import GENERIC_WORDS
from apps.engine.highlight import highlight_spans
from apps.engine.scoring import Scorer
from apps.engine.tag_signal import codes_of
from apps.engine.taxonomy import Taxonomy
from apps.engine.text import normalise
from apps.engine.units import is_known
from apps.engine.verdicts import IndicatorVerdict

MOST_TERMS = 8
LONGEST_TERM = 12
NEAR = 0.4
"""From this kinship on two different tags are worth naming together: parent and child are, cousins are not."""

_SAME_VOCABULARY = {"industry_chain": "同属产业链：{}", "tech_field": "同属技术领域：{}"}


@dataclass(frozen=True, slots=True)
class Reason:
    """One sentence; `terms` are what it names.

    `kind` is "shared_terms", "shared_tags", "indicator_met" or "indicator_missed".
    """

    kind: str
    text: str
    terms: tuple[str, ...] = ()


class Explainer:
    """Finds the reasons of a pair with what the scorer has learnt."""

    def __init__(self, taxonomy: Taxonomy, scorer: Scorer) -> None:
        self.taxonomy = taxonomy
        self.scorer = scorer

    def reasons(
        self, need: Document, capability: Document, terms: Sequence[str], verdicts: Iterable[IndicatorVerdict]
    ) -> tuple[Reason, ...]:
        """Shared terms, then tags, then indicators met and missed. An indicator nobody can judge gives no reason."""
        found = [Reason("shared_terms", f"双方都涉及：{'、'.join(terms)}", tuple(terms))] if terms else []
        found += self._tag_reasons(need, capability)
        for status in ("met", "missed"):
            found += [Reason(f"indicator_{status}", v.text, (v.need.name,)) for v in verdicts if v.status == status]
        return tuple(found)

    def shared_terms(self, need: Document, capability: Document) -> tuple[str, ...]:
        """The words both texts use, those that count most first, spelt as the need spells them; at most MOST_TERMS.

        Words that stand side by side in both texts are joined (激光 and 熔覆: 激光熔覆), parts of a shown term are
        left out, and so are words that any need could contain.
        """
        one, other = (self.scorer.words_.vectors([document]) for document in (need, capability))
        ids, at_one, at_other = np.intersect1d(one.indices, other.indices, return_indices=True)
        counted = zip(ids.tolist(), (one.data[at_one] * other.data[at_other]).tolist(), strict=True)
        words = self.scorer.words_.log.terms
        weighed = {words[i]: product for i, product in counted if product > 0 and is_telling(words[i])}
        need_text, capability_text = (normalise(f"{d.title}\n{d.body}") for d in (need, capability))
        joined = _joined(weighed, need_text, capability_text)
        return tuple(_as_written(term, f"{need.title}\n{need.body}") for term in joined[:MOST_TERMS])

    def _tag_reasons(self, need: Document, capability: Document) -> list[Reason]:
        asked, offered = codes_of(need), codes_of(capability)
        same: dict[str, list[str]] = {}
        for code in sorted(set(asked) & set(offered), key=lambda code: (-self.scorer.tags.weight(code), code)):
            wording = _SAME_VOCABULARY.get(self.taxonomy.vocabulary(code), "共同标签：{}")
            same.setdefault(wording, []).append(self.taxonomy.name(code))
        found = [
            Reason("shared_tags", wording.format("、".join(names)), tuple(names)) for wording, names in same.items()
        ]
        near = [self._nearest(code, offered) for code in asked if code not in offered]
        for pair in (pair for pair in near if pair):
            names = tuple(self.taxonomy.name(code) for code in pair)
            found.append(Reason("shared_tags", f"方向相近：需求为{names[0]}，对方为{names[1]}", names))
        return found

    def _nearest(self, code: str, offered: Sequence[str]) -> tuple[str, str] | None:
        best = max(offered, key=lambda other: (self.scorer.tags.kin(code, other), other), default=None)
        return (code, best) if best is not None and self.scorer.tags.kin(code, best) >= NEAR else None


def is_telling(word: str) -> bool:
    """Whether a word may be shown as a reason: no number, no unit, nothing that fits any text."""
    return not (_is_generic(word) or is_known(word)) and any(c.isalpha() for c in word)


def _is_generic(word: str) -> bool:
    """A generic word, or several in a row: 技术开发 says as little as 技术 and 开发."""
    return word in GENERIC_WORDS or any(
        word[:cut] in GENERIC_WORDS and _is_generic(word[cut:]) for cut in range(2, len(word) - 1)
    )


def _joined(weighed: dict[str, float], *texts: str) -> list[str]:
    """Terms, heaviest first, neighbours in all texts joined, parts of longer ones gone."""
    joined, fresh = dict(weighed), dict(weighed)
    while fresh:
        pairs = [(left + right, fresh[left] + weighed[right]) for left, right in product(fresh, weighed)]
        fresh = {
            whole: weight
            for whole, weight in pairs
            if len(whole) <= LONGEST_TERM and whole not in joined and all(whole in text for text in texts)
        }
        joined |= fresh
    heaviest = sorted(joined, key=lambda term: (-joined[term], term))
    return [term for term in heaviest if not any(term != other and term in other for other in joined)]


def _as_written(term: str, text: str) -> str:
    spans = highlight_spans(text, [term])
    return text[slice(*spans[0])] if spans else term
