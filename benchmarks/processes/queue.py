"""Puts needs on the board, as an import does, and waits for the workers: `inside queue`, then one question a line.

`{"action": "match", "first": 0, "count": 100}` → the seconds until all of these drafts are published and matched;
`{"action": "forget"}` → they are drafts again, and what was made of them is gone, so that all can be done once more.
"""

import json
import sys
import time
from collections.abc import Sequence
from typing import Any

from django.db import transaction

from apps.core import clock
from apps.matching import requests
from apps.matching.index import changes
from apps.matching.models import (
    Fingerprint,
    MatchRequest,
    Priority,
    Proposal,
    RequestState,
    RowKind,
    TextTokens,
    TextVector,
)
from apps.needs.models import Need, NeedState
from benchmarks.processes.inside import say

POLL_SECONDS = 0.25
"""Who watches must not take part: asked fifty times a second, the database took a tenth of a core from the workers."""

PATIENCE_SECONDS = 1_800


def main() -> None:
    for line in sys.stdin:
        question = json.loads(line)
        if question["action"] == "match":
            say(**match(question["first"], question["count"]))
        else:
            forget()
            say(is_forgotten=True)


def match(first: int, count: int) -> dict[str, float]:
    """Needs in the order of their keys; RuntimeError where one is not matched in the end."""
    needs = list(Need.objects.order_by("pk")[first : first + count])
    began = time.perf_counter()
    with transaction.atomic():
        move(needs, NeedState.PUBLISHED, published_at=clock.now())
        requests.request_for_needs(needs, priority=Priority.INTERACTIVE)
    wait_for(needs, began + PATIENCE_SECONDS)
    seconds = time.perf_counter() - began
    done = MatchRequest.objects.filter(need__in=needs, state=RequestState.DONE)
    if done.count() < count:
        raise RuntimeError(f"{count - done.count()} of {count} needs were not matched.")
    return {"seconds": seconds, "needs": count, "proposals": Proposal.objects.filter(need__in=needs).count()}


def wait_for(needs: Sequence[Need], deadline: float) -> None:
    waiting = MatchRequest.objects.filter(state__in=(RequestState.PENDING, RequestState.RUNNING), need__in=needs)
    while waiting.exists():
        if time.perf_counter() > deadline:
            raise TimeoutError(f"{waiting.count()} needs still wait.")
        time.sleep(POLL_SECONDS)


def forget() -> None:
    """Lists and jobs, and what is made once per version of a text."""
    needs = list(Need.objects.exclude(state=NeedState.DRAFT))
    with transaction.atomic():
        move(needs, NeedState.DRAFT, published_at=None)
        for model in (Proposal, MatchRequest, Fingerprint, TextVector, TextTokens):
            model.objects.filter(need__in=needs).delete()


def move(needs: Sequence[Need], state: NeedState, **fields: Any) -> None:
    keys = [need.pk for need in needs]
    Need.objects.filter(pk__in=keys).update(state=state, **fields)
    changes.record(RowKind.NEED, keys)
