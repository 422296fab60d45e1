"""The statistics pages and the files they give."""

import csv
import html
import io
import re
from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from django.http.response import StreamingHttpResponse
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from openpyxl import load_workbook
from pytest_django import DjangoAssertNumQueries

from apps.accounts.models import User
from apps.core import clock
from apps.stats.figures import FIGURES
from apps.stats.models import Target, Upkeep
from apps.stats.periods import Period
from apps.taxonomy.models import Term
from tests.factories import make_need
from tests.stats.conftest import Chance
from tests.stats.counting import Census, Wanted

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


PAGES = ("stats:overview", "stats:distribution", "stats:fit")


def links(page: str) -> list[tuple[str, str]]:
    """(address, what is shown) of every link to rows."""
    found = re.findall(r'<a [^>]*?href="(/stats/(?:now/)?[a-z_-]+/[?][^"]+)"[^>]*>(.*?)</a>', page, re.DOTALL)
    return [(html.unescape(url), re.sub(r"<title>.*?</title>|<[^>]+>", " ", inner).strip()) for url, inner in found]


def test_each_number_leads_to_that_many_rows(city: Chance, reviewer: User, client_of: ClientOf) -> None:
    client = client_of(reviewer)
    numbers = 0
    for name in PAGES:
        page = client.get(reverse(name), ALL | {"chain": city.terms["industry_chain"][6].code}).content.decode()
        for url, shown in links(page):
            if re.fullmatch(r"[0-9,]+", shown):
                total = client.get(url).context["page"].paginator.count
                assert total == int(shown.replace(",", "")), url
                numbers += 1
    assert numbers > 40


@pytest.mark.parametrize("name", PAGES)
def test_an_official_of_some_districts_sees_only_those(
    city: Chance, name: str, reviewer: User, client_of: ClientOf
) -> None:
    mine, other = city.terms["district"][:2]
    reviewer.covers_city = False
    reviewer.save()
    reviewer.districts.set([mine])
    client = client_of(reviewer)
    page = client.get(reverse(name), ALL)
    assert page.context["question"].districts == (mine.pk,)
    assert f'value="{other.code}"' not in page.content.decode()
    for key in ("needs", "engagements", "proposals"):
        mine_only = client.get(reverse("stats:rows", args=[key]), ALL).context["page"].paginator
        assert mine_only.count == len(Census().counted(key, Wanted(date(2000, 1, 1), date(2100, 1, 1), (mine.pk,))))
        asked = client.get(reverse("stats:rows", args=[key]), ALL | {"district": other.code})
        assert asked.context["page"].paginator.count == mine_only.count
        lines = content_of(client.get(f"/stats/{key}/export.csv", ALL | {"district": other.code})).decode().splitlines()
        assert len(lines) == mine_only.count + 1


def test_an_official_of_no_district_sees_nothing(city: Chance, reviewer: User, client_of: ClientOf) -> None:
    reviewer.covers_city = False
    reviewer.save()
    client = client_of(reviewer)
    assert {step.number.value for step in client.get(reverse("stats:overview"), ALL).context["steps"]} == {0}
    assert client.get(reverse("stats:rows", args=["needs"]), ALL).context["page"].paginator.count == 0


def test_a_page_tells_as_of_when(city: Chance, reviewer: User, client_of: ClientOf) -> None:
    page = client_of(reviewer).get(reverse("stats:overview")).content.decode()
    moment = timezone.localtime(Upkeep.objects.get(model="").current_at)
    assert f"截至 {moment:%H:%M}。" in page


def test_the_rows_lead_on_to_their_objects(city: Chance, reviewer: User, client_of: ClientOf) -> None:
    client = client_of(reviewer)
    for key, figure in FIGURES.items():
        page = client.get(reverse("stats:rows", args=[key]), ALL).content.decode()
        row = figure.rows(Period(date(2000, 1, 1), clock.today()))[0]
        assert reverse(figure.page, args=[figure.page_key(row)]) in page, key


def test_the_exported_file_holds_the_counted_rows(city: Chance, reviewer: User, client_of: ClientOf) -> None:
    client = client_of(reviewer)
    for key, figure in FIGURES.items():
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
        {"district": "\x00", "chain": "nothing", "tier": "district"},
        {"partner": "' OR 1=1", "broker": "99999999999999999999"},
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


def test_a_page_asks_a_fixed_number_of_queries(
    city: Chance, reviewer: User, client_of: ClientOf, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    """However much it counts; two fewer where nobody has a case, or no need has a tag."""
    client = client_of(reviewer)
    Target.objects.all().delete()
    pages = [(reverse(f"stats:{name}"), most) for name, most in (("overview", 12), ("distribution", 10), ("fit", 8))]
    pages += [(reverse("stats:rows", args=[key]), 7) for key in FIGURES]
    for url, most in pages:
        client.get(url, ALL)  # what is kept between pages is there
        with django_assert_max_num_queries(most):
            client.get(url, ALL)


def test_a_target_is_shown_with_its_pace(city: Chance, administrator: User, client_of: ClientOf) -> None:
    year = clock.today().year
    Target.objects.create(year=year, measure="needs", value=1)
    Target.objects.create(year=year, measure="engagements", value=100_000)
    page = client_of(administrator).get(reverse("stats:overview")).content.decode()
    assert "进度达到要求" in page
    assert "进度落后" in page
    assert "2028 年 技术合同成交额（亿元）" in page


def test_without_targets_the_administrator_is_led_on(
    administrator: User, reviewer: User, client_of: ClientOf, taxonomy: None
) -> None:
    Target.objects.all().delete()
    page = client_of(administrator).get(reverse("stats:overview")).content.decode()
    assert reverse("admin:stats_target_add") in page
    page = client_of(reviewer).get(reverse("stats:overview")).content.decode()
    assert "请平台管理员设定" in page
    assert reverse("admin:stats_target_add") not in page


def test_a_chart_of_nothing_is_a_sentence(reviewer: User, client_of: ClientOf, taxonomy: None) -> None:
    for name in PAGES:
        page = client_of(reviewer).get(reverse(name)).content.decode()
        assert '<svg class="chart"' not in page
        assert "parts-bar" not in page
        assert ("所选条件下还没有记录" in page) == (name != "stats:fit" or "by-reason" in page)
