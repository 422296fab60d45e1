"""Tags and indicators for a text that is being typed: the engine behind the forms of the apps below."""

import logging
from threading import Lock

from django.db import DatabaseError, connections

from apps.engine.indicators import Side, parse_indicators
from apps.engine.text import LONGEST_TEXT
from apps.matching.documents import engine_taxonomy
from apps.matching.tag_examples import tag_suggester
from apps.needs.analysis import find_elements
from apps.needs.suggestions import IndicatorIdea, Suggestions, TagIdea, suggest
from apps.taxonomy.models import Vocabulary

logger = logging.getLogger(__name__)
MOST_TAGS = 8
MOST_FOUND = 40
"""Terms looked for, of every vocabulary, before those that a form takes are picked out."""
CHOSEN_BY_PEOPLE = (Vocabulary.TAG, Vocabulary.TECH_FIELD)


READING = Lock()
"""Lets only one thread read the dictionary; those that ask meanwhile wait for the same one."""


class EngineSuggester:
    """The first question of a process waits for the vocabularies and examples to be read, the others do not."""

    def suggest(self, text: str, *, side: Side = "need") -> Suggestions:
        """At most MOST_TAGS tags, the surest first, and the indicators in the order of the text."""
        read = text[:LONGEST_TEXT]
        return Suggestions(self._tags(read), read_indicators(read, side))

    def _tags(self, text: str) -> list[TagIdea]:
        with READING:
            taxonomy, suggester = engine_taxonomy(), tag_suggester()
        found = suggester.suggest(text, limit=MOST_FOUND)
        tags = [tag for tag in found if taxonomy.vocabulary(tag.code) in CHOSEN_BY_PEOPLE]
        return [TagIdea(tag.code, tag.name, tag.confidence) for tag in tags[:MOST_TAGS]]


def read_indicators(text: str, side: Side) -> list[IndicatorIdea]:
    return [
        IndicatorIdea(
            name=found.name,
            comparison=found.comparison,
            low=found.low,
            high=found.high,
            unit=found.unit,
            is_hard=found.is_hard,
            source_text=text[found.start : found.end],
        )
        for found in parse_indicators(text, side=side)
    ]


def read_dictionary() -> None:
    """Before the first person types, who then does not wait for it."""
    try:
        suggest("耐磨")
        find_elements({"title": "耐磨"})  # reads the dictionary, which tags do without
    except DatabaseError as error:
        logger.warning("The vocabularies cannot be read yet (%s); the first question reads them.", error)
    finally:
        connections.close_all()
