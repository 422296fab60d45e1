"""Brings a loaded city to rest: `inside settle`. What is at rest already stays as it is, within some seconds.

Afterwards every text has its vectors and its kept tokens, and an index is built, if one is due.
"""

from django.core.management import call_command
from django.db import connection

from apps.capabilities.models import Capability
from apps.matching import vectors
from apps.matching.index import building, tokens
from apps.needs.models import Need
from benchmarks.processes.inside import say


def main() -> None:
    call_command("migrate", verbosity=0)
    for model in (Capability, Need):
        for kept in (vectors, tokens):
            kept.ensure(model, kept.missing(model).values_list("pk", flat=True))
    with connection.cursor() as cursor:  # as autovacuum would have done by the next day
        cursor.execute("ANALYZE")
    generation = building.build()
    say(generation=generation.number if generation else None)
