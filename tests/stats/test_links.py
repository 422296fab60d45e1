"""Every number of the three pages leads to its rows: as many, or as much money, as the number says."""

import html
import re
from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from html.parser import HTMLParser

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from apps.accounts.models import User
from apps.core import clock
from apps.engagements.models import Contract, ContractCredit
from apps.review.models import Verdict
from apps.review.models.handling import Outcome
from apps.stats.dashboard.overview import overview
from apps.stats.figures import FIGURES
from apps.stats.models import Target
from apps.stats.questions import Question, Terms
from apps.stats.templatetags.figures import told, yuan
from tests.stats.conftest import Chance
from tests.stats.counting import Wanted
from tests.stats.test_figures import EVER, some_question

ClientOf = Callable[[User], Client]
PAGES = ("stats:overview", "stats:distribution", "stats:fit")
LINKS = re.compile(r'<a [^>]*?href="(/stats/(?:more/)?[a-z_-]+/[?][^"]*)"[^>]*>(.*?)</a>', re.DOTALL)
NUMBER = re.compile(r"(?<![\d.,])[\d,]+(?![\d.,]*[\d%])")
# Ratios of numbers that stand beside them as links, and what is set, not counted.
WITHOUT_LINK = re.compile(r"figure-change|table-note|as-of|target-head|chart-label|nothing|exports|definition|period")


def links(page: str) -> list[tuple[str, str]]:
    found = LINKS.findall(page)
    return [(html.unescape(url), re.sub(r"<title>.*?</title>|<[^>]+>", " ", inner).strip()) for url, inner in found]


@pytest.fixture
def served(city: Chance, reviewer: User, broker: User, administrator: User) -> None:
    """Decisions of the desk and confirmed credits, which the city does not bring."""
    for need in FIGURES["needs"].rows(EVER)[:9]:
        Verdict.objects.create(
            need=need,
            outcome=city.random.choice([Outcome.APPROVED, Outcome.HELD, Outcome.KEPT]),
            reviewer=reviewer,
            waiting_since=need.published_at - timedelta(hours=3),
            decided_at=city.moment(),
            working_minutes=city.random.randrange(600),
            is_within_goal=city.random.random() < 0.7,
        )
    for contract in Contract.objects.all():
        ContractCredit.objects.create(
            contract=contract,
            broker=contract.engagement.broker or broker,
            percent=Decimal(30),
            proposed_by=administrator,
            proposed_at=clock.now(),
            confirmed_by=administrator,
            confirmed_at=clock.now(),
        )


@pytest.mark.usefixtures("served")
def test_each_number_of_each_page_leads_to_its_rows(city: Chance, administrator: User, client_of: ClientOf) -> None:
    year, client = clock.today().year, client_of(administrator)
    for measure in ("brokers", "technology_companies", "needs", "contract_yuan"):
        Target.objects.create(year=year, measure=measure, value=1000)
    counts = sums = 0
    for round_ in range(3):
        question, _wanted = some_question(city, Terms(), EVER if round_ == 0 else None)
        question = replace(question, allowed=None)  # as the administrator asks
        asked = question.query()
        for name in PAGES:
            page = client.get(f"{reverse(name)}?{asked}").content.decode()
            found_links = links(page)
            for url, shown in (
                found_links if round_ == 0 else city.random.sample(found_links, min(25, len(found_links)))
            ):
                answer = client.get(url)
                assert answer.status_code == 200, url
                if re.fullmatch(r"[\d,]+", shown) or re.search(r"[\d,]+ [项人份]$|共 [\d,]+", shown):
                    number = NUMBER.findall(shown)[-1]
                    assert answer.context["page"].paginator.count == int(number.replace(",", "")), (url, shown)
                    counts += 1
                elif "元" in shown and "figure" in answer.context and not shown.startswith("较"):
                    assert told(answer.context["amount_fen"], is_money=True) in shown, (url, shown)
                    sums += 1
        found = overview(question)
        for one in (*found.funnel, *found.beside, *found.money):
            listed = client.get(one.url_before).context
            assert one.before == (listed["amount_fen"] if one.is_money else listed["page"].paginator.count)
    assert counts > 150
    assert sums > 20


class Unlinked(HTMLParser):
    """Gathers numbers that are shown in a table, tile or chart without a link around them."""

    def __init__(self) -> None:
        super().__init__()
        self.stack: list[tuple[str, str]] = []
        self.found: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag not in {"input", "link", "meta", "img", "br", "hr", "rect", "line", "path", "use", "circle"}:
            self.stack.append((tag, dict(attrs).get("class") or ""))

    def handle_endtag(self, tag: str) -> None:
        while self.stack and self.stack.pop()[0] != tag:
            pass

    def handle_data(self, data: str) -> None:
        tags, classes = {tag for tag, _class in self.stack}, " ".join(name for _tag, name in self.stack)
        if not {"main"} <= tags or {"a", "form", "noscript"} & tags or WITHOUT_LINK.search(classes):
            return
        if re.search(r"[1-9]", data) and {"td", "svg"} & tags | ({"tile", "funnel-value"} & set(classes.split())):
            self.found.append(data.strip())


@pytest.mark.usefixtures("served")
def test_no_number_stands_without_a_link(city: Chance, administrator: User, client_of: ClientOf) -> None:
    client = client_of(administrator)
    for name in PAGES:
        page = Unlinked()
        page.feed(client.get(reverse(name), {"since": "2000-01-01", "until": "2100-01-01"}).content.decode())
        # How many capabilities there are for each need: both numbers stand in the same line.
        ratios = [gap for gap in page.found if re.fullmatch(r"[\d,.]+", gap)] if name == "stats:fit" else []
        assert [number for number in page.found if number not in ratios] == []


@pytest.mark.usefixtures("served")
def test_credits_of_a_broker_add_up_to_the_number(administrator: User, client_of: ClientOf) -> None:
    client = client_of(administrator)
    answer = client.get(reverse("stats:distribution"), {"since": "2000-01-01", "until": "2100-01-01"})
    rows = [row for row in answer.context["found"].brokers.rows if row.credit_yuan]
    assert rows
    for row in rows:
        listed = client.get(row.credit_url).context["page"].paginator.object_list
        assert sum(credit.amount_yuan for credit in listed) == row.credit_yuan
        assert yuan(row.credit_yuan) in answer.content.decode()


@pytest.mark.usefixtures("served")
def test_the_desk_is_told_by_its_decisions(city: Chance, client_of: ClientOf, administrator: User) -> None:
    verdicts = [v for v in Verdict.objects.all() if v.outcome != Outcome.HELD]
    found = overview(Question(EVER, Terms())).response.served[0]
    minutes = sorted(v.working_minutes for v in verdicts)
    half = len(minutes) // 2
    middle = minutes[half] if len(minutes) % 2 else (minutes[half - 1] + minutes[half]) / 2
    assert found.waits.count == len(verdicts)
    assert found.waits.median_hours == middle / 60
    kept = 100 * sum(v.is_within_goal for v in verdicts) / len(verdicts)
    assert found.waits.percent_in_time == round(kept, 1)
    for _ in range(6):
        question, wanted = some_question(city, Terms())
        expected = {v.pk for v in verdicts if wanted.first <= clock_day(v) <= wanted.last and _fits(v, wanted)}
        listed = client_of(administrator).get(f"/stats/more/review/?{question.query()}")
        if question.allowed is None:
            assert listed.context["page"].paginator.count == len(expected)
        assert overview(question).response.served[0].waits.count == len(expected)


def clock_day(verdict: Verdict) -> date:
    return timezone.localtime(verdict.decided_at).date()


def _fits(verdict: Verdict, wanted: Wanted) -> bool:
    need = verdict.need
    assert need is not None
    chains = {need.industry_chain_id, need.industry_chain.parent_id if need.industry_chain else None}
    return (
        (not wanted.districts or need.organisation.district_id in wanted.districts)
        and (wanted.chain is None or wanted.chain.pk in chains)
        and (wanted.tier is None or wanted.tier in need.organisation.tiers.all())
    )


@pytest.mark.usefixtures("served")
def test_each_list_is_a_file(administrator: User, client_of: ClientOf) -> None:
    client, asked = client_of(administrator), {"since": "2000-01-01", "until": "2100-01-01"}
    for key in ("open-needs", "open-capabilities", "due-needs", "brokers", "credits", "review"):
        total = client.get(reverse("stats:list", args=[key]), asked).context["page"].paginator.count
        assert total > 0
        for kind, mark in (("csv", b"\xef\xbb\xbf"), ("xlsx", b"PK")):
            answer = client.get(reverse("stats:list_export", args=[key, kind]), asked)
            content = b"".join(answer.streaming_content)  # type: ignore[attr-defined]  # a streaming answer
            assert content.startswith(mark)
            assert kind == "xlsx" or len(content.decode().splitlines()) == total + 1


def test_lists_are_for_officials(sme_owner: User, client_of: ClientOf) -> None:
    client = client_of(sme_owner)
    assert client.get("/stats/more/brokers/").status_code == 403
    assert client.get("/stats/more/brokers/export.csv").status_code == 403


def test_who_has_some_districts_sees_no_list_of_the_city(reviewer: User, client_of: ClientOf, broker: User) -> None:
    reviewer.covers_city = False
    reviewer.save()
    client = client_of(reviewer)
    assert client.get("/stats/more/brokers/").context["page"].paginator.count == 0
    assert client.get("/stats/more/nothing/").status_code == 404
