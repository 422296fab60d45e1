"""The endpoints of cases."""

from apps.engagements.api.views.cases import EngagementViewSet
from apps.engagements.api.views.contracts import InstalmentViewSet, MilestoneViewSet
from apps.engagements.api.views.outcomes import OutcomeViewSet
from apps.engagements.api.views.talks import MeetingViewSet

__all__ = ["EngagementViewSet", "InstalmentViewSet", "MeetingViewSet", "MilestoneViewSet", "OutcomeViewSet"]
