"""URLs of the REST API, its schema and its page."""

from django.urls import include, path
from drf_spectacular.views import SpectacularAPIView, SpectacularSwaggerSplitView
from rest_framework.permissions import AllowAny
from rest_framework.routers import SimpleRouter

from apps.accounts.api.views import OrganisationViewSet, TokenView
from apps.capabilities.api.views import CapabilityViewSet
from apps.core.api.views import PUBLIC_ID_PATTERN
from apps.engagements.api.views import (
    EngagementViewSet,
    InstalmentViewSet,
    MeetingViewSet,
    MilestoneViewSet,
    OutcomeViewSet,
)
from apps.matching.api.lookup import NeedLookupViewSet
from apps.matching.api.views import ProposalViewSet
from apps.needs.api.views import NeedViewSet
from apps.notifications.api.views import NotificationViewSet
from apps.taxonomy.api.views import TermViewSet

router = SimpleRouter()
router.register("organisations", OrganisationViewSet, basename="organisation")
router.register("terms", TermViewSet, basename="term")
router.register("needs", NeedViewSet, basename="need")
router.register(rf"needs/(?P<public_id>{PUBLIC_ID_PATTERN})/lookup", NeedLookupViewSet, basename="need-lookup")
router.register("capabilities", CapabilityViewSet, basename="capability")
router.register("proposals", ProposalViewSet, basename="proposal")
router.register("engagements", EngagementViewSet, basename="engagement")
router.register("instalments", InstalmentViewSet, basename="instalment")
router.register("meetings", MeetingViewSet, basename="meeting")
router.register("milestones", MilestoneViewSet, basename="milestone")
router.register("outcomes", OutcomeViewSet, basename="outcome")
router.register("notifications", NotificationViewSet, basename="notification")

app_name = "api"
urlpatterns = [
    path("v1/", include(router.urls)),
    path("v1/token/", TokenView.as_view(), name="token"),
    path("schema/", SpectacularAPIView.as_view(permission_classes=(AllowAny,)), name="schema"),
    path(
        "docs/",
        SpectacularSwaggerSplitView.as_view(
            url_name="api:schema", template_name="core/api_docs.html", permission_classes=(AllowAny,)
        ),
        name="docs",
    ),
]
