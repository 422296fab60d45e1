from django.urls import path

from apps.stats.exporting import chart_views, views

app_name = "exports"
urlpatterns = [
    path("charts/<slug:key>.<slug:kind>", chart_views.export_chart, name="chart"),
    path("<slug:key>.<slug:kind>", views.export_list, name="list"),
]
