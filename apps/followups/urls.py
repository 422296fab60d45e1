from django.urls import path

from apps.followups.views import questionnaires

app_name = "followups"
urlpatterns = [
    path("answer/<str:token>/", questionnaires.answer_by_link, name="answer_by_link"),
    path("cases/<slug:public_id>/", questionnaires.case, name="case"),
    path("<slug:public_id>/", questionnaires.questionnaire, name="questionnaire"),
]
