from django.urls import path

from apps.engagements.views import desk, desk_work, shares

app_name = "desk"
urlpatterns = [
    path("", desk.desk, name="list"),
    path("calls/new/", desk_work.call_new, name="call_new"),
    path("pair/", desk_work.pair_new, name="pair_new"),
    path("credits/", shares.credit_list, name="credits"),
    path("credits/<slug:public_id>/", shares.credits_edit, name="credits_edit"),
    path("credits/<slug:public_id>/confirm/", shares.credits_accept, name="credits_confirm"),
    path("<slug:public_id>/", desk.matter, name="detail"),
    path("<slug:public_id>/take/", desk.take, name="take"),
    path("<slug:public_id>/hand-over/", desk.hand_over, name="hand_over"),
    path("<slug:public_id>/plan/", desk.plan, name="plan"),
    path("<slug:public_id>/close/", desk.close, name="close"),
]
