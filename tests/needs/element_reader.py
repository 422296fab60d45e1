"""A reader of needs for tests, in place of the engine, and what tests say of elements."""

from collections.abc import Mapping

from apps.needs.analysis import Clarity, FoundElement, Gap, Said
from apps.needs.elements import ElementValues
from apps.needs.models import Need, NeedElement

KNOWN = {"轧辊": "object", "热喷涂": "process", "激光熔覆": "process", "涂层": "material"}


class Reader:
    """Finds the words of KNOWN; a need is clear once it has a problem."""

    def __init__(self) -> None:
        self.said: list[Said] = []
        self.read: list[Mapping[str, str]] = []

    def elements(self, texts: Mapping[str, str]) -> list[FoundElement]:
        self.read.append(texts)
        found = [
            FoundElement(kind, word, name, text.find(word), text.find(word) + len(word), 0.82)
            for name, text in texts.items()
            for word, kind in KNOWN.items()
            if word in text
        ]
        return sorted(found, key=lambda element: element.start)

    def clarity(self, said: Said) -> Clarity:
        self.said.append(said)
        gaps = [] if said.indicators else [Gap("indicators", 30, "写一条能测量的指标。")]
        gaps += [] if any(kind == "problem" for kind, _ in said.elements) else [Gap("problem", 20, "说说哪里不好。")]
        return Clarity(100 - sum(gap.points for gap in gaps), tuple(gaps))


def decided(kind: str, text: str, state: str) -> ElementValues:
    return ElementValues(kind=kind, text=text, state=state)


def states(need: Need) -> dict[str, str]:
    return dict(NeedElement.objects.filter(need=need).values_list("text", "state"))
