"""What the tests of the seeded city share: one small city for a whole file."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.core.management import call_command
from django.db import transaction

from apps.stats.seed_city.building import build_city
from apps.taxonomy.models import Term

SCALE = 0.02


@contextmanager
def forgotten() -> Iterator[None]:
    """Whatever is written within is gone afterwards."""
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


def small_city(*, seed: int = 2022, scale: float = SCALE) -> None:
    if not Term.objects.exists():
        call_command("load_taxonomy", verbosity=0)
    build_city(seed=seed, scale=scale, quiet=True)
