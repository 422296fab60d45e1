from django.urls import path

from apps.engagements import views

app_name = "engagements"
urlpatterns = [
    path("", views.engagement_list, name="list"),
    path("<slug:public_id>/", views.engagement_detail, name="detail"),
    path("<slug:public_id>/outcomes/new/", views.outcome_create, name="outcome_create"),
    path("outcomes/<slug:public_id>/edit/", views.outcome_correct, name="outcome_correct"),
    path("outcomes/<slug:public_id>/confirm/", views.outcome_confirm, name="outcome_confirm"),
    path("outcomes/<slug:public_id>/reject/", views.outcome_reject, name="outcome_reject"),
    path("outcomes/<slug:public_id>/evidence/", views.outcome_evidence, name="outcome_evidence"),
]
