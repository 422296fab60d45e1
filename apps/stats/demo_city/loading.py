"""Loading the demo city: what is missing is added; what is there, whoever changed it meanwhile, stays as it is.

Each organisation, list of capabilities, need and step of the history is a transaction of its own, short enough for
people and workers to go on beside it, and none holds one while texts are encoded or ranked. A load that breaks off
anywhere is completed by the next.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction

from apps.accounts.models import CloudCentre, MembershipRole, Organisation, User
from apps.accounts.services.centres import COLUMNS, cloud_centre_open
from apps.capabilities.models import DEFAULT_VALIDITY, Capability
from apps.capabilities.services import capabilities_import
from apps.core import clock
from apps.core.import_reports import ImportReport
from apps.matching.requests import without_hints
from apps.needs.models import LONGEST_VALIDITY, Need
from apps.needs.services import needs_import
from apps.notifications.silence import without_notifications
from apps.stats.demo_city import history
from apps.stats.demo_city.dates import FIRST_DAY_AGO, Calendar
from apps.stats.demo_city.people import add_organisation, add_platform_people
from apps.stats.demo_city.seed_files import City, SeedAccount
from apps.taxonomy.models import Term, Vocabulary
from apps.taxonomy.term_index import TermIndex

FIRST_PHONE_NUMBER = 100
# Suppliers listed what they have in the first weeks; needs came in ever since, those with a story first.
SUPPLY_DAYS = {"oldest_days_ago": FIRST_DAY_AGO, "newest_days_ago": 226}
OLD_NEED_DAYS = {"oldest_days_ago": 225, "newest_days_ago": 100}
CENTRE_DAYS = {"oldest_days_ago": 220, "newest_days_ago": 5}
NEW_NEED_DAYS = {"oldest_days_ago": 90, "newest_days_ago": 1}


class CityError(Exception):
    """A row of the seeds was refused; the message names it."""


@dataclass(slots=True)
class LoadReport:
    """How many rows were added, and how many steps of their history were taken."""

    organisations: int = 0
    capabilities: int = 0
    needs: int = 0
    centres: int = 0
    steps: int = 0


def load_city(city: City) -> LoadReport:
    """Add what is missing of the city. CityError for a row that the platform's rules refuse."""
    report = LoadReport()
    calendar = Calendar(clock.today())
    accounts: dict[str, list[SeedAccount]] = {}
    for account in city.accounts:
        accounts.setdefault(account.organisation or "", []).append(account)
    storied = {event["need"] for event in city.history}
    with without_hints(), without_notifications():
        first_day = calendar.moment("first day", oldest_days_ago=FIRST_DAY_AGO + 5, newest_days_ago=FIRST_DAY_AGO + 5)
        with clock.at(first_day):
            add_platform_people(city.accounts)
            report.organisations = _add_organisations(city, accounts)
        owners, terms = _owners(city), TermIndex()
        for key, rows in city.capabilities.items():
            report.capabilities += _add_capabilities(rows, owners[key], calendar, terms)
        for key, rows in city.needs.items():
            for row in rows:
                is_storied = row["key"] in storied
                moment = calendar.moment(row["key"], **(OLD_NEED_DAYS if is_storied else NEW_NEED_DAYS))
                report.needs += _add_need(row, owners[key], moment, terms, is_storied=is_storied)
        report.centres = sum(_open_centre(row, owners[row["organisation"]], calendar) for row in city.centres)
    with without_hints():
        report.steps = history.play(city, owners)
    return report


def _add_organisations(city: City, accounts: Mapping[str, list[SeedAccount]]) -> int:
    before = Organisation.objects.count()
    for number, seed in enumerate(city.organisations, start=FIRST_PHONE_NUMBER):
        add_organisation(seed, accounts, number)
    return Organisation.objects.count() - before


def _owners(city: City) -> dict[str, User]:
    """Who speaks for each organisation, by its key."""
    by_name = {seed.name: seed.key for seed in city.organisations}
    people = User.objects.filter(membership__role=MembershipRole.OWNER, membership__organisation__name__in=by_name)
    found: dict[str, User] = {}
    for user in people.select_related("membership__organisation").order_by("-id"):
        found[by_name[user.membership.organisation.name]] = user
    return found


def _add_capabilities(rows: list[dict[str, Any]], owner: User, calendar: Calendar, terms: TermIndex) -> int:
    """All of an organisation on one day: it sent in its list."""
    organisation = owner.membership.organisation
    known = set(Capability.objects.filter(organisation=organisation).values_list("external_id", flat=True))
    missing = [row for row in rows if row["key"] not in known]
    if not missing:
        return 0
    district = organisation.district.code if organisation.district else None
    with transaction.atomic(), clock.at(calendar.moment(f"supply of {organisation.name}", **SUPPLY_DAYS)):
        more = {"valid_until": clock.today() + DEFAULT_VALIDITY, "district": district}
        whole = [{**row, **more, "external_id": row["key"]} for row in missing]
        report = capabilities_import(
            rows=whole, organisation=organisation, by=owner, publish=True, terms=terms, is_agreed=True
        )
        _require_taken(report, missing)
    return report.created


def _add_need(row: dict[str, Any], owner: User, moment: datetime, terms: TermIndex, *, is_storied: bool) -> int:
    organisation = owner.membership.organisation
    if Need.objects.filter(organisation=organisation, external_id=row["key"]).exists():
        return 0
    with transaction.atomic(), clock.at(moment):
        whole = {**row, "external_id": row["key"], "valid_until": clock.today() + LONGEST_VALIDITY}
        report = needs_import(rows=[whole], organisation=organisation, by=owner, publish=True, terms=terms)
        _require_taken(report, [row])
        if is_storied:
            history.begin(Need.objects.get(organisation=organisation, external_id=row["key"]))
    return report.created


def _open_centre(row: dict[str, Any], owner: User, calendar: Calendar) -> int:
    organisation = owner.membership.organisation
    if CloudCentre.objects.filter(organisation=organisation).exists():
        return 0
    chain = Term.objects.get(vocabulary=Vocabulary.INDUSTRY_CHAIN, code=row["industry_chain"])
    values = {name: row[name] for name in COLUMNS} | {"industry_chain": chain}
    with clock.at(calendar.moment(f"centre of {organisation.name}", **CENTRE_DAYS)):
        cloud_centre_open(organisation=organisation, by=owner, values=values)
    return 1


def _require_taken(report: ImportReport, rows: list[dict[str, Any]]) -> None:
    for problem in [*report.problems, *report.notes]:
        raise CityError(f"{rows[problem.row - 1]['key']}: {problem.field}: {problem.message}")
