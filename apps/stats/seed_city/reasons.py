"""Score and reasons of a pair, in the form in which the matcher keeps its own: from what the two texts share.

The engine is not asked: its scores need an index of the whole city, which is built later. The parts are plausible and
add up; what the sentences and verdicts say is so.
"""

from dataclasses import dataclass
from typing import Any, NamedTuple

from apps.matching.models import Side
from apps.matching.stored_reasons import SENTENCES
from apps.stats.seed_city.demand import Posting
from apps.stats.seed_city.lots import Lots
from apps.stats.seed_city.supply import Offer
from apps.stats.seed_city.terms import Terms
from apps.stats.seed_city.words import Figure
from apps.taxonomy.models import Vocabulary

ENGINE_VERSION = "seeded-1"
"""The pages say of a pair computed afresh that the engine was another."""
WEIGHTS = {"words": 0.02, "bigrams": 0.40, "semantics": 0.18, "tags": 0.24, "indicators": 0.16}
SLOTS = ("object", "process", "material", "problem", "method")
MOST_TAGS_TOLD = 2


class _Found(NamedTuple):
    words: list[str]
    tags: list[str]
    verdicts: list[dict[str, Any]]


@dataclass(frozen=True, slots=True)
class Explained:
    score: float
    columns: dict[str, Any]


def explained(posting: Posting, offer: Offer, terms: Terms, lots: Lots) -> Explained:
    tags = [terms.name(Vocabulary.TAG, code) for code in posting.tags if code in offer.tags]
    found = _Found(shared_words(posting, offer), tags, _verdicts(posting, offer))
    parts = _parts(len(found.words), len(tags), found.verdicts, lots)
    columns = {
        "parts": parts,
        "reasons": _reasons(posting, offer, terms.name(Vocabulary.INDUSTRY_CHAIN, posting.words.subject.chain), found),
        "shared_terms": found.words,
        "indicator_verdicts": found.verdicts,
        "engine_version": ENGINE_VERSION,
    }
    return Explained(round(sum(part["contribution"] for part in parts), 6), columns)


def shared_words(posting: Posting, offer: Offer) -> list[str]:
    """The words of the subject that stand on both sides."""
    ours, theirs = posting.words, offer.words
    return [getattr(ours, name) for name in SLOTS if getattr(ours, name) == getattr(theirs, name)]


def _parts(shared: int, tags: int, verdicts: list[dict[str, Any]], lots: Lots) -> list[dict[str, Any]]:
    """Values grow with what is shared; a part that one side says nothing about leaves its weight to the others."""
    closeness = 0.26 + 0.115 * shared
    judged = [verdict["status"] == "met" for verdict in verdicts if verdict["status"] != "unknown"]
    values = {
        "words": closeness + lots.gauss(0.02, 0.05),
        "bigrams": closeness + lots.gauss(0.03, 0.05),
        "semantics": 0.42 + 0.07 * shared + lots.gauss(0, 0.05),
        "tags": 0.42 + 0.17 * tags + lots.gauss(0, 0.02),
        "indicators": sum(judged) / len(judged) if judged else 0.0,
    }
    weights = dict(WEIGHTS) if judged else WEIGHTS | {"indicators": 0.0}
    whole = sum(weights.values())
    return [_part(name, min(1.0, max(0.0, value)), weights[name] / whole) for name, value in values.items()]


def _part(name: str, value: float, weight: float) -> dict[str, Any]:
    return {
        "name": name,
        "value": round(value, 6),
        "weight": round(weight, 6),
        "contribution": round(100 * value * weight, 6),
    }


def _verdicts(posting: Posting, offer: Offer) -> list[dict[str, Any]]:
    reached = {figure.measure.name: figure for figure in offer.figures}
    return [
        _verdict(figure, reached.get(figure.measure.name), position) for position, figure in enumerate(posting.figures)
    ]


def _verdict(asked: Figure, reached: Figure | None, position: int) -> dict[str, Any]:
    name = asked.measure.name
    status, finding = "unknown", "对方未写明"
    if reached is not None:
        is_met = reached.value >= asked.value if asked.measure.is_rising else reached.value <= asked.value
        status, finding = ("met", "满足") if is_met else ("missed", f"差 {reached.short_of(asked)}")
    offered = reached.amount if reached else ""
    middle = f"，对方为 {offered}" if reached else ""
    return {
        "status": status,
        "name": name,
        "text": f"{name}要求 {asked.amount}{middle}，{finding}",
        "asked": asked.amount,
        "offered": offered,
        "was_read": False,
        "finding": finding,
        "is_hard": position == 0,
    }


def _reasons(posting: Posting, offer: Offer, chain: str, found: _Found) -> list[dict[str, Any]]:
    both = "、".join(found.words[:3]) or posting.words.subject.name
    tagged = f"，双方都标了{'、'.join(found.tags[:MOST_TAGS_TOLD])}" if found.tags else ""
    judged = [verdict for verdict in found.verdicts if verdict["status"] != "unknown"]
    measured = f"；{judged[0]['text']}" if judged else ""
    ripe = f"；成熟度 TRL {offer.trl}" if offer.trl else ""
    told: list[tuple[str, str, list[str]]] = [
        (SENTENCES[Side.NEED], f"您的需求和这项{offer.kind.label}都涉及{both}{tagged}{measured}{ripe}。", []),
        (SENTENCES[Side.CAPABILITY], f"{chain}产业链有企业提出“{posting.title}”，与您的资源都涉及{both}{tagged}。", []),
    ]
    if found.words:
        told.append(("shared_terms", f"双方都涉及：{'、'.join(found.words)}", found.words))
    if found.tags:
        told.append(("shared_tags", f"共同标签：{'、'.join(found.tags)}", found.tags))
    told += [(f"indicator_{verdict['status']}", verdict["text"], [verdict["name"]]) for verdict in judged]
    return [{"kind": kind, "text": text, "terms": named} for kind, text, named in told]
