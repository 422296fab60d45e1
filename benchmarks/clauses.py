"""The pieces that made-up listings are put together from: titles and clauses of the demo city, each in many wordings.

A wording keeps the sentence and changes what varies from listing to listing: figures, model numbers, and the things of
the trade, each for another one below the same broader term of the taxonomy (丁苯橡胶 for 天然橡胶). So a large corpus
gets rare terms and many figures, as real ones have, and hardly a text twice.
"""

import json
import random
import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from typing import Any

from apps.engine.documents import Indicator
from benchmarks.figure import ROOT

SEEDS = ROOT / "seeds"
WORDINGS = 32
OTHER_THING = 0.5
"""How often a thing of the trade becomes another one."""

_FIGURE = re.compile(r"\d+(?:\.\d+)?")
_CLAUSE = re.compile(r"(?<=[，。；])")


@dataclass(frozen=True, slots=True)
class Piece:
    """A title or clause. `number` is its place in `Pieces.texts`; the first of the wordings is the seed's own."""

    number: int
    wordings: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Row:
    """A listing of the demo city in pieces; `goal` and `body` hold its clauses in order.

    `things`: the names of its tags. `indicators`: its own first, then the same with other bounds.
    """

    title: Piece
    goal: tuple[Piece, ...]
    body: tuple[Piece, ...]
    tags: tuple[str, ...]
    things: tuple[str, ...]
    indicators: tuple[tuple[Indicator, ...], ...]
    kind: str
    modes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Pieces:
    """Capabilities and needs of the demo city, trade by trade, and the seeds' own text of every piece."""

    capabilities: tuple[tuple[Row, ...], ...]
    needs: tuple[tuple[Row, ...], ...]
    texts: tuple[str, ...]


@cache
def pieces() -> Pieces:
    """Of the seeds, always the same."""
    cutter = _Cutter()
    trades = sorted({path.name.split(".")[0] for path in (SEEDS / "demo_city").glob("*.needs.jsonl")})
    capabilities, needs = (
        tuple(tuple(cutter.row(seed) for seed in _seeds(f"{trade}.{side}.jsonl")) for trade in trades)
        for side in ("capabilities", "needs")
    )
    return Pieces(capabilities, needs, tuple(cutter.texts))


class _Cutter:
    def __init__(self) -> None:
        self.texts: list[str] = []
        self._chance = random.Random(2)
        self._terms = {
            term["code"]: term for path in sorted((SEEDS / "taxonomy").glob("tag*.jsonl")) for term in _lines(path)
        }
        self._others = _others(self._terms.values())
        self._thing = re.compile("|".join(map(re.escape, sorted(self._others, key=len, reverse=True))))

    def row(self, seed: Mapping[str, Any]) -> Row:
        """Of a capability, or of a need: its background is the body."""
        chains = seed.get("industries") or [seed["industry_chain"]]
        indicators = [_indicator(row) for row in seed["indicators"]]
        return Row(
            title=self._piece(seed["title"]),
            goal=self._clauses(seed.get("value") or seed["goal"]),
            body=self._clauses(seed.get("description") or seed["background"]),
            tags=(*chains, *seed["tags"]),
            things=tuple(self._terms[code]["name"] for code in seed["tags"] if code in self._terms),
            indicators=(
                tuple(indicators),
                *(self._indicators(indicators) for _ in range(WORDINGS if indicators else 0)),
            ),
            kind=seed.get("kind", ""),
            modes=tuple(seed["cooperation_modes"]),
        )

    def _clauses(self, text: str) -> tuple[Piece, ...]:
        return tuple(self._piece(clause) for clause in _CLAUSE.split(text) if clause.strip())

    def _piece(self, text: str) -> Piece:
        self.texts.append(text)
        template = list(self._template(text))
        if len(template) == 1 and isinstance(template[0], str) and not _FIGURE.search(text):
            return Piece(len(self.texts) - 1, (text,))
        return Piece(len(self.texts) - 1, (text, *(self._wording(template) for _ in range(WORDINGS - 1))))

    def _template(self, text: str) -> Iterator[str | tuple[str, ...]]:
        """The text as fixed parts, and things with what may stand in their place, the thing itself first."""
        end = 0
        for found in self._thing.finditer(text):
            yield text[end : found.start()]
            yield (found[0], *self._others[found[0]])
            end = found.end()
        yield text[end:]

    def _wording(self, template: Sequence[str | tuple[str, ...]]) -> str:
        return "".join(self._worded(part) for part in template)

    def _worded(self, part: str | tuple[str, ...]) -> str:
        if isinstance(part, str):
            return _FIGURE.sub(lambda found: self._figure(found[0]), part)
        return self._chance.choice(part) if self._chance.random() < OTHER_THING else part[0]

    def _figure(self, written: str) -> str:
        """Another figure of as many digits."""
        return "".join(
            sign if sign == "." or (sign == "0" and not place) else str(self._chance.randint(0 if place else 1, 9))
            for place, sign in enumerate(written)
        )

    def _indicators(self, indicators: Sequence[Indicator]) -> tuple[Indicator, ...]:
        factors = [self._chance.choice((0.5, 0.8, 0.9, 1.0, 1.1, 1.25, 2.0)) for _ in indicators]
        return tuple(
            replace(indicator, low=_scaled(indicator.low, factor), high=_scaled(indicator.high, factor))
            for indicator, factor in zip(indicators, factors, strict=True)
        )


def _others(terms: Iterable[Mapping[str, Any]]) -> dict[str, tuple[str, ...]]:
    """Each name of a tag, and the names of the tags below the same broader one."""
    siblings: dict[str | None, list[tuple[str, ...]]] = defaultdict(list)
    for term in terms:
        names = (term["name"], *term["aliases"])
        siblings[term["parent"]].append(tuple(name for name in names if len(name) > 1))
    return {
        name: tuple(other for others in group if name not in others for other in others)
        for parent, group in siblings.items()
        if parent is not None
        for names in group
        for name in names
    }


def _indicator(row: Mapping[str, Any]) -> Indicator:
    return Indicator(row["name"], row["low"], row["high"], row["unit"], bool(row["is_hard"]))


def _scaled(bound: float | None, factor: float) -> float | None:
    return None if bound is None else round(bound * factor, 4)


def _seeds(name: str) -> Iterator[Mapping[str, Any]]:
    return _lines(SEEDS / "demo_city" / name)


def _lines(path: Path) -> Iterator[dict[str, Any]]:
    return (json.loads(line) for line in path.read_text(encoding="utf-8").splitlines())
