"""The open statistics as everybody gets them."""

import csv
import io
from datetime import datetime, timedelta

import pytest
from django.db.models import F
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from apps.accounts.models import Organisation, OrganisationKind, User
from apps.core import clock
from apps.core.city_settings import city_setting_change
from apps.engagements.models import Contract
from apps.stats.open_data.counting import forget_open_statistics, open_statistics
from apps.stats.refreshing import refresh_figures
from apps.taxonomy.models import Term
from tests.factories import make_need, make_organisation
from tests.stats.conftest import Chance
from tests.stats.exporting.test_lists import content_of

LAST_YEAR = clock.today().year - 1


@pytest.fixture(autouse=True)
def nothing_kept() -> None:
    forget_open_statistics()


@pytest.fixture
def districts(taxonomy: None, enterprise: Organisation) -> list[Term]:
    """Last year: 8 needs of as many companies in the first district, 2 in the second, 7 in the third; 13 this year."""
    found = list(Term.objects.filter(vocabulary="district").order_by("position", "id")[:3])
    day = datetime(LAST_YEAR, 5, 20, 12, tzinfo=timezone.get_default_timezone())
    for district, number in zip(found, (8, 2, 7), strict=True):
        for place in range(number):
            owner = make_organisation(f"{district.name}第{place}厂", OrganisationKind.ENTERPRISE, district=district)
            make_need(organisation=owner, published_at=day)
    for _ in range(13):
        make_need(organisation=enterprise)
    assert refresh_figures()
    return found


def shares() -> dict[str, int | None]:
    rows = [row for row in open_statistics().rows if (row.year, row.figure) == (LAST_YEAR, "needs")]
    return {row.code or row.breakdown: row.value for row in rows if row.breakdown in ("district", "total")}


def test_a_small_district_is_hidden_and_not_alone(districts: list[Term]) -> None:
    found = shares()
    assert found["total"] == 17
    assert found[districts[1].code] is None
    assert sum(value is None for value in found.values()) == 2
    assert {found[districts[0].code], found[districts[2].code]} in ({8, None}, {7, None})


def test_this_year_is_told_in_tens(districts: list[Term]) -> None:
    (row,) = [row for row in open_statistics().rows if row.is_rough and row.figure == "needs"]
    assert row.value == 10


def test_the_page_the_file_and_the_interface_say_the_same(client: Client, districts: list[Term]) -> None:
    page = client.get(reverse("open:statistics"), {"year": LAST_YEAR}).content.decode()
    assert "＊" in page
    assert f"{LAST_YEAR} 年全年" in page
    lines = list(csv.DictReader(io.StringIO(content_of(client.get("/open/statistics.csv")).decode("utf-8-sig"))))
    rows = client.get("/api/v1/open-statistics/").json()["rows"]
    assert [line["数值"] for line in lines] == ["" if row["value"] is None else str(row["value"]) for row in rows]
    assert not any(owner.name in page for owner in Organisation.objects.all())


@pytest.mark.parametrize("path", ["/open/", "/open/statistics.csv", "/api/v1/open-statistics/"])
def test_a_city_can_close_them(path: str, client: Client, administrator: User) -> None:
    assert client.get(path).status_code == 200
    city_setting_change(key="switch.open_statistics", value=False, by=administrator)
    assert client.get(path).status_code == 404


def test_a_city_sets_the_threshold(districts: list[Term], administrator: User) -> None:
    assert None in shares().values()
    city_setting_change(key="open_statistics.threshold", value=20, by=administrator)
    assert set(shares().values()) == {None}


@pytest.mark.parametrize("year", ["x", "1999", "", "９"])
def test_an_odd_year_shows_the_last_one(year: str, client: Client, districts: list[Term]) -> None:
    assert client.get(reverse("open:statistics"), {"year": year}).context["year"] == LAST_YEAR


def test_a_city_without_a_whole_year_says_so(client: Client, taxonomy: None) -> None:
    assert "还没有过完的年份的数据。" in client.get(reverse("open:statistics")).content.decode()


def test_a_contracts_number_and_its_money_are_hidden_together(city: Chance, administrator: User) -> None:
    """Money that is shown would tell that its number is not small."""
    a_year_ago = F("signed_on") - timedelta(days=365)  # most of them in a year that is over, whatever the day
    Contract.objects.update(signed_on=a_year_ago, updated_at=clock.now())
    assert refresh_figures()
    city_setting_change(key="open_statistics.threshold", value=3, by=administrator)
    told = open_statistics().rows
    money = {(row.year, row.breakdown, row.code): row.value for row in told if row.figure == "contract_yuan"}
    pairs = [(row.value, money[row.year, row.breakdown, row.code]) for row in told if row.figure == "contracts"]
    finished = pairs[1:]
    assert any(number for number, _amount in finished)
    assert all((number is None) == (amount is None) for number, amount in finished)
