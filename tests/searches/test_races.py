"""Two workers, or two windows, at one moment: real threads, real transactions, on either database."""

import pytest

from apps.accounts.models import User
from apps.core.errors import DomainError
from apps.searches.models import Hit, SavedSearch
from apps.searches.services import look_for_news, search_delete
from apps.taxonomy.models import Term
from tests.engagements.test_case_races import at_once
from tests.factories import make_need
from tests.matching.conftest import load_few_terms
from tests.searches.conftest import Keep, told

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def taxonomy(transactional_db: None) -> None:
    """A few terms: each of these tests empties the tables, and loading all takes seconds."""
    if not Term.objects.exists():
        load_few_terms()


def test_two_workers_tell_once(taxonomy: None, keep: Keep, professor: User) -> None:
    keep(professor, q="轧辊")
    need = make_need()
    results = at_once(look_for_news, look_for_news)
    assert sorted(results) == [0, 1]
    assert [hit.row_id for hit in Hit.objects.all()] == [need.pk]
    assert len(told(professor)) == 1


def test_a_search_deleted_while_a_worker_looks_is_gone(taxonomy: None, keep: Keep, professor: User) -> None:
    search = keep(professor, q="轧辊")
    make_need()
    results = at_once(look_for_news, lambda: search_delete(search=search, by=professor))
    assert not any(isinstance(result, Exception) for result in results)
    assert not SavedSearch.objects.exists()
    assert not Hit.objects.exists()


def test_two_windows_do_not_save_one_too_many(
    taxonomy: None, keep: Keep, professor: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("apps.searches.services.keeping.MOST_SEARCHES", 1)
    results = at_once(lambda: keep(professor, q="甲"), lambda: keep(professor, q="乙"))
    assert sum(isinstance(result, DomainError) for result in results) == 1
    assert SavedSearch.objects.count() == 1
