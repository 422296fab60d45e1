"""A long list is read in its own order, by keys, with nothing lost on the way and no query left open."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import translation

from apps.accounts.models import User
from apps.core.tables import pieces
from apps.core.tables.columns import attribute
from apps.core.tables.pieces import in_pieces
from apps.needs.models import Need
from apps.needs.selectors import with_terms
from tests.factories import make_need

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def of_two(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pieces, "PIECE", 2)


def test_rows_come_in_their_order_with_what_belongs_to_them(sme_owner: User) -> None:
    made = [make_need(title=f"需求 {number}") for number in (3, 1, 5, 2, 4)]
    rows = with_terms(Need.objects.exclude(pk=made[0].pk)).order_by("-title")
    with CaptureQueriesContext(connection) as queries:
        found = list(in_pieces(rows))
        assert [need.title for need in found] == ["需求 5", "需求 4", "需求 2", "需求 1"]
        asked = len(queries)
        assert all(need.tags.all() for need in found)  # read along with the piece
        assert len(queries) == asked
    assert list(in_pieces(rows[1:3])) == list(rows[1:3])


def test_what_narrowed_the_rows_is_asked_once(sme_owner: User) -> None:
    for number in range(5):
        make_need(title=f"需求 {number}")
    with CaptureQueriesContext(connection) as queries:
        assert len(list(in_pieces(Need.objects.filter(title__contains="需求").order_by("pk")))) == 5
    narrowed = [query["sql"] for query in queries if "LIKE" in query["sql"]]
    assert len(narrowed) == 1
    assert "ORDER BY" in narrowed[0]


def test_a_row_that_is_deleted_meanwhile_is_left_out(sme_owner: User) -> None:
    for _number in range(5):
        make_need()
    rows = in_pieces(Need.objects.order_by("pk"))
    first = next(rows)
    last = Need.objects.order_by("pk").last()
    assert last is not None
    last.delete()
    assert [first, *rows] == list(Need.objects.order_by("pk"))


def test_a_choice_is_told_in_the_language_of_the_moment(sme_owner: User) -> None:
    need = make_need()
    told = []
    for language in ("zh-hans", "en", "zh-hans"):
        with translation.override(language):
            told.append(attribute("state")(need))
            assert told[-1] == need.get_state_display()
    assert told[0] == told[2] != told[1]
