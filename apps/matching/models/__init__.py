"""Jobs, their results, and what the matcher keeps of texts and of its own versions."""

from apps.matching.models.bids import Bid
from apps.matching.models.duplicates import Fingerprint, FingerprintKey
from apps.matching.models.index import GenerationState, IndexChange, IndexGeneration, RowKind
from apps.matching.models.proposals import (
    GONE,
    UNSEEN_CAPABILITIES,
    UNSEEN_NEEDS,
    Proposal,
    ProposalQuerySet,
    ProposalState,
    Side,
)
from apps.matching.models.prospects import Prospect
from apps.matching.models.rankers import Ranker, RankerSource
from apps.matching.models.rematches import ACTIVE_REMATCHES, Rematch, RematchCause, RematchScope, RematchState
from apps.matching.models.replies import Ask, AskAnswer, NeedWait, WaitKind, WaitResult
from apps.matching.models.requests import MatchRequest, Priority, RequestState, Stage
from apps.matching.models.tokens import TextTokens
from apps.matching.models.vectors import TextVector

__all__ = [
    "ACTIVE_REMATCHES",
    "GONE",
    "UNSEEN_CAPABILITIES",
    "UNSEEN_NEEDS",
    "Ask",
    "AskAnswer",
    "Bid",
    "Fingerprint",
    "FingerprintKey",
    "GenerationState",
    "IndexChange",
    "IndexGeneration",
    "MatchRequest",
    "NeedWait",
    "Priority",
    "Proposal",
    "ProposalQuerySet",
    "ProposalState",
    "Prospect",
    "Ranker",
    "RankerSource",
    "Rematch",
    "RematchCause",
    "RematchScope",
    "RematchState",
    "RequestState",
    "RowKind",
    "Side",
    "Stage",
    "TextTokens",
    "TextVector",
    "WaitKind",
    "WaitResult",
]
