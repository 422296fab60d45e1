"""How well needs are taken apart: precision and recall by kind of element, over fixtures/engine/elements.jsonl.

The needs are of our own writing, with the elements a person would mark; those marked `is_optional` may be found or
not. A found element is right when one of the same kind overlaps it: shared characters at least half of both together,
or one wholly inside the other and at least 30 % of it (阀体 for 球墨铸铁阀体).

    .venv/bin/python -m benchmarks.quality.elements
"""

import json
import os
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from apps.engine.elements import KINDS, find_elements
from apps.engine.taxonomy import Taxonomy
from apps.engine.tokens import Segmenter

ROOT = Path(__file__).resolve().parents[2]
FIXTURE = ROOT / "fixtures" / "engine" / "elements.jsonl"
FIELDS = ("title", "description")
type Marked = dict[str, Any]
"""An element with its `field`, `kind`, `text`, `start`, `end`; and `is_optional` where it is expected."""


@dataclass(slots=True)
class Figures:
    found: Counter[str] = field(default_factory=Counter)
    right: Counter[str] = field(default_factory=Counter)
    expected: Counter[str] = field(default_factory=Counter)
    recalled: Counter[str] = field(default_factory=Counter)

    def precision(self, *kinds: str) -> float:
        return sum(self.right[kind] for kind in kinds) / sum(self.found[kind] for kind in kinds)

    def recall(self, *kinds: str) -> float:
        return sum(self.recalled[kind] for kind in kinds) / sum(self.expected[kind] for kind in kinds)


def measured(taxonomy: Taxonomy, segmenter: Segmenter) -> Figures:
    figures = Figures()
    for need in fixture():
        found = found_in(need, taxonomy, segmenter)
        for element in found:
            figures.found[element["kind"]] += 1
            figures.right[element["kind"]] += any(_same(element, other) for other in need["expected"])
        for element in need["expected"]:
            if not element.get("is_optional"):
                figures.expected[element["kind"]] += 1
                figures.recalled[element["kind"]] += any(_same(element, other) for other in found)
    return figures


def fixture() -> list[dict[str, Any]]:
    return [json.loads(line) for line in FIXTURE.read_text(encoding="utf-8").splitlines()]


def found_in(need: dict[str, Any], taxonomy: Taxonomy, segmenter: Segmenter) -> list[Marked]:
    return [
        {"field": name, "kind": e.kind, "text": e.text, "start": e.start, "end": e.end}
        for name in FIELDS
        for e in find_elements(need[name], taxonomy, segmenter, is_title=name == "title")
    ]


def _same(one: Marked, other: Marked) -> bool:
    return one["kind"] == other["kind"] and bool(one["text"] == other["text"] or _overlap(one, other))


def _overlap(one: Marked, other: Marked) -> bool:
    shared = min(one["end"], other["end"]) - max(one["start"], other["start"])
    if one["field"] != other["field"] or shared <= 0:
        return False
    together = max(one["end"], other["end"]) - min(one["start"], other["start"])
    is_inside = shared == min(one["end"] - one["start"], other["end"] - other["start"])
    return bool(shared / together >= (0.3 if is_inside else 0.5))


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "matchsvc.settings")
    import django  # noqa: PLC0415 - the seeds' reader needs the settings
    from django.conf import settings  # noqa: PLC0415 - as above

    django.setup()
    from apps.matching.file_documents import seed_segmenter, seed_taxonomy  # noqa: PLC0415 - as above

    taxonomy = seed_taxonomy(ROOT / "seeds" / "taxonomy")
    words = ROOT / "seeds" / "dictionary" / "domain_words.txt"
    figures = measured(taxonomy, seed_segmenter(taxonomy, words, settings.VAR_DIR / "jieba"))
    print(f"{len(fixture())} needs")
    for name, kinds in (*((kind, (kind,)) for kind in KINDS), ("all", KINDS)):
        found, expected = (sum(counts[kind] for kind in kinds) for counts in (figures.found, figures.expected))
        precision, recall = figures.precision(*kinds), figures.recall(*kinds)
        print(f"{name:11} precision {precision:.2f} of {found:<4} recall {recall:.2f} of {expected}")


if __name__ == "__main__":
    main()
