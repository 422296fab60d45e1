"""What other apps add to the history of a case: their own entries of the audit trail, each with a sentence.

An app above this one registers its chapter when it is ready; the history does not know whose it is.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from django.db.models import Q

from apps.engagements.models import Engagement


@dataclass(frozen=True, slots=True)
class Chapter:
    """`sentences` by action, as in `sentences.SENTENCES`; `about` names the audit entries that belong to a case.

    Both sides and everybody who sees the case read them: an entry that only some may know has no place here.
    """

    sentences: Mapping[str, Any]
    about: Callable[[Engagement], Q]


_chapters: list[Chapter] = []


def register_chapter(chapter: Chapter) -> None:
    """Once at start-up. ValueError for an action that another chapter tells."""
    told = {action for other in _chapters for action in other.sentences}
    if told & set(chapter.sentences):
        raise ValueError("An action is told by two chapters.")
    _chapters.append(chapter)


def chapters() -> list[Chapter]:
    return list(_chapters)
