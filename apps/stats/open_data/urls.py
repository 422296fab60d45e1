from django.urls import path

from apps.stats.open_data import views

app_name = "open"
urlpatterns = [
    path("", views.statistics, name="statistics"),
    path("statistics.<slug:kind>", views.statistics_file, name="file"),
]
