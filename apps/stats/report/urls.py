from django.urls import path

from apps.stats.report import views

urlpatterns = [
    path("", views.reports, name="reports"),
    path("build/", views.build, name="report_build"),
    path("subscribe/", views.subscribe, name="report_subscribe"),
    path("<slug:public_id>/again/", views.build_again, name="report_again"),
    path("<slug:public_id>/progress/", views.progress, name="report_progress"),
    path("<slug:public_id>/file/", views.download, name="report_file"),
]
