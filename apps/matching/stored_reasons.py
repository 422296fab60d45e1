"""The reasons of a pair as a proposal keeps them: the two sentences first, then one statement each."""

from collections.abc import Mapping, Sequence
from typing import Any

from apps.engine.matcher import Match
from apps.engine.verdicts import IndicatorVerdict
from apps.matching.models import Side

SENTENCES: Mapping[str, str] = {Side.NEED: "for_need", Side.CAPABILITY: "for_capability"}
"""Which kind of reason is said to which side."""


def reasons_of(match: Match) -> list[dict[str, Any]]:
    """As JSON, each with its kind, text and the terms it names."""
    told = (("for_need", match.for_need), ("for_capability", match.for_capability))
    sentences = [{"kind": kind, "text": text, "terms": []} for kind, text in told if text]
    return sentences + [{"kind": r.kind, "text": r.text, "terms": list(r.terms)} for r in match.reasons]


def sentence_for(reasons: Sequence[Mapping[str, Any]], side: Side) -> str:
    """What is said to one side; "" in rows from before there were sentences."""
    return next((str(reason["text"]) for reason in reasons if reason["kind"] == SENTENCES[side]), "")


def verdict_as_json(verdict: IndicatorVerdict) -> dict[str, Any]:
    """`asked` and `offered` are amounts with units; `finding` is how the sentence ends ("差 5 HRC").

    `was_read`: the offer stands in the capability's texts, not in a row of its form.

    The sentence speaks from the need's side; the pages of the supply side put its pieces together anew.
    """
    return {
        "status": verdict.status,
        "name": verdict.need.name,
        "text": verdict.text,
        "asked": verdict.need.amount,
        "offered": verdict.offer.amount if verdict.offer else "",
        "was_read": verdict.offer is not None and verdict.offer.was_read,
        "finding": verdict.text.rpartition("，")[2],
        "is_hard": verdict.need.is_hard,
    }
