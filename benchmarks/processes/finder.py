"""A process that searches: `inside finder`. It opens the index and says so; then, one question a line,

`{"capability": 17, "like": 17, "is_wanted": true}` → asks again and again for the best capabilities for a text like
that of a row, until the capability is among them (or, where it is not wanted, no more); the moment, and the questions.
Each question is a person's: whatever has changed is read first.
"""

import json
import sys
import time
from dataclasses import replace

from apps.capabilities.models import Capability
from apps.engine.documents import Document
from apps.matching.index.live import current_index, still_valid
from apps.matching.vectors import document_now
from benchmarks.processes.inside import say

DEPTH = 20
PATIENCE_SECONDS = 120
PAUSE_SECONDS = 0.005


def main() -> None:
    index = current_index(complete=False)
    say(generation=index.number, capabilities=sum(index.sizes().values()))
    for line in sys.stdin:
        question = json.loads(line)
        searched = text_of(question["like"])
        say(is_looking=True)
        say(**look(searched, question["capability"], is_wanted=question["is_wanted"]))


def look(searched: Document, capability: int, *, is_wanted: bool) -> dict[str, float]:
    """`at` is of the monotonic clock, which all processes of a machine share. TimeoutError after PATIENCE_SECONDS."""
    deadline, searches = time.monotonic() + PATIENCE_SECONDS, 0
    while time.monotonic() < deadline:
        searches += 1
        found = current_index(complete=False).rank(searched, still_valid(), depth=DEPTH)
        if (capability in {hit.id for hit in found}) == is_wanted:
            return {"at": time.monotonic(), "searches": searches}
        time.sleep(PAUSE_SECONDS)
    raise TimeoutError(f"Capability {capability} is still {'not ' if is_wanted else ''}found.")


def text_of(capability: int) -> Document:
    """What somebody asks who needs just this: the row's own words, with their meaning, without tags or figures."""
    document = document_now(Capability.objects.get(pk=capability))
    return replace(document, id="", kind="", tags=(), indicators=(), facts=())
