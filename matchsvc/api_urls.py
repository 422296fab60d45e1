"""URLs of the REST API, its schema and its page."""

from django.urls import include, path
from drf_spectacular.views import SpectacularAPIView, SpectacularSwaggerSplitView
from rest_framework.permissions import AllowAny
from rest_framework.routers import SimpleRouter

from apps.accounts.api.centres import CentreViewSet
from apps.accounts.api.joining import JoinRequestViewSet
from apps.accounts.api.views import OrganisationViewSet, TokenView
from apps.administration.api.terms import OfficeTermViewSet
from apps.administration.api.views import (
    AnnouncementViewSet,
    ErasureViewSet,
    PersonViewSet,
    RetentionViewSet,
    SettingViewSet,
    SwitchViewSet,
    TrailViewSet,
)
from apps.capabilities.api.views import CapabilityViewSet
from apps.core.api.views import PUBLIC_ID_PATTERN
from apps.engagements.api.views import (
    CreditViewSet,
    EngagementViewSet,
    InstalmentViewSet,
    MeetingViewSet,
    MilestoneViewSet,
    OutcomeViewSet,
    PhoneCallViewSet,
    RecommendationViewSet,
    ReferralViewSet,
)
from apps.followups.api.views import QuestionnaireViewSet, StoryViewSet
from apps.imports.api.views import ImportViewSet
from apps.matching.api.bids import BidViewSet, NeedBidViewSet
from apps.matching.api.lookup import NeedLookupViewSet
from apps.matching.api.views import ProposalViewSet
from apps.needs.api.views import NeedViewSet
from apps.notifications.api.views import NotificationViewSet
from apps.review.api.desk import (
    CapabilityItemViewSet,
    LineViewSet,
    NeedItemViewSet,
    OrganisationItemViewSet,
    QueueViewSet,
)
from apps.review.api.experts import ExpertViewSet
from apps.review.api.reports import ReportViewSet
from apps.review.api.withholdings import WithholdingViewSet
from apps.searches.api.views import SavedSearchViewSet
from apps.stats.api import StatisticsViewSet
from apps.stats.open_data.api import OpenStatisticsView
from apps.stats.report.api import MonthlyReportViewSet
from apps.taxonomy.api.views import TermViewSet

router = SimpleRouter()
router.register("organisations", OrganisationViewSet, basename="organisation")
router.register("centres", CentreViewSet, basename="centre")
router.register("join-requests", JoinRequestViewSet, basename="join-request")
router.register("terms", TermViewSet, basename="term")
router.register("needs", NeedViewSet, basename="need")
router.register(rf"needs/(?P<public_id>{PUBLIC_ID_PATTERN})/lookup", NeedLookupViewSet, basename="need-lookup")
router.register(rf"needs/(?P<public_id>{PUBLIC_ID_PATTERN})/bids", NeedBidViewSet, basename="need-bid")
router.register("capabilities", CapabilityViewSet, basename="capability")
router.register("bids", BidViewSet, basename="bid")
router.register("proposals", ProposalViewSet, basename="proposal")
router.register("referrals", ReferralViewSet, basename="referral")
router.register("calls", PhoneCallViewSet, basename="call")
router.register("recommendations", RecommendationViewSet, basename="recommendation")
router.register("credits", CreditViewSet, basename="credit")
router.register("engagements", EngagementViewSet, basename="engagement")
router.register("instalments", InstalmentViewSet, basename="instalment")
router.register("meetings", MeetingViewSet, basename="meeting")
router.register("milestones", MilestoneViewSet, basename="milestone")
router.register("outcomes", OutcomeViewSet, basename="outcome")
router.register("questionnaires", QuestionnaireViewSet, basename="questionnaire")
router.register("stories", StoryViewSet, basename="story")
router.register("imports", ImportViewSet, basename="import")
router.register("review/queues", QueueViewSet, basename="review-queue")
router.register("review/lines", LineViewSet, basename="review-line")
router.register("review/organisations", OrganisationItemViewSet, basename="review-organisation")
router.register("review/needs", NeedItemViewSet, basename="review-need")
router.register("review/capabilities", CapabilityItemViewSet, basename="review-capability")
router.register("review/experts", ExpertViewSet, basename="review-expert")
router.register("review/withholdings", WithholdingViewSet, basename="review-withholding")
router.register("reports", ReportViewSet, basename="report")
router.register("searches", SavedSearchViewSet, basename="search")
router.register("notifications", NotificationViewSet, basename="notification")
router.register("office/people", PersonViewSet, basename="office-person")
router.register("office/settings", SettingViewSet, basename="office-setting")
router.register("office/switches", SwitchViewSet, basename="office-switch")
router.register("office/announcements", AnnouncementViewSet, basename="office-announcement")
router.register("office/terms", OfficeTermViewSet, basename="office-term")
router.register("office/trail", TrailViewSet, basename="office-trail")
router.register("office/retention", RetentionViewSet, basename="office-retention")
router.register("office/erasures", ErasureViewSet, basename="office-erasure")
router.register("stats/reports", MonthlyReportViewSet, basename="stats-report")
router.register("stats", StatisticsViewSet, basename="stats")

app_name = "api"
urlpatterns = [
    path("v1/", include(router.urls)),
    path("v1/open-statistics/", OpenStatisticsView.as_view(), name="open-statistics"),
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
