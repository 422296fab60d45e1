"""Whatever changes saved searches."""

from apps.searches.services.keeping import (
    search_delete,
    search_pause,
    search_rename,
    search_resume,
    search_save,
)
from apps.searches.services.looking import look_for_news

__all__ = ["look_for_news", "search_delete", "search_pause", "search_rename", "search_resume", "search_save"]
