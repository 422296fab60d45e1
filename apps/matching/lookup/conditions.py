"""What people narrow a need's ranking by: kinds of resources, cooperation modes, districts."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, fields
from typing import Self
from urllib.parse import urlencode

FACETS: Mapping[str, str] = {"kinds": "kind", "modes": "mode", "districts": "district"}
"""How each group is marked in the index (`index.batches`), and named in addresses."""


@dataclass(frozen=True, slots=True)
class Conditions:
    """Codes, sorted, each once. A resource passes where each group that names any has one of its own."""

    kinds: tuple[str, ...] = ()
    modes: tuple[str, ...] = ()
    districts: tuple[str, ...] = ()

    @classmethod
    def of(cls, *, kinds: Iterable[str] = (), modes: Iterable[str] = (), districts: Iterable[str] = ()) -> Self:
        return cls(*(tuple(sorted(set(codes))) for codes in (kinds, modes, districts)))

    def __bool__(self) -> bool:
        return any(self.as_lists().values())

    def as_lists(self) -> dict[str, list[str]]:
        return {group.name: list(getattr(self, group.name)) for group in fields(self)}

    def facets(self) -> tuple[frozenset[str], ...]:
        """One set of marks for each group that names any: the index's filter."""
        return tuple(
            frozenset(f"{FACETS[name]}:{code}" for code in codes) for name, codes in self.as_lists().items() if codes
        )

    def query(self) -> str:
        """As parameters of an address, the same for the same conditions."""
        names: Sequence[tuple[str, list[str]]] = list(self.as_lists().items())
        return urlencode([(FACETS[name], codes) for name, codes in names if codes], doseq=True)
