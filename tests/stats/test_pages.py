"""The statistics pages and the files they give."""

import csv
import io
from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from django.http.response import StreamingHttpResponse
from django.test import Client
from django.urls import reverse
from openpyxl import load_workbook
from pytest_django import DjangoAssertNumQueries

from apps.accounts.models import User
from apps.core import clock
from apps.stats.figures import FIGURES
from apps.stats.periods import Period
from apps.taxonomy.models import Term
from tests.factories import make_need
from tests.stats.conftest import Chance

ClientOf = Callable[[User], Client]
ALL = {"since": "2000-01-01", "until": "2100-01-01"}


def content_of(response: Any) -> Any:
    return response.getvalue() if isinstance(response, StreamingHttpResponse) else response.content


@pytest.mark.parametrize("who", ["sme_owner", "professor", "broker"])
def test_others_are_refused_with_a_reason(who: str, client_of: ClientOf, request: pytest.FixtureRequest) -> None:
    client = client_of(request.getfixturevalue(who))
    for url in (reverse("stats:overview"), reverse("stats:rows", args=["needs"]), "/stats/needs/export.csv"):
        response = client.get(url)
        assert response.status_code == 403
        assert "统计数据仅供平台审核员和管理员查看。" in response.content.decode()


def test_a_visitor_is_asked_to_sign_in(client: Client, db: None) -> None:
    assert client.get(reverse("stats:overview")).status_code == 302


@pytest.mark.parametrize("who", ["reviewer", "administrator"])
def test_each_number_leads_to_that_many_rows(
    city: Chance, who: str, client_of: ClientOf, request: pytest.FixtureRequest
) -> None:
    client = client_of(request.getfixturevalue(who))
    context = client.get(reverse("stats:overview")).context
    numbers = [(number, url) for _figure, number, url in context["figures"]]
    for parts in ("outcome_types", "outcome_months", "decline_reasons"):
        numbers += [(part.number, part.url) for part in context[parts]]
    assert len(numbers) > 30
    for number, url in numbers:
        assert client.get(url).context["page"].paginator.count == number


@pytest.mark.parametrize("key", FIGURES)
def test_the_rows_lead_on_to_their_objects(city: Chance, key: str, reviewer: User, client_of: ClientOf) -> None:
    page = client_of(reviewer).get(reverse("stats:rows", args=[key]), ALL).content.decode()
    row = FIGURES[key].rows(Period(date(2000, 1, 1), clock.today()))[0]
    assert reverse(FIGURES[key].page, args=[FIGURES[key].page_key(row)]) in page


@pytest.mark.parametrize("key", FIGURES)
def test_the_exported_file_holds_the_counted_rows(city: Chance, key: str, reviewer: User, client_of: ClientOf) -> None:
    client, figure = client_of(reviewer), FIGURES[key]
    numbers = [row.public_id for row in figure.rows(Period(date(2000, 1, 1), clock.today()))]
    header = [str(column.label) for column in figure.columns]

    response = client.get(reverse("stats:export", args=[key, "csv"]), ALL)
    content = content_of(response)
    assert content.startswith(b"\xef\xbb\xbf")
    lines = list(csv.reader(io.StringIO(content.decode("utf-8-sig"))))
    assert (lines[0], [line[0] for line in lines[1:]]) == (header, numbers)

    response = client.get(reverse("stats:export", args=[key, "xlsx"]), ALL)
    sheet = load_workbook(io.BytesIO(content_of(response))).active
    assert sheet is not None
    cells = [list(row) for row in sheet.iter_rows(values_only=True)]
    assert (cells[0], [row[0] for row in cells[1:]]) == (header, numbers)
    assert response["Content-Disposition"].startswith("attachment")


def test_no_spreadsheet_calculates_an_exported_text(reviewer: User, client_of: ClientOf, taxonomy: None) -> None:
    make_need(title="=HYPERLINK(1)")
    client = client_of(reviewer)
    text = content_of(client.get(reverse("stats:export", args=["needs", "csv"]))).decode("utf-8-sig")
    assert ",'=HYPERLINK(1)," in text
    workbook = load_workbook(io.BytesIO(content_of(client.get(reverse("stats:export", args=["needs", "xlsx"])))))
    assert workbook.active is not None
    assert workbook.active["B2"].data_type == "s"


def test_a_part_of_a_figure_is_exported_alone(city: Chance, reviewer: User, client_of: ClientOf) -> None:
    reason = Term.objects.filter(
        vocabulary="decline_reason",
        pk__in=FIGURES["declines"].rows(Period(date(2000, 1, 1), clock.today())).values("decline_reason"),
    )[0]
    response = client_of(reviewer).get(reverse("stats:export", args=["declines", "csv"]), {**ALL, "only": reason.code})
    lines = list(csv.DictReader(io.StringIO(content_of(response).decode("utf-8-sig"))))
    assert {line["婉拒原因"] for line in lines} == {reason.name}


@pytest.mark.parametrize(
    "query",
    [
        {"since": "yesterday"},
        {"since": "0001-01-01"},
        {"until": "9999-12-31"},
        {"since": "2026-05-01", "until": "2026-04-01"},
        {"since": "", "until": ""},
        {"since": "2099-01-01"},
        {"page": "-1"},
        {"only": "' OR 1=1"},
        {"only": "process_change\x00"},
    ],
)
def test_nonsense_in_the_address_is_answered_with_a_page(
    query: dict[str, str], reviewer: User, client_of: ClientOf, taxonomy: None
) -> None:
    client = client_of(reviewer)
    for name, arguments in (("overview", []), ("rows", ["outcomes"])):
        assert client.get(reverse(f"stats:{name}", args=arguments), query).status_code == 200
    assert client.get(reverse("stats:export", args=["outcomes", "csv"]), query).status_code == 200


def test_a_wrong_day_is_told_beside_its_field(reviewer: User, client_of: ClientOf, taxonomy: None) -> None:
    query = {"since": "2026-05-01", "until": "2026-04-01"}
    page = client_of(reviewer).get(reverse("stats:overview"), query).content.decode()
    assert "结束日期不能早于开始日期。" in page[page.index('id="id_until_field"') :]
    assert 'value="2026-05-01"' in page


@pytest.mark.parametrize("path", ["/stats/no-such-figure/", "/stats/needs/export.exe", "/stats/secrets/export.csv"])
def test_what_is_not_counted_is_not_found(path: str, reviewer: User, client_of: ClientOf) -> None:
    assert client_of(reviewer).get(path).status_code == 404


def test_an_empty_city_has_an_empty_page(reviewer: User, client_of: ClientOf, taxonomy: None) -> None:
    page = client_of(reviewer).get(reverse("stats:rows", args=["outcomes"])).content.decode()
    assert "这段时间还没有记录" in page


def test_the_overview_asks_a_fixed_number_of_queries(
    city: Chance, reviewer: User, client_of: ClientOf, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    client = client_of(reviewer)
    with django_assert_num_queries(16):  # 3 for the person, 8 figures, 2 × 2 for terms, months
        client.get(reverse("stats:overview"))


@pytest.mark.parametrize("key", FIGURES)
def test_the_rows_ask_a_fixed_number_of_queries(
    city: Chance, key: str, reviewer: User, client_of: ClientOf, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    client = client_of(reviewer)
    terms = 1 if FIGURES[key].term else 0
    with django_assert_num_queries(5 + terms):  # 3 for the person, count, rows
        client.get(reverse("stats:rows", args=[key]), ALL)
