"""The trades of the city, from seeds/large_city: subjects with the words that their needs and offers are made of."""

import math
import tomllib
from dataclasses import dataclass
from pathlib import Path
from typing import Any


@dataclass(frozen=True, slots=True)
class Measure:
    """An indicator of a subject: what is usual today, and what the best reach. `unit` may be empty."""

    name: str
    unit: str
    usual: float
    best: float

    @property
    def is_rising(self) -> bool:
        return self.best > self.usual

    @property
    def has_chinese_unit(self) -> bool:
        return self.unit[-1:] >= "一"

    def at(self, share: float) -> float:
        """The value at a share of the way from the usual to the best, in figures that somebody would write down."""
        value = self.usual + share * (self.best - self.usual)
        if self.unit == "%":
            value = min(value, 99.8)
        return round(value, max(0, math.ceil(1 - math.log10(abs(self.best - self.usual)))))

    def told(self, share: float) -> str:
        """Value with its unit: "97.5%", "1.2 mm"."""
        return self.with_unit(self.at(share))

    def with_unit(self, value: float) -> str:
        unit = self.unit if self.unit.startswith(("%", "‰", "℃", "°")) else f" {self.unit}"
        return f"{value:g}{unit}".rstrip()


@dataclass(frozen=True, slots=True)
class Subject:
    """What a company works on and a team knows about; `chain`, `fields` and `tags` are codes of the vocabularies."""

    trade: str
    name: str
    chain: str
    fields: tuple[str, ...]
    tags: tuple[str, ...]
    objects: tuple[str, ...]
    materials: tuple[str, ...]
    processes: tuple[str, ...]
    problems: tuple[str, ...]
    methods: tuple[str, ...]
    equipment: tuple[str, ...]
    measures: tuple[Measure, ...]


@dataclass(frozen=True, slots=True)
class Trade:
    name: str
    company_words: tuple[str, ...]
    subjects: tuple[Subject, ...]


def read_trades(folder: Path) -> list[Trade]:
    """In the order of the files' names. KeyError or TypeError for a file that lacks something."""
    return [_trade(tomllib.loads(path.read_text(encoding="utf-8"))) for path in sorted(folder.glob("*.toml"))]


def _trade(raw: dict[str, Any]) -> Trade:
    return Trade(raw["name"], tuple(raw["company_words"]), tuple(_subject(raw["name"], row) for row in raw["subject"]))


def _subject(trade: str, row: dict[str, Any]) -> Subject:
    measures = tuple(Measure(*each) for each in row.pop("indicators"))
    lists: dict[str, Any] = {key: tuple(value) if isinstance(value, list) else value for key, value in row.items()}
    return Subject(trade=trade, measures=measures, **lists)
