"""Companies, their titles, and the centres that some of them opened."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from apps.accounts.models import CloudCentre, Organisation, OrganisationKind, OrganisationState
from apps.stats.seed_city.days import year_of
from apps.stats.seed_city.directory import Directory
from apps.stats.seed_city.lots import Lots
from apps.stats.seed_city.names import company_name, stems
from apps.stats.seed_city.people import People
from apps.stats.seed_city.sizes import Sizes
from apps.stats.seed_city.terms import Terms
from apps.stats.seed_city.trades import Subject
from apps.stats.seed_city.writing import Writer, term_links
from apps.taxonomy.models import Vocabulary

# Share of companies that hold a title; those with a centre hold each three times as often.
TIERS = {
    "tech_sme": 0.11,
    "high_tech_enterprise": 0.075,
    "innovative_sme": 0.05,
    "specialised_sme": 0.024,
    "young_eagle": 0.011,
    "gazelle": 0.004,
    "little_giant": 0.0022,
    "tech_leading": 0.0008,
    "single_champion": 0.0006,
    "innovation_demo": 0.0005,
    "hidden_unicorn": 0.0003,
    "unicorn": 0.0001,
}
MORE_TITLES_WITH_CENTRE = 3
VERIFIED_IN = {2019: 14, 2020: 22, 2021: 26, 2022: 31, 2023: 7}
REJECTED_SHARE = 0.006
REJECTIONS = ("营业执照照片看不清，请重新上传。", "单位名称与统一社会信用代码不一致。", "注册地不在本市。")
STAFF = (18, 35, 60, 90, 140, 220, 380, 650)
RESEARCHERS = (None, 2, 3, 5, 6, 8, 11, 15, 24)


@dataclass(frozen=True, slots=True)
class Company:
    """One with a centre: what it works on, who speaks for it, and since when it has the centre."""

    pk: int
    name: str
    person: int
    district: int
    subject: Subject
    since: datetime


class Companies:
    def __init__(
        self, *, seed: int, sizes: Sizes, words: dict[str, tuple[str, ...]], subjects: list[Subject], terms: Terms
    ) -> None:
        """`words` are what companies of a trade are called after, by the trade's name."""
        self.lots = Lots.of(seed, "companies")
        self.sizes, self.words, self.terms = sizes, words, terms
        self.openings = sorted(
            year_of(year.year).moment(self.lots) for year in sizes.years for _number in range(year.centres)
        )
        self.subjects = subjects
        self.of_openings = self.lots.choices(subjects, k=len(self.openings))
        self.years = {year: year_of(year) for year in VERIFIED_IN}

    def write(self, directory: Directory, writer: Writer) -> list[Organisation]:
        """All of them; given back are those that are to open a centre, in the order in which they do."""
        with_centre: list[Organisation] = []
        titles: list[tuple[int, list[int]]] = []
        for number, row in enumerate(writer.add(Organisation, self._rows(directory), shown=True)):
            if number < len(self.openings):
                with_centre.append(row)
            if held := self._titles(has_centre=number < len(self.openings)):
                titles.append((row.pk, held))
        writer.link(Organisation.tiers, term_links(titles))
        return with_centre

    def open_centres(self, organisations: list[Organisation], people: People, writer: Writer) -> list[Company]:
        owners = people.of_organisations(organisations, 1, 1)
        found = [
            Company(row.pk, row.name, owners[row.pk][0], row.district_id or 0, subject, since)
            for row, subject, since in zip(organisations, self.of_openings, self.openings, strict=True)
        ]
        centres = (self._centre(company) for company in found)
        for _row in writer.add(CloudCentre, centres, created="opened_at", shown=True):
            pass
        return found

    def _rows(self, directory: Directory) -> Iterator[Organisation]:
        for number, stem in enumerate(stems(self.lots, self.sizes.companies)):
            if number < len(self.openings):
                verified_at = self.openings[number] - timedelta(days=self.lots.randint(1, 40))
                yield self._row(directory, stem, self.of_openings[number], verified_at)
                continue
            verified_at = self.years[self.lots.one_of(VERIFIED_IN)].moment(self.lots)
            row = self._row(directory, stem, self.lots.choice(self.subjects), verified_at)
            if self.lots.chance(REJECTED_SHARE):
                row.state, row.rejection_reason = OrganisationState.REJECTED, self.lots.choice(REJECTIONS)
            yield row

    def _row(self, directory: Directory, stem: str, subject: Subject, verified_at: datetime) -> Organisation:
        word = self.lots.choice(self.words[subject.trade])
        name = company_name(stem, word, self.lots)
        row = directory.row(OrganisationKind.ENTERPRISE, name, stem + word, verified_at, self.lots)
        made = "、".join(self.lots.sample(subject.objects, 2))
        tools = self.lots.choice(subject.equipment)
        row.description = f"主要生产{made}，现有{tools}等设备，员工约 {self.lots.choice(STAFF)} 人。"
        return row

    def _titles(self, *, has_centre: bool) -> list[int]:
        more = MORE_TITLES_WITH_CENTRE if has_centre else 1
        held = [code for code, share in TIERS.items() if self.lots.chance(share * more)]
        return [self.terms.pk(Vocabulary.ENTERPRISE_TIER, code) for code in held]

    def _centre(self, company: Company) -> CloudCentre:
        subject, lots = company.subject, self.lots
        return CloudCentre(
            public_id=lots.public_id(),
            organisation_id=company.pk,
            opened_at=company.since,
            opened_by_id=company.person,
            industry_chain_id=self.terms.pk(Vocabulary.INDUSTRY_CHAIN, subject.chain),
            products="、".join(lots.some_of(subject.objects, 2, 3)),
            equipment="、".join(lots.some_of(subject.equipment, 1, 3)),
            research_staff=lots.choice(RESEARCHERS),
            directions="、".join((lots.choice(subject.processes), lots.choice(subject.methods))),
        )
