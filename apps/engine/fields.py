"""The texts of a document whose terms are weighed apart."""

from collections.abc import Callable

from apps.engine.documents import Document

FIELDS = ("title", "goal", "body", "tags", "indicators")


def texts_of(document: Document, tag_name: Callable[[str], str]) -> tuple[str, ...]:
    """The text of each of FIELDS, "" where there is none: of tags and indicators their names, each once."""
    tags = "\n".join(dict.fromkeys(map(tag_name, document.tags)))
    indicators = "\n".join(dict.fromkeys(indicator.name for indicator in document.indicators))
    return document.title, document.goal, document.body, tags, indicators
