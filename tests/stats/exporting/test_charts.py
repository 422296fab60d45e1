"""The tables behind charts as files."""

import io
import re
from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from openpyxl import load_workbook

from apps.accounts.models import User
from apps.stats.exporting.charts import chart_sheets
from tests.stats.conftest import Chance
from tests.stats.exporting.test_lists import content_of, table

ClientOf = Callable[[User], Client]
ALL = {"since": "2000-01-01", "until": "2100-01-01"}


@pytest.mark.parametrize("who", ["sme_owner", "professor", "broker"])
def test_charts_are_for_officials(who: str, client_of: ClientOf, request: pytest.FixtureRequest) -> None:
    assert client_of(request.getfixturevalue(who)).get("/exports/charts/funnel.csv").status_code == 403


def test_each_chart_of_the_pages_has_its_file(city: Chance, reviewer: User, client_of: ClientOf) -> None:
    client = client_of(reviewer)
    offered: set[str] = set()
    for page in ("overview", "distribution", "fit"):
        content = client.get(reverse(f"stats:{page}"), ALL).content.decode()
        offered |= set(re.findall(r"/exports/charts/([a-z_-]+)\.csv", content))
    assert offered >= set(chart_sheets()) - {"by-gap-tag"}
    for key in chart_sheets():
        rows = table(client.get(reverse("exports:chart", args=[key, "csv"]), ALL))
        assert rows or key in {"targets", "by-gap-tag"}


def test_the_file_says_what_the_page_says(city: Chance, reviewer: User, client_of: ClientOf) -> None:
    client = client_of(reviewer)
    steps = client.get(reverse("stats:overview"), ALL).context["steps"]
    rows = table(client.get("/exports/charts/funnel.csv", ALL))
    assert [int(row["本期"]) for row in rows][: len(steps)] == [step.number.value for step in steps]
    sheet: Any = load_workbook(io.BytesIO(content_of(client.get("/exports/charts/money.xlsx", ALL)))).active
    money = client.get(reverse("stats:overview"), ALL).context["found"].money
    assert [Decimal(str(row[1].value)) * 100 for row in list(sheet.rows)[1:]] == [number.value for number in money]


def test_an_official_of_one_district_takes_out_no_other(city: Chance, reviewer: User, client_of: ClientOf) -> None:
    mine, other = city.terms["district"][:2]
    reviewer.covers_city = False
    reviewer.save()
    reviewer.districts.set([mine])
    rows = table(client_of(reviewer).get("/exports/charts/district.csv", ALL | {"district": other.code}))
    assert [row["区市"] for row in rows] == [str(mine)]
