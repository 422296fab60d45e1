"""URLs of the site."""

from django.contrib import admin
from django.urls import include, path

from matchsvc import review
from matchsvc.health import readyz
from matchsvc.home import home

handler400 = "apps.core.views.bad_request"
handler403 = "apps.core.views.permission_denied"
handler404 = "apps.core.views.page_not_found"
handler500 = "apps.core.views.server_error"

urlpatterns = [
    path("", home, name="home"),
    path("readyz", readyz, name="readyz"),
    path("review/", review.review, name="review"),
    path("review/organisations/<slug:public_id>/accept/", review.accept_organisation, name="organisation_verify"),
    path("review/organisations/<slug:public_id>/refuse/", review.refuse_organisation, name="organisation_reject"),
    path("review/needs/<slug:public_id>/accept/", review.accept_need, name="need_approve"),
    path("review/needs/<slug:public_id>/refuse/", review.refuse_need, name="need_return"),
    path("review/capabilities/<slug:public_id>/accept/", review.accept_capability, name="capability_approve"),
    path("review/capabilities/<slug:public_id>/refuse/", review.refuse_capability, name="capability_return"),
    path("", include("apps.core.urls")),
    path("accounts/", include("apps.accounts.urls")),
    path("", include("apps.matching.urls")),
    path("notifications/", include("apps.notifications.urls")),
    path("needs/", include("apps.needs.urls")),
    path("capabilities/", include("apps.capabilities.urls")),
    path("engagements/", include("apps.engagements.urls")),
    path("stats/", include("apps.stats.urls")),
    path("api/", include("matchsvc.api_urls")),
    path("i18n/", include("django.conf.urls.i18n")),
    path("admin/", admin.site.urls),
]
