"""Gives a small city the index of a large corpus: `inside wide SIZE`.

What a process maps, searches and shares is the index; the database is asked only for what changed. So the figures at
SIZE that rest on nothing else need no database of as many rows, which takes half an hour to load. The index is lexical:
run this, and all that uses it, with MATCHING_ENCODER=off.
"""

import shutil
import tempfile
from pathlib import Path

from django.conf import settings
from django.core.management.color import no_style
from django.db import connection

from apps.accounts.models import Organisation
from apps.capabilities.models import Capability, CapabilityKind
from apps.matching.index import building, changes
from apps.matching.index.claims import claim
from benchmarks.prepared import index_folder
from benchmarks.processes.inside import say


def main(size: str) -> None:
    number_rows_from(int(size) + 1)
    generation = claim()
    if generation is None:
        raise RuntimeError("an index is being built")
    with tempfile.TemporaryDirectory(dir=settings.VAR_DIR) as scratch:
        folder = Path(scratch) / "index"
        shutil.copytree(index_folder(int(size)), folder)
        made = {"capabilities_count": int(size), "needs_count": 80, "changes_through": changes.floor()}
        building._publish(generation, folder, {"corpus_hash": "", **made})  # noqa: SLF001  (as `build` does)
    say(generation=generation.number)


def number_rows_from(first: int) -> None:
    """New capabilities get keys that the index's documents do not have."""
    institution = Organisation.objects.earliest("pk")
    last = Capability.objects.create(pk=first, organisation=institution, kind=CapabilityKind.RESULT, title="编号")
    with connection.cursor() as cursor:
        for statement in connection.ops.sequence_reset_sql(no_style(), [Capability]):
            cursor.execute(statement)
    last.delete()
