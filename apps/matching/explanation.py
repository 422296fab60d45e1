"""One pair computed afresh, and how that compares with what was proposed."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from apps.capabilities.models import Capability
from apps.engine.matcher import ENGINE_VERSION, Match, paired
from apps.matching.documents import capability_rows, need_rows
from apps.matching.index.live import current_index
from apps.matching.models import Proposal, Ranker
from apps.matching.stored_reasons import reasons_of, verdict_as_json
from apps.matching.vectors import document_now
from apps.needs.models import Need

SAME_POINTS = 0.005
"""Scores nearer than this are one score: they read the same to two decimals."""


@dataclass(frozen=True, slots=True)
class Pair:
    """What a need and a capability come to. `ranker` is None where no database was asked; `proposal` where none is."""

    need_id: str
    need_title: str
    capability_id: str
    capability_title: str
    match: Match
    ranker: Ranker | None = None
    proposal: Proposal | None = None
    differences: tuple[str, ...] = ()

    def as_json(self) -> dict[str, Any]:
        """Points are not rounded; `differences` is empty where the stored proposal still holds."""
        match = self.match
        return {
            "need": {"id": self.need_id, "title": self.need_title},
            "capability": {"id": self.capability_id, "title": self.capability_title},
            "score": match.score,
            "parts": [
                {"name": p.name, "value": p.value, "weight": p.weight, "points": p.contribution} for p in match.parts
            ],
            "for_need": match.for_need,
            "for_capability": match.for_capability,
            "reasons": [reason.text for reason in match.reasons],
            "shared_terms": list(match.shared_terms),
            "indicators": [verdict_as_json(verdict) for verdict in match.verdicts],
            "engine_version": ENGINE_VERSION,
            "ranker": str(self.ranker) if self.ranker else None,
            "proposal": self._proposal_as_json(),
        }

    def _proposal_as_json(self) -> dict[str, Any] | None:
        if self.proposal is None:
            return None
        stored = self.proposal
        return {
            "id": stored.public_id,
            "score": stored.score,
            "rank": stored.rank,
            "engine_version": stored.engine_version,
            "ranker": str(stored.ranker) if stored.ranker else None,
            "differences": list(self.differences),
        }


def explain(need_id: str, capability_id: str) -> Pair:
    """The pair with these public ids, scored with the weights in use against everything that is published.

    Need.DoesNotExist or Capability.DoesNotExist where there is none. A draft is explained as if it were published.
    """
    need = need_rows(Need.objects.all()).get(public_id=need_id)
    capability = capability_rows(Capability.objects.all()).get(public_id=capability_id)
    index = current_index()
    match = paired(index.scorer, document_now(need), document_now(capability))
    stored = Proposal.objects.filter(need=need, capability=capability).select_related("ranker").first()
    differences = tuple(_differences(stored, match, index.ranker, need, capability)) if stored else ()
    return Pair(need_id, need.title, capability_id, capability.title, match, index.ranker, stored, differences)


def _differences(stored: Proposal, match: Match, ranker: Ranker, need: Need, capability: Capability) -> Iterator[str]:
    """How the stored proposal differs from what is computed now, and what may be the cause; nothing where it holds."""
    if abs(stored.score - match.score) >= SAME_POINTS:
        yield _("存的是 %(stored).2f 分，现在算得 %(fresh).2f 分") % {"stored": stored.score, "fresh": match.score}
    elif stored.reasons != reasons_of(match):
        yield _("分数相同，推荐理由有变化")
    else:
        return
    causes = [
        (stored.need_version != need.version, _("需求在推荐之后修改过")),
        (stored.capability_version != capability.version, _("资源在推荐之后修改过")),
        (stored.engine_version != ENGINE_VERSION, _("匹配引擎换过版本")),
        (stored.ranker_id != ranker.pk, _("排序模型换过")),
    ]
    known = [cause for is_so, cause in causes if is_so]
    yield from known or [_("可能是资源库有增减，词语和标签的常见程度随之变化")]
