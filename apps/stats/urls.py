from django.urls import include, path

from apps.stats import stock_views as stocks
from apps.stats import views

app_name = "stats"
urlpatterns = [
    path("", views.overview_page, name="overview"),
    path("distribution/", views.distribution_page, name="distribution"),
    path("fit/", views.fit_page, name="fit"),
    path("reports/", include("apps.stats.report.urls")),
    path("now/<slug:key>/", stocks.stock_rows, name="stock"),
    path("<slug:key>/", views.rows, name="rows"),
    path("<slug:key>/export.<slug:kind>", views.export_rows, name="export"),
]
