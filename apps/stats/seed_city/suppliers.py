"""Universities, institutes and brokers' agencies."""

from dataclasses import dataclass
from datetime import date

from apps.accounts.models import Organisation, OrganisationKind
from apps.stats.seed_city.days import moment_of, year_of
from apps.stats.seed_city.directory import Directory
from apps.stats.seed_city.lots import Lots
from apps.stats.seed_city.names import stems, supplier_names
from apps.stats.seed_city.people import People
from apps.stats.seed_city.sizes import Sizes
from apps.stats.seed_city.writing import Writer

FIRST_DAY = date(2019, 6, 3)
DESCRIPTION = "面向中小制造企业开放成果、专家和仪器设备，设有云端研发工作站，由专人答复企业需求。"


@dataclass(frozen=True, slots=True)
class Supplier:
    """A university or institute with the people at its desk; `short_name` is what its texts must not say."""

    pk: int
    name: str
    people: tuple[int, ...]
    district: int


def write_suppliers(*, seed: int, sizes: Sizes, directory: Directory, people: People, writer: Writer) -> list[Supplier]:
    lots = Lots.of(seed, "suppliers")
    rows = []
    for kind, name in supplier_names(sizes.suppliers):
        row = directory.row(kind, name, "", moment_of(FIRST_DAY, lots), lots)
        row.description = DESCRIPTION
        rows.append(row)
    written = list(writer.add(Organisation, rows, shown=True))
    desks = people.of_organisations(written, 2, 4)
    return [Supplier(row.pk, row.name, tuple(desks[row.pk]), row.district_id or 0) for row in written]


def write_agencies(*, seed: int, sizes: Sizes, directory: Directory, people: People, writer: Writer) -> None:
    """技术转移机构, with one person each."""
    lots, year = Lots.of(seed, "agencies"), year_of(2020)
    rows = [
        directory.row(
            OrganisationKind.BROKER, f"青岛{stem}技术转移有限公司", f"{stem}技术转移", year.moment(lots), lots
        )
        for stem in stems(lots, sizes.agencies)
    ]
    people.of_organisations(list(writer.add(Organisation, rows, shown=True)), 1, 1)
