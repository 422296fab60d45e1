"""Keeping a filter from its list, and the page 我的订阅."""

from collections.abc import Callable

import pytest
from django.core.exceptions import ValidationError
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from apps.accounts.models import User
from apps.core.errors import DomainError, NotAllowed
from apps.notifications.models import Delivery
from apps.notifications.selectors import choices_of
from apps.searches.lists import list_of, register_list, searchable_lists
from apps.searches.models import SavedSearch
from apps.searches.services import (
    look_for_news,
    search_delete,
    search_pause,
    search_rename,
    search_resume,
    search_save,
)
from apps.searches.services.keeping import MOST_SEARCHES
from apps.taxonomy.models import Term
from tests.factories import make_need
from tests.searches.conftest import Keep

ClientOf = Callable[[User], Client]
pytestmark = pytest.mark.usefixtures("taxonomy")
BOARD = "/needs/"
MINE = "/searches/"


def chain() -> Term:
    return Term.objects.filter(vocabulary="industry_chain", is_active=True)[0]


def test_a_filter_is_kept_from_its_list_and_shown_as_a_chip(client_of: ClientOf, professor: User) -> None:
    client = client_of(professor)
    page = client.get(BOARD, {"q": "轧辊", "chain": chain().code, "sort": "expiring", "page": "2"}).content.decode()
    assert "保存这个筛选" in page
    form = {"list": "needs.board", "query": f"q=轧辊&chain={chain().code}&sort=expiring&page=2", "name": "轧辊需求"}
    answer = client.post("/searches/save/", form)
    search = SavedSearch.objects.get()
    assert (search.owner, search.name) == (professor, "轧辊需求")
    assert search.params == {"q": "轧辊", "chain": chain().code}
    page = client.get(answer["Location"]).content.decode()
    assert "chip-on" in page
    assert "保存这个筛选" not in page
    assert "轧辊需求" in client.get(MINE).content.decode()


@pytest.mark.parametrize("query", [{}, {"sort": "newest"}, {"q": " "}, {"chain": "no-such"}, {"q": "\x00"}])
def test_a_filter_that_narrows_nothing_is_not_offered(
    client_of: ClientOf, professor: User, query: dict[str, str]
) -> None:
    assert "保存这个筛选" not in client_of(professor).get(BOARD, query).content.decode()


def test_visitors_are_offered_nothing() -> None:
    assert "保存这个筛选" not in Client().get(BOARD, {"q": "轧辊"}).content.decode()
    for url in (MINE, "/searches/save/"):
        assert Client().post(url)["Location"].startswith("/accounts/sign-in/")


def test_every_list_has_the_button(client_of: ClientOf, professor: User) -> None:
    client = client_of(professor)
    assert {source.key for source in searchable_lists()} >= {
        "needs.board",
        "capabilities.catalogue",
        "matching.fitting",
        "engagements.cases",
    }
    for address, query in (
        (BOARD, {"q": "轧辊"}),
        ("/capabilities/", {"kind": "result"}),
        ("/engagements/", {"state": "introduced"}),
    ):
        assert "保存这个筛选" in client.get(address, query).content.decode(), address


def test_the_same_filter_is_kept_once(keep: Keep, professor: User) -> None:
    assert keep(professor, q="轧辊", mode="entrusted") == keep(professor, mode="entrusted", q="轧辊", sort="newest")


def test_it_is_called_by_its_conditions_unless_it_is_named(keep: Keep, professor: User) -> None:
    assert keep(professor, q="轧辊", chain=chain().code).name == f"“轧辊” · {chain()}"
    assert keep(professor, "capabilities.catalogue", trl="7").name == "TRL 7 以上（可现场应用）"


def test_what_is_not_on_offer_is_not_kept(keep: Keep, professor: User) -> None:
    with pytest.raises(DomainError, match="产业链"):
        keep(professor, chain="no-such")
    with pytest.raises(DomainError, match="先选择"):
        keep(professor, sort="newest", page="3")


def test_twenty_are_enough(keep: Keep, professor: User) -> None:
    for number in range(MOST_SEARCHES):
        keep(professor, q=f"词 {number}")
    with pytest.raises(DomainError, match="最多保存 20 个"):
        keep(professor, q="再来一个")
    keep(professor, q="词 3")  # the one there is


def test_a_name_that_cannot_be_is_asked_for_again(client_of: ClientOf, professor: User) -> None:
    form = {"list": "needs.board", "query": "q=轧辊", "name": " "}
    answer = client_of(professor).post("/searches/save/", form)
    assert answer.status_code == 200
    assert "起个名字" in answer.content.decode()
    assert not SavedSearch.objects.exists()
    assert client_of(professor).post("/searches/save/", form | {"list": "no.such"}).status_code == 400


def test_its_owner_renames_pauses_resumes_and_deletes_it(client_of: ClientOf, keep: Keep, professor: User) -> None:
    search, client = keep(professor, q="轧辊"), client_of(professor)
    client.post(f"{MINE}{search.public_id}/rename/", {"name": "新名字"})
    client.post(f"{MINE}{search.public_id}/pause/")
    page = client.get(MINE).content.decode()
    assert "新名字" in page
    assert "已暂停" in page
    assert "起个名字" in client.post(f"{MINE}{search.public_id}/rename/", {"name": ""}).content.decode()
    client.post(f"{MINE}{search.public_id}/resume/")
    search.refresh_from_db()
    assert not search.is_paused
    client.post(f"{MINE}{search.public_id}/delete/")
    assert not SavedSearch.objects.exists()
    assert "还没有保存过筛选" in client.get(MINE).content.decode()


def test_it_is_nobody_elses(
    client_of: ClientOf, keep: Keep, professor: User, stranger: User, administrator: User
) -> None:
    search = keep(professor, q="轧辊", name="悄悄留意")
    for person in (stranger, administrator):
        client = client_of(person)
        assert "悄悄留意" not in client.get(MINE).content.decode()
        assert client.get(f"{MINE}{search.public_id}/open/").status_code == 404
        for act in ("rename", "pause", "resume", "delete"):
            assert client.post(f"{MINE}{search.public_id}/{act}/", {"name": "x"}).status_code == 404
        for service in (search_pause, search_resume, search_delete):
            SavedSearch.objects.update(is_paused=service is search_resume)
            search.refresh_from_db()
            with pytest.raises(NotAllowed):
                service(search=search, by=person)
        with pytest.raises(NotAllowed):
            search_rename(search=search, by=person, name="x")


def test_opening_it_leads_to_the_list_with_its_filter(client_of: ClientOf, keep: Keep, professor: User) -> None:
    search = keep(professor, q="轧辊", mode="entrusted")
    answer = client_of(professor).get(f"{MINE}{search.public_id}/open/")
    assert answer["Location"].startswith("/needs/?")
    assert {"q=%E8%BD%A7%E8%BE%8A", "mode=entrusted"} == set(answer["Location"].split("?")[1].split("&"))
    SavedSearch.objects.update(list_key="gone.list")
    assert client_of(professor).get(f"{MINE}{search.public_id}/open/")["Location"] == MINE
    assert "条件已失效" in client_of(professor).get(MINE).content.decode()


@pytest.mark.parametrize(("chosen", "letters"), [("at_once", 1), ("daily", 1), ("weekly", 1), ("never", 0)])
def test_how_often_letters_come_is_chosen_on_the_page(
    client_of: ClientOf, keep: Keep, professor: User, chosen: str, letters: int
) -> None:
    keep(professor, q="轧辊")
    client_of(professor).post("/searches/frequency/", {"frequency": chosen})
    assert choices_of(professor)["searches"].email == chosen
    make_need()
    look_for_news()
    rows = Delivery.objects.filter(notification__recipient=professor)
    assert rows.count() == letters
    assert not letters or rows.get().frequency == chosen


def test_a_name_is_text(keep: Keep, professor: User) -> None:
    search = keep(professor, q="轧辊")
    for wrong in ("", "长" * 41, "a\x00b"):
        with pytest.raises(ValidationError):
            search_rename(search=search, by=professor, name=wrong)


def test_a_closed_account_keeps_nothing(professor: User) -> None:
    source = list_of("needs.board")
    assert source is not None
    professor.is_active = False
    with pytest.raises(NotAllowed):
        search_save(source=source, params={"q": "轧辊"}, by=professor)


def test_a_longer_page_costs_no_more_queries(client_of: ClientOf, keep: Keep, professor: User) -> None:
    client, counts = client_of(professor), []
    for number in range(6):
        keep(professor, q=f"词 {number}", chain=chain().code)
        if number in (0, 5):
            with CaptureQueriesContext(connection) as queries:
                client.get(MINE)
            counts.append(len(queries))
    assert counts[0] == counts[1]


def test_a_key_is_one_lists(professor: User) -> None:
    source = list_of("needs.board")
    other = list_of("capabilities.catalogue")
    assert source is not None
    assert other is not None
    register_list(source)  # again is no harm
    with pytest.raises(ValueError, match="registered twice"):
        register_list(type(source)(**{name: getattr(other, name) for name in other.__slots__} | {"key": source.key}))


def test_searches_stand_in_the_menu(client_of: ClientOf, professor: User) -> None:
    assert reverse("searches:mine") in client_of(professor).get("/").content.decode()
