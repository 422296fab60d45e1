"""Tags and indicators proposed from a text: see `core.suggestions`."""

from apps.core.suggestions import IndicatorIdea, Suggester, Suggestions, TagIdea, register, suggest

__all__ = ["IndicatorIdea", "Suggester", "Suggestions", "TagIdea", "register", "suggest"]
