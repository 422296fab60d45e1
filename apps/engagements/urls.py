from django.urls import path

from apps.engagements.views import cases, outcomes

app_name = "engagements"
urlpatterns = [
    path("", cases.engagement_list, name="list"),
    path("<slug:public_id>/", cases.engagement_detail, name="detail"),
    path("<slug:public_id>/outcomes/new/", outcomes.outcome_create, name="outcome_create"),
    path("outcomes/<slug:public_id>/edit/", outcomes.outcome_correct, name="outcome_correct"),
    path("outcomes/<slug:public_id>/confirm/", outcomes.outcome_confirm, name="outcome_confirm"),
    path("outcomes/<slug:public_id>/reject/", outcomes.outcome_reject, name="outcome_reject"),
    path("outcomes/<slug:public_id>/evidence/", outcomes.outcome_evidence, name="outcome_evidence"),
]
