"""How large the city is: the published figures of 2022, the years around it, and how they scale."""

import math
from collections.abc import Mapping
from dataclasses import dataclass, field

SMALLEST_SCALE, LARGEST_SCALE = 0.01, 3.0


def scaled(number: int, scale: float) -> int:
    """The nearest whole number, halves up; what is in the city at all is there at least once."""
    return max(1, math.floor(number * scale + 0.5))


@dataclass(frozen=True, slots=True)
class YearFigures:
    """What is to be counted in one year; `outcomes` are the confirmed ones by the code of their type."""

    year: int
    centres: int
    needs: int
    recommendations: int
    engagements: int
    outcomes: Mapping[str, int]
    not_achieved: int

    def at(self, scale: float) -> "YearFigures":
        return YearFigures(
            self.year,
            centres=scaled(self.centres, scale),
            needs=scaled(self.needs, scale),
            recommendations=scaled(self.recommendations, scale),
            engagements=scaled(self.engagements, scale),
            outcomes={code: scaled(number, scale) for code, number in self.outcomes.items()},
            not_achieved=scaled(self.not_achieved, scale),
        )


# 2022 as published (DOMAIN.md); the years beside it are invented, for comparison.
YEARS = (
    YearFigures(
        2021,
        centres=760,
        needs=290,
        recommendations=2_960,
        engagements=322,
        outcomes={"product_upgrade": 31, "process_change": 88, "line_change": 57},
        not_achieved=9,
    ),
    YearFigures(
        2022,
        centres=2_500,
        needs=1_000,
        recommendations=11_475,
        engagements=1_348,
        outcomes={"product_upgrade": 156, "process_change": 466, "line_change": 318},
        not_achieved=41,
    ),
    YearFigures(
        2023,
        centres=980,
        needs=420,
        recommendations=4_870,
        engagements=588,
        outcomes={
            "product_upgrade": 74,
            "process_change": 187,
            "line_change": 121,
            "new_product": 22,
            "patent_standard": 17,
        },
        not_achieved=18,
    ),
)


@dataclass(frozen=True, slots=True)
class Sizes:
    """Everything that is counted over the whole city, at scale 1."""

    companies: int = 70_000
    suppliers: int = 110
    agencies: int = 14
    brokers: int = 66
    experts: int = 10_000
    results: int = 50_000
    laboratories: int = 420
    instruments: int = 1_350
    pilot_bases: int = 64
    service_teams: int = 180
    years: tuple[YearFigures, ...] = field(default=YEARS)

    @property
    def rows(self) -> int:
        """About how many rows of its own each step shows in the progress bar."""
        supply = self.experts + self.results + self.laboratories + self.instruments
        supply += self.pilot_bases + self.service_teams
        demand = sum(y.centres + y.needs + y.recommendations + y.engagements for y in self.years)
        return self.companies + self.suppliers + self.agencies + self.brokers + supply + demand


def sizes_at(scale: float) -> Sizes:
    """ValueError for a scale the city cannot be drawn at."""
    if not SMALLEST_SCALE <= scale <= LARGEST_SCALE:
        raise ValueError(f"The scale lies between {SMALLEST_SCALE} and {LARGEST_SCALE:g}.")
    whole = Sizes()
    names = ("companies", "suppliers", "agencies", "brokers", "experts", "results", "laboratories", "instruments")
    counts = {name: scaled(getattr(whole, name), scale) for name in (*names, "pilot_bases", "service_teams")}
    counts["companies"] = max(counts["companies"], sum(year.at(scale).centres for year in whole.years))
    return Sizes(**counts, years=tuple(year.at(scale) for year in whole.years))
