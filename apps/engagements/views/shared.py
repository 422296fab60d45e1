"""What the views of a case share: who asks, and the rows they may see."""

from django.http import HttpRequest
from django.shortcuts import get_object_or_404

from apps.accounts.models import User
from apps.engagements.models import Engagement, Outcome
from apps.engagements.selectors import engagements_for_page, outcomes_for_action


class SignedInRequest(HttpRequest):
    user: User


def engagement_or_404(request: SignedInRequest, public_id: str) -> Engagement:
    return get_object_or_404(engagements_for_page(request.user), public_id=public_id)


def outcome_or_404(request: SignedInRequest, public_id: str) -> Outcome:
    return get_object_or_404(outcomes_for_action(request.user), public_id=public_id)
