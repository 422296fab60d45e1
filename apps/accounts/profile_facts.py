"""Facts on an organisation's public page that apps above this one know: each registers how to find out."""

from collections.abc import Callable
from typing import NamedTuple

from apps.accounts.models import Organisation


class ProfileFact(NamedTuple):
    """One line of the page; both are said in the reader's language."""

    label: str
    value: str


type FactSource = Callable[[Organisation], ProfileFact]

_sources: list[FactSource] = []


def register_fact(source: FactSource) -> None:
    """Add a fact; registering the same one twice changes nothing."""
    if source not in _sources:
        _sources.append(source)


def profile_facts(organisation: Organisation) -> list[ProfileFact]:
    return [source(organisation) for source in _sources]
