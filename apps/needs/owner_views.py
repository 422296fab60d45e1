"""Keeping who saw behind an anonymous need: people of the platform, whose work it is, leave a trace."""

from collections.abc import Iterable

from apps.accounts.disclosure import Disclosure, is_confided
from apps.accounts.models import User
from apps.accounts.selectors import Viewer, acts_for, is_reviewer
from apps.core import audit
from apps.needs.models import Need


def note_owner_seen(needs: Iterable[Need], user: Viewer) -> None:
    """Of anonymous needs, once a day each. Reviewers of the region see whose they are; one's own are no secret."""
    if not isinstance(user, User) or not is_reviewer(user):
        return
    hidden = [
        need
        for need in needs
        if need.disclosure == Disclosure.PUBLIC_ANONYMOUS
        and is_confided(user, need.organisation)
        and not acts_for(user, need.organisation_id)
    ]
    if hidden:
        audit.record_views(hidden, "owner.seen", by=user, once_a_day=True)
