"""Several numbers by one query, each as its list would count itself."""

from typing import Any

import pytest

from apps.accounts.models import Organisation, User
from apps.capabilities.models import Capability
from apps.core.counting import counts_of
from apps.needs.models import Need
from apps.taxonomy.models import Term
from tests.factories import make_capability, make_need

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("taxonomy")]


def test_lists_of_several_tables_are_counted_by_one_query(
    enterprise: Organisation, other_enterprise: Organisation, django_assert_num_queries: Any
) -> None:
    for owner in (enterprise, enterprise, other_enterprise):
        make_need(organisation=owner)
    make_capability()
    lists: dict[str, Any] = {
        "needs": Need.objects.open().order_by("valid_until"),
        "own": Need.objects.filter(organisation=enterprise),
        "capabilities": Capability.objects.all(),
        "nothing": Capability.objects.filter(title="没有"),
        "impossible": Capability.objects.none(),
    }
    with django_assert_num_queries(1):
        found = counts_of(**lists)
    assert found == {name: rows.count() for name, rows in lists.items()}
    assert found == {"needs": 3, "own": 2, "capabilities": 1, "nothing": 0, "impossible": 0}


def test_a_list_counts_each_row_as_often_as_it_names_it(sme_owner: User) -> None:
    need = make_need()
    need.tags.set(Term.objects.filter(vocabulary="tag")[:3])
    tagged = Need.objects.filter(tags__isnull=False)
    assert counts_of(joined=tagged, once=tagged.distinct(), first=tagged[:1]) == {"joined": 3, "once": 1, "first": 1}


def test_no_lists_ask_nothing(django_assert_num_queries: Any) -> None:
    with django_assert_num_queries(0):
        assert counts_of() == {}
        assert counts_of(impossible=Need.objects.none()) == {"impossible": 0}
