"""Who may do what with a saved search: it is its owner's alone."""

from apps.accounts.models import User
from apps.core.decisions import ALLOWED, Decision, refused
from apps.searches.models import SavedSearch


def can_manage(user: User, search: SavedSearch) -> Decision:
    return ALLOWED if user.is_active and search.owner_id == user.pk else refused("")
