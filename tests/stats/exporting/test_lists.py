"""Lists as files: what a person sees, no more, and nothing that a spreadsheet calculates."""

import csv
import io
import re
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from django.http import FileResponse
from django.http.response import StreamingHttpResponse
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from openpyxl import load_workbook
from pytest_django import DjangoAssertNumQueries

from apps.accounts.models import Organisation, User
from apps.core.models import AccessEntry
from apps.core.tables.exported import registered_lists
from apps.stats.exporting import limits
from tests.factories import make_capability, make_engagement, make_need, make_proposal

ClientOf = Callable[[User], Client]


def content_of(response: Any) -> bytes:
    assert isinstance(response, (StreamingHttpResponse, FileResponse))
    return response.getvalue()


def table(response: Any) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(content_of(response).decode("utf-8-sig"))))


def url(key: str, kind: str = "csv") -> str:
    return reverse("exports:list", args=[key, kind])


PIECES = {"need-proposals"}
"""Lists within the page of one row."""


@pytest.mark.parametrize("key", sorted(registered_lists()))
@pytest.mark.parametrize("kind", ["csv", "xlsx"])
def test_every_list_can_be_taken_out(
    key: str, kind: str, administrator: User, enterprise: Organisation, client_of: ClientOf
) -> None:
    make_engagement(proposal=make_proposal(need=make_need(organisation=enterprise)))
    content = content_of(client_of(administrator).get(url(key, kind)))
    assert content.startswith(b"\xef\xbb\xbf" if kind == "csv" else b"PK")
    header = content.decode("utf-8-sig").splitlines()[0] if kind == "csv" else ""
    assert kind == "xlsx" or header == ",".join(registered_lists()[key].header())
    if key not in PIECES:
        assert client_of(administrator).get(reverse(registered_lists()[key].page)).status_code == 200


NO_FILES = {
    "matching/rematches.html": "how far computing has come at this moment",
    "stats/report/list.html": "reports, each of which is a file itself",
}
"""Pages of rows that nobody takes away, and why."""
LINKED_OTHERWISE = {"trail"}
"""Beside its CSV, in the actions of its page."""


def test_every_page_with_pages_has_its_file(administrator: User, client_of: ClientOf, taxonomy: None) -> None:
    """A view that makes pages of rows offers them as a file: by its template, or by a list that is registered."""
    views = [path for path in Path("apps").rglob("*.py") if "Paginator(" in path.read_text()]
    templates = "".join(path.read_text() for path in Path("apps").rglob("*.html"))
    shown = {match for path in views for match in re.findall(r'render\(request, "([^"]+)"', path.read_text())}
    offered = set(re.findall(r'components/exports.html" with list="([a-z-]+)"', templates))
    missing = set(registered_lists()) - offered - LINKED_OTHERWISE
    assert missing == set()
    without = {name for name in shown if _is_list(name) and not _offers_file(name)}
    assert without == set(NO_FILES)


def _is_list(template: str) -> bool:
    return "pagination.html" in _text_of(template)


def _offers_file(template: str) -> bool:
    return bool(re.search(r"components/exports.html|_exports.html", _text_of(template)))


def _text_of(template: str) -> str:
    """With what it includes."""
    found = next(Path("apps").glob(f"*/templates/{template}")).read_text()
    parts = re.findall(r'"([\w/]+/_[\w]+\.html)"', found)
    return found + "".join(path.read_text() for part in parts for path in Path("apps").glob(f"*/templates/{part}"))


def test_a_visitor_signs_in_first(client: Client, db: None) -> None:
    assert reverse("accounts:sign_in") in client.get(url("needs")).headers["Location"]


@pytest.mark.parametrize("key", ["desk", "credits"])
def test_the_desk_is_nobody_elses(key: str, sme_owner: User, broker: User, client_of: ClientOf) -> None:
    assert client_of(sme_owner).get(url(key)).status_code == 404
    assert client_of(broker).get(url(key)).status_code == 200


def test_an_unknown_list_or_format_is_not_found(sme_owner: User, client_of: ClientOf) -> None:
    client = client_of(sme_owner)
    assert client.get(url("people")).status_code == 404
    assert client.get(url("needs", "pdf")).status_code == 404


def test_the_file_holds_what_the_filter_leaves_on_all_pages(sme_owner: User, client_of: ClientOf) -> None:
    for number in range(25):
        make_need(title=f"鲍鱼分拣 {number}")
    make_need(title="废水处理")
    rows = table(client_of(sme_owner).get(url("needs"), {"q": "鲍鱼", "page": "2"}))
    assert len(rows) == 25
    assert {row["需求名称"][:4] for row in rows} == {"鲍鱼分拣"}


def test_an_anonymous_need_leaks_its_owner_nowhere(
    enterprise: Organisation, sme_owner: User, professor: User, client_of: ClientOf
) -> None:
    need = make_need(organisation=enterprise)  # anonymous, as made
    mine = make_capability(organisation=professor.membership.organisation, contact=professor)
    make_proposal(need=need, capability=mine)
    for key in ("needs", "fitting", "inbox", "engagements"):
        for kind in ("csv", "xlsx"):
            content = content_of(client_of(professor).get(url(key, kind)))
            shown = content.decode() if kind == "csv" else str(_sheet(content))
            assert enterprise.name not in shown
    assert "匿名" in {row["需求单位"] for row in table(client_of(professor).get(url("needs")))}
    assert {row["需求单位"] for row in table(client_of(sme_owner).get(url("needs")))} == {enterprise.name}


def test_mine_are_not_others(stranger: User, enterprise: Organisation, client_of: ClientOf) -> None:
    make_engagement(proposal=make_proposal(need=make_need(organisation=enterprise)))
    for key in ("my-needs", "my-capabilities", "engagements", "contracts", "outcomes", "inbox", "fitting", "imports"):
        assert table(client_of(stranger).get(url(key))) == []


def _sheet(content: bytes) -> list[tuple[Any, ...]]:
    sheet = load_workbook(io.BytesIO(content)).active
    return [tuple(cell.value for cell in row) for row in sheet.iter_rows()]  # type: ignore[union-attr]  # of one sheet


def test_formulas_stay_texts_and_dates_dates(sme_owner: User, enterprise: Organisation, client_of: ClientOf) -> None:
    need = make_need(organisation=enterprise, title='=HYPERLINK("http://evil.example")')
    client = client_of(sme_owner)
    assert table(client.get(url("needs")))[0]["需求名称"].startswith("'=HYPERLINK")
    content = content_of(client.get(url("needs", "xlsx")))
    title = load_workbook(io.BytesIO(content)).active["B2"]  # type: ignore[index]  # of one sheet
    assert (title.data_type, title.value, title.quotePrefix) == ("s", need.title, True)
    assert need.published_at is not None
    published = timezone.localtime(need.published_at).replace(microsecond=0, tzinfo=None)
    assert published in [cell for cell in _sheet(content)[1] if isinstance(cell, datetime)]


def test_taking_out_is_kept(sme_owner: User, client_of: ClientOf) -> None:
    make_need()
    content_of(client_of(sme_owner).get(url("needs"), {"sort": "expiring"}))
    entry = AccessEntry.objects.get(action="export.made")
    assert entry.actor == sme_owner
    assert entry.detail == {"what": "list.needs", "rows": 1, "sort": "expiring"}


def test_too_long_a_list_is_refused_with_a_reason(
    sme_owner: User, client_of: ClientOf, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(limits, "MOST_ROWS", {"csv": 2, "xlsx": 1})
    client = client_of(sme_owner)
    make_need()
    make_need()
    assert len(table(client.get(url("needs")))) == 2
    response = client.get(url("needs", "xlsx"), {"sort": "newest"}, follow=True)
    assert response.redirect_chain == [("/needs/?sort=newest", 302)]
    assert "共有 2 条，Excel 文件一次最多 1 条。请改为导出 CSV" in response.content.decode()
    make_need()
    for kind, most in (("csv", 2), ("xlsx", 1)):
        text = client.get(url("needs", kind), follow=True).content.decode()
        assert f"共有 3 条，一次最多导出 {most} 条。请先缩小筛选范围" in text
    assert not AccessEntry.objects.filter(action="export.made", detail__rows=3).exists()


@pytest.mark.parametrize("name", ["stats:export", "stats:list_export"])
def test_rows_behind_a_number_are_refused_in_the_same_way(
    name: str, administrator: User, client_of: ClientOf, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(limits, "MOST_ROWS", {"csv": 0, "xlsx": 0})
    make_need()
    key = "needs" if name == "stats:export" else "open-needs"
    response = client_of(administrator).get(reverse(name, args=[key, "csv"]), {"since": "2020-01-01"}, follow=True)
    [(address, status)] = response.redirect_chain
    assert (address.endswith("?since=2020-01-01"), status) == (True, 302)
    assert "共有 1 条，一次最多导出 0 条" in response.content.decode()
    assert not AccessEntry.objects.filter(action="export.made").exists()


def test_a_file_costs_no_query_for_each_row(
    administrator: User, client_of: ClientOf, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    for _number in range(12):
        make_engagement(proposal=make_proposal())
    client = client_of(administrator)
    for key in ("needs", "capabilities", "engagements", "desk"):
        with django_assert_max_num_queries(12):
            content_of(client.get(url(key)))


def test_what_is_kept_of_an_export_is_not_what_the_address_says(professor: User, client_of: ClientOf) -> None:
    content_of(client_of(professor).get(url("my-capabilities") + "?what=list.notifications&rows=0&more=%00x"))
    entry = AccessEntry.objects.get(action="export.made")
    rows = entry.detail.pop("rows")
    assert entry.detail == {"what": "list.my-capabilities", "more": "x"}
    assert isinstance(rows, int)


def test_a_need_that_no_database_could_hold_has_no_proposals(professor: User, client_of: ClientOf) -> None:
    assert table(client_of(professor).get(url("need-proposals") + "?need=%00")) == []
