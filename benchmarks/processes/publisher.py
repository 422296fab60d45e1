"""A process in which a professor lists what she can do: `inside publisher COUNT`.

It writes so many drafts and says their keys; then `{"action": "publish", "capability": 17}` and
`{"action": "archive", "capability": 17}` do so, and answer with the moments before and after.
"""

import json
import sys
import time
from collections.abc import Callable

from apps.accounts.models import User
from apps.capabilities.models import Capability, CapabilityKind
from apps.capabilities.services import capability_archive, capability_draft_save, capability_publish
from apps.taxonomy.models import Term, Vocabulary
from benchmarks.corpus import blocks
from benchmarks.processes.inside import say
from benchmarks.processes.people import PROFESSOR_EMAIL

SEED = 7
"""Of texts that are none of the city's."""

ACTIONS: dict[str, Callable[..., Capability]] = {"publish": capability_publish, "archive": capability_archive}


def main(count: str) -> None:
    professor = User.objects.get(email=PROFESSOR_EMAIL)
    say(drafts=[draft.pk for draft in drafts(int(count), professor)])
    for line in sys.stdin:
        question = json.loads(line)
        capability = Capability.objects.select_related("organisation").get(pk=question["capability"])
        began = time.monotonic()
        ACTIONS[question["action"]](capability=capability, by=professor)
        say(began=began, done=time.monotonic())


def drafts(count: int, professor: User) -> list[Capability]:
    (block,) = blocks(count, SEED)
    chain = Term.objects.filter(vocabulary=Vocabulary.INDUSTRY_CHAIN, parent__isnull=False).first()
    mode = Term.objects.get(vocabulary=Vocabulary.COOPERATION_MODE, code="entrusted")
    return [
        capability_draft_save(
            by=professor,
            values={
                "kind": CapabilityKind.RESULT,
                "title": document.title[:60],
                "value": document.goal[:60],
                "description": document.body,
                "trl": 8,
                "industries": [chain],
                "cooperation_modes": [mode],
                "details": {"ip_status": "granted", "transfer_modes": ["transfer"]},
            },
        )
        for document in block.documents
    ]
