from django.urls import include, path

from apps.stats import list_views as lists
from apps.stats import views

app_name = "stats"
urlpatterns = [
    path("", views.overview_page, name="overview"),
    path("distribution/", views.distribution_page, name="distribution"),
    path("fit/", views.fit_page, name="fit"),
    path("reports/", include("apps.stats.report.urls")),
    path("more/<slug:key>/", lists.list_rows, name="list"),
    path("more/<slug:key>/export.<slug:kind>", lists.export_list, name="list_export"),
    path("<slug:key>/", views.rows, name="rows"),
    path("<slug:key>/export.<slug:kind>", views.export_rows, name="export"),
]
