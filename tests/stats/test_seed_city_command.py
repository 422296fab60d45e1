"""`seed_city` as a command: into an empty database only, the same rows for the same seed, and weight for load tests."""

import pytest
from django.conf import LazySettings
from django.core.management import CommandError, call_command
from django.db import models

from apps.accounts.models import Organisation, User
from apps.capabilities.models import Capability
from apps.engagements.models import Contract, Engagement, Outcome
from apps.matching.models import Proposal
from apps.needs.models import Need
from apps.stats.seed_city.more_proposals import add_proposals
from apps.stats.seed_city.sizes import sizes_at
from tests.factories import make_organisation
from tests.stats.seeded_city import forgotten, small_city

pytestmark = pytest.mark.django_db
SMALLEST = 0.01
DRAWN = (Organisation, Capability, Need, Proposal, Engagement, Contract, Outcome)
MADE_TODAY = {"id", "created_at", "updated_at", "confirmed_at", "valid_until"}
"""Keys are the database's; the rest is written by the clock, or counted from today for what is still on offer."""


def drawn_rows(model: type[models.Model]) -> list[dict[str, object]]:
    """Without links to other rows, whose keys are the database's."""
    links = {field.attname for field in model._meta.fields if field.is_relation}
    names = [field.attname for field in model._meta.fields if field.attname not in links | MADE_TODAY]
    return list(model._default_manager.order_by("public_id").values(*names))


def city_of(seed: int) -> dict[str, list[dict[str, object]]]:
    with forgotten():
        small_city(seed=seed, scale=SMALLEST)
        return {model.__name__: drawn_rows(model) for model in DRAWN}
    raise AssertionError


def test_the_same_seed_gives_the_same_rows_and_another_seed_others(taxonomy: None) -> None:
    first, again, other = city_of(7), city_of(7), city_of(8)

    assert first == again
    assert all(first[name] != other[name] for name in first)


def test_it_writes_only_into_an_empty_database(taxonomy: None) -> None:
    make_organisation("青岛岚石机械有限公司")

    with pytest.raises(CommandError, match="空库"):
        call_command("seed_city", scale=SMALLEST, verbosity=0)
    with pytest.raises(CommandError, match="空库"):
        call_command("seed_city", scale=SMALLEST, yes=True, verbosity=0)
    assert Organisation.objects.count() == 1


def test_a_second_run_is_refused_and_with_yes_changes_nothing(taxonomy: None) -> None:
    call_command("seed_city", scale=SMALLEST, verbosity=0)
    organisations, proposals = Organisation.objects.count(), Proposal.objects.count()

    with pytest.raises(CommandError, match="--yes"):
        call_command("seed_city", scale=SMALLEST, verbosity=0)
    with pytest.raises(CommandError, match="换一个数据库"):
        call_command("seed_city", scale=0.02, yes=True, verbosity=0)
    call_command("seed_city", scale=SMALLEST, yes=True, verbosity=0)
    assert (Organisation.objects.count(), Proposal.objects.count()) == (organisations, proposals)


def test_production_is_not_seeded_by_mistake(taxonomy: None, settings: LazySettings) -> None:
    settings.IN_PRODUCTION = True

    with pytest.raises(CommandError, match="正式环境"):
        call_command("seed_city", scale=SMALLEST, verbosity=0)
    assert not User.objects.exists()


@pytest.mark.parametrize("scale", [0.001, 3.5])
def test_a_scale_out_of_range_is_refused_and_leaves_nothing(taxonomy: None, scale: float) -> None:
    with pytest.raises(CommandError, match="between"):
        call_command("seed_city", scale=scale, verbosity=0)
    assert not User.objects.exists()


def test_more_proposals_are_of_other_years_and_added_once(taxonomy: None) -> None:
    small_city(scale=SMALLEST)
    before, in_2022 = Proposal.objects.count(), shown_in_2022()

    assert add_proposals(300, seed=1, quiet=True) == 300
    assert add_proposals(500, seed=1, quiet=True) == 200
    assert add_proposals(500, seed=1, quiet=True) == 0
    assert Proposal.objects.count() == before + 500
    assert shown_in_2022() == in_2022


def test_more_proposals_than_there_are_pairs_are_refused(taxonomy: None) -> None:
    small_city(scale=SMALLEST)

    with pytest.raises(ValueError, match="too few"):
        add_proposals(10_000_000, seed=1, quiet=True)


def test_a_small_city_has_a_company_for_every_centre() -> None:
    smallest = sizes_at(SMALLEST)

    assert smallest.companies >= sum(year.centres for year in smallest.years)


def shown_in_2022() -> int:
    return Proposal.objects.filter(need_viewed_at__year=2022).count()
