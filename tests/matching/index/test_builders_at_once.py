"""Two builders at the same moment: real threads, real transactions, on either database."""

import pytest

from apps.matching.index import building, claims, upkeep
from apps.matching.models import GenerationState, IndexGeneration
from apps.taxonomy.models import Term
from tests.factories import make_capability
from tests.matching.conftest import load_few_terms
from tests.matching.test_races import at_once

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.usefixtures("no_encoder", "own_files", "own_taxonomy"),
]
ROUNDS = 5


@pytest.fixture
def taxonomy(transactional_db: None) -> None:
    """The few terms that rows are made of."""
    if not Term.objects.exists():
        load_few_terms()


@pytest.mark.usefixtures("taxonomy")
def test_of_several_that_begin_at_once_one_builds() -> None:
    upkeep.software()  # the dictionary is read
    for number in range(1, ROUNDS + 1):
        claimed = [generation for generation in at_once(*[claims.claim] * 4) if generation is not None]
        assert [(each.number, each.attempt) for each in claimed] == [(number, 1)]
        IndexGeneration.objects.update(state=GenerationState.FAILED)


@pytest.mark.usefixtures("taxonomy")
def test_two_builds_at_once_make_one_generation() -> None:
    make_capability()
    made = at_once(*[lambda: building.build(by_hand=True)] * 2)
    assert len([generation for generation in made if isinstance(generation, IndexGeneration)]) >= 1
    kept = IndexGeneration.objects.values_list("state", flat=True)
    assert set(kept) == {GenerationState.PUBLISHED}
    assert len(kept) == len([generation for generation in made if generation is not None])
