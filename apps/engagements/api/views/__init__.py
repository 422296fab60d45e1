"""The endpoints of cases."""

from apps.engagements.api.views.cases import EngagementViewSet
from apps.engagements.api.views.contracts import InstalmentViewSet, MilestoneViewSet
from apps.engagements.api.views.desk import CreditViewSet, PhoneCallViewSet, RecommendationViewSet, ReferralViewSet
from apps.engagements.api.views.outcomes import OutcomeViewSet
from apps.engagements.api.views.talks import MeetingViewSet

__all__ = [
    "CreditViewSet",
    "EngagementViewSet",
    "InstalmentViewSet",
    "MeetingViewSet",
    "MilestoneViewSet",
    "OutcomeViewSet",
    "PhoneCallViewSet",
    "RecommendationViewSet",
    "ReferralViewSet",
]
