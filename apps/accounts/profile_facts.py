"""What apps above this one know of an organisation: facts on its public page, and how it answers, for programs."""

from collections.abc import Callable, Collection, Mapping
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


class AnswerRecord(NamedTuple):
    """Of what it was asked in the last twelve months: the share it answered, and the hours half of it took."""

    percent: int
    median_hours: float | None


type AnswersSource = Callable[[Collection[int]], Mapping[int, AnswerRecord]]

_answers: list[AnswersSource] = []


def register_answers(source: AnswersSource) -> None:
    """The one that knows. `source` takes keys of organisations and leaves out those of which too little is known."""
    _answers[:] = [source]


def answers_of(organisations: Collection[int]) -> Mapping[int, AnswerRecord]:
    return _answers[0](organisations) if _answers else {}
