"""URLs of the import pages."""

from django.urls import path

from apps.imports import views

app_name = "imports"
urlpatterns = [
    path("", views.overview, name="list"),
    path("new/", views.choose, name="new"),
    path("new/<slug:kind>/", views.upload, name="upload"),
    path("templates/<slug:kind>.xlsx", views.template, name="template"),
    path("<slug:public_id>/", views.detail, name="detail"),
    path("<slug:public_id>/columns/", views.columns, name="columns"),
    path("<slug:public_id>/progress/", views.progress, name="progress"),
    path("<slug:public_id>/errors/", views.errors, name="errors"),
    path("<slug:public_id>/run/", views.run, name="run"),
    path("<slug:public_id>/cancel/", views.cancel, name="cancel"),
    path("<slug:public_id>/undo/", views.undo, name="undo"),
]
