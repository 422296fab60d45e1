from django.urls import path

from apps.stats import views

app_name = "stats"
urlpatterns = [
    path("", views.overview, name="overview"),
    path("<slug:key>/", views.rows, name="rows"),
    path("<slug:key>/export.<slug:kind>", views.export_rows, name="export"),
]
