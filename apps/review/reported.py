"""What may be reported: things that a person sees, by their kind and name."""

from typing import Any

from django.http import Http404

from apps.accounts.models import Organisation, OrganisationState, User
from apps.capabilities.selectors import capability_for
from apps.core.withheld import shown_of
from apps.followups.models import Story
from apps.followups.selectors import stories_for_page
from apps.needs.selectors import need_for
from apps.review.models import Row

RELATED = (
    "organisation",
    "need__organisation",
    "capability__organisation",
    "story__outcome__engagement__proposal__need__organisation",
    "story__outcome__engagement__proposal__capability__organisation",
    "reporter",
    "answered_by",
)


def subject_for(user: User, kind: str, public_id: str) -> Row | Story:
    """What the person sees; Http404 otherwise."""
    found: Any = None
    if kind == "needs":
        found = need_for(user, public_id)
    elif kind == "capabilities":
        found = capability_for(user, public_id)
    elif kind == "stories":
        found = stories_for_page(user).filter(public_id=public_id).first()
    elif kind == "organisations":
        verified = Organisation.objects.filter(shown_of(Organisation), state=OrganisationState.VERIFIED)
        found = verified.filter(public_id=public_id).first()
    if found is None:
        raise Http404
    return found  # type: ignore[no-any-return]  # one of the four
