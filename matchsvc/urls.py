"""URLs of the site."""

from django.contrib import admin
from django.urls import include, path

from matchsvc.health import readyz
from matchsvc.home import home

handler400 = "apps.core.views.bad_request"
handler403 = "apps.core.views.permission_denied"
handler404 = "apps.core.views.page_not_found"
handler500 = "apps.core.views.server_error"

urlpatterns = [
    path("", home, name="home"),
    path("readyz", readyz, name="readyz"),
    path("review/", include("apps.review.urls")),
    path("", include("apps.core.urls")),
    path("accounts/", include("apps.accounts.urls")),
    path("", include("apps.matching.urls")),
    path("notifications/", include("apps.notifications.urls")),
    path("searches/", include("apps.searches.urls")),
    path("needs/", include("apps.needs.urls")),
    path("capabilities/", include("apps.capabilities.urls")),
    path("engagements/", include("apps.engagements.urls")),
    path("imports/", include("apps.imports.urls")),
    path("desk/", include("apps.engagements.desk_urls")),
    path("followups/", include("apps.followups.urls")),
    path("stories/", include("apps.followups.story_urls")),
    path("stats/", include("apps.stats.urls")),
    path("exports/", include("apps.stats.exporting.urls")),
    path("open/", include("apps.stats.open_data.urls")),
    path("office/", include("apps.administration.urls")),
    path("", include("apps.administration.public_urls")),
    path("api/", include("matchsvc.api_urls")),
    path("i18n/", include("django.conf.urls.i18n")),
    path("admin/", admin.site.urls),
]
