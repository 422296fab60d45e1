"""Long lists, page by page: the same rows as from the list itself, and no more work than reading the first of them."""

import gc
import weakref
from typing import Any

import pytest
from django.core.paginator import EmptyPage, Paginator
from django.db.models import QuerySet
from pytest_django import DjangoAssertNumQueries

from apps.capabilities.models import Capability
from apps.core.paging import FirstRowsByKey, RowsByKey
from apps.taxonomy.models import Term
from tests.factories import make_capability


@pytest.fixture
def terms(taxonomy: None) -> QuerySet[Term]:
    few = Term.objects.order_by("pk").values("pk")[:10]
    return Term.objects.filter(pk__in=few).order_by("-name", "pk")


def named(keys: list[int]) -> QuerySet[Term]:
    return Term.objects.filter(pk__in=keys).order_by("pk")


def pages_of(rows: Any, per_page: int) -> "Paginator[Term]":
    """Django asks for no more of a list than these have, but its types do."""
    return Paginator(rows, per_page)


@pytest.mark.parametrize("beginning", [1, 2, 4, 9, 10, 11, 100])
@pytest.mark.parametrize("per_page", [1, 3, 10])
def test_every_page_is_that_of_the_list(terms: QuerySet[Term], beginning: int, per_page: int) -> None:
    pages = pages_of(RowsByKey(terms, named, beginning=beginning), per_page)
    assert pages.count == 10
    assert [row for page in pages for row in page] == list(terms)


def test_a_page_leaves_no_rows_behind_for_the_collector(taxonomy: None) -> None:
    """Prefetched rows know their owner, which knows them: such circles stay until the collector looks for them."""
    make_capability().tags.set(Term.objects.filter(vocabulary="tag")[:2])

    def read(keys: list[int]) -> QuerySet[Capability]:
        return Capability.objects.filter(pk__in=keys).prefetch_related("tags")

    gc.disable()
    try:
        page = RowsByKey(Capability.objects.order_by("pk"), read)[0:5]
        assert [len(row.tags.all()) for row in page] == [2]
        left = [weakref.ref(row) for row in page]
        del page
        assert [ref() for ref in left] == [None]
    finally:
        gc.enable()


def test_a_list_that_ends_among_its_first_keys_is_not_counted(
    terms: QuerySet[Term], django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    with django_assert_num_queries(2):
        rows = RowsByKey(terms, named, beginning=11)
        assert rows.count() == 10
        assert len(rows[0:3]) == 3


def test_a_row_that_went_meanwhile_leaves_the_others(terms: QuerySet[Term]) -> None:
    rows = RowsByKey(terms, named)
    assert rows.count() == 10
    gone = terms[1]
    Term.objects.filter(pk=gone.pk).delete()
    assert [row.pk for row in rows[0:3]] == [term.pk for term in terms[0:2]]


def test_of_an_endless_list_only_the_beginning_is_there(terms: QuerySet[Term]) -> None:
    pages = pages_of(FirstRowsByKey(terms, named, beginning=4), 3)
    assert (pages.count, pages.num_pages) == (4, 2)
    assert list(pages.page(2)) == list(terms[3:4])
    with pytest.raises(EmptyPage):
        pages.page(3)


def test_a_shorter_list_is_whole(terms: QuerySet[Term]) -> None:
    assert list(pages_of(FirstRowsByKey(terms, named), 20).page(1)) == list(terms)


def test_an_empty_list_reads_nothing(terms: QuerySet[Term]) -> None:
    assert RowsByKey(terms.none(), named)[0:20] == []
    assert len(RowsByKey(terms.none(), named)) == 0
