"""What a sentence about a pair may speak of: only what made its score, and the figures that were compared."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from apps.engine.blend import Part
from apps.engine.documents import Document
from apps.engine.speech import Quote
from apps.engine.text import normalise
from apps.engine.verdicts import IndicatorVerdict

CLEAR = 60.0
"""From here on, in points, a sentence says plainly that the two fit."""
FAINT = 40.0
"""Below this, in points, it says that the likeness is slight."""
NOTHING = 5.0
"""Below this, in points, two texts that share no word and no tag are not even alike."""
LONG_TERM = 4
"""A term of so many characters says by itself what a title is about."""
TEXT_PARTS = ("words", "bigrams", "semantics")


@dataclass(frozen=True, slots=True)
class TagGround:
    """What the tags have in common. `kind` is "tag", "tech_field", "industry_chain" or "near".

    `names` are tags that both sides bear; where `kind` is "near", the narrower and the broader tag, each of one side.
    """

    kind: str
    names: tuple[Quote, ...]

    @property
    def terms(self) -> tuple[str, ...]:
        return tuple(name.text for name in self.names)


@dataclass(frozen=True, slots=True)
class Evidence:
    """A scored pair. `terms` are shared, heaviest first; `chain` is the name of the need's industry chain."""

    need: Document
    capability: Document
    score: float
    parts: Sequence[Part]
    terms: tuple[str, ...] = ()
    tags: tuple[TagGround, ...] = ()
    verdicts: tuple[IndicatorVerdict, ...] = ()
    renamed: tuple[tuple[str, str], ...] = ()
    """What need and capability call by these two names."""
    chain: str = ""

    @property
    def points(self) -> Mapping[str, float]:
        """Each part's contribution to the score."""
        return {part.name: part.contribution for part in self.parts}

    @property
    def leads(self) -> str:
        """What carried most of the score: "meaning", "text" or "tags"."""
        points = self.points
        if points.get("tags", 0.0) > sum(points.get(name, 0.0) for name in TEXT_PARTS):
            return "tags"
        shared = points.get("words", 0.0) + points.get("bigrams", 0.0)
        return "meaning" if points.get("semantics", 0.0) > shared else "text"

    @property
    def rests_on_meaning(self) -> bool:
        """Whether nearness in meaning counts most and no subject is named by both titles."""
        return self.leads == "meaning" and not self.headline

    @property
    def is_clear(self) -> bool:
        return self.score >= CLEAR and bool(self.terms or self.renamed)

    @property
    def is_faint(self) -> bool:
        near = [ground for ground in self.tags if ground.kind != "industry_chain"]
        return self.score < FAINT or not (self.terms or self.renamed or near or self.leads == "meaning")

    @property
    def is_nothing(self) -> bool:
        """Whether not even a likeness can be named."""
        return self.score < NOTHING and not (self.terms or self.renamed or self.tags)

    def told(self, status: str) -> list[IndicatorVerdict]:
        """The verdicts of one status, hard indicators first."""
        return sorted((v for v in self.verdicts if v.status == status), key=lambda v: not v.need.is_hard)

    @property
    def headline(self) -> tuple[str, ...]:
        """The shared terms that both are about: they stand in the capability's title, and in the need's or are long.

        A short word of one title alone (屋顶 in one that is about filters) is a detail.
        """
        asked, offered = normalise(self.need.title), normalise(self.capability.title)
        spelt = {term: normalise(term) for term in self.terms}
        return tuple(
            term for term, word in spelt.items() if word in offered and (word in asked or len(word) >= LONG_TERM)
        )

    @property
    def likeness(self) -> str:
        """What a faint pair has in common at most, in one word."""
        if self.rests_on_meaning:
            return "意思"
        if self.tags and (self.leads == "tags" or not self.terms):
            return "行业" if all(ground.kind == "industry_chain" for ground in self.tags) else "方向"
        return "用词" if self.terms or self.renamed else "字面"
