from django.urls import path

from apps.review.views import desk, experts, items, outcomes, reports

urlpatterns = [
    path("", desk.review, name="review"),
    path("needs/<slug:public_id>/accept/", desk.accept_need, name="need_approve"),
    path("needs/<slug:public_id>/refuse/", desk.refuse_need, name="need_return"),
    path("capabilities/<slug:public_id>/accept/", desk.accept_capability, name="capability_approve"),
    path("capabilities/<slug:public_id>/refuse/", desk.refuse_capability, name="capability_return"),
    path("report/<slug:kind>/<slug:public_id>/", reports.new, name="report_new"),
    path("reports/mine/", reports.mine, name="reports_mine"),
    path("reports/<slug:public_id>/", reports.detail, name="report_detail"),
    path("reports/<slug:public_id>/answer/", reports.answer, name="report_answer"),
    path("expert/<str:token>/", experts.answer_by_link, name="expert_answer"),
    path("experts/of/<slug:public_id>/", experts.prove_list, name="experts_prove"),
    path("experts/<slug:public_id>/", experts.manage, name="review_expert"),
    path("experts/<slug:public_id>/ask/", experts.ask, name="expert_ask"),
    path("experts/<slug:public_id>/prove/", experts.prove, name="expert_prove"),
    path("outcomes/<slug:public_id>/", outcomes.outcome, name="review_outcome"),
    path("withheld/<slug:public_id>/lift/", reports.lift, name="review_lift"),
    path("<slug:tab>/suggestion/", items.suggested, name="review_suggestion"),
    path("<slug:tab>/<slug:public_id>/", items.item, name="review_item"),
    path("<slug:tab>/<slug:public_id>/decide/", items.decide, name="review_decide"),
    path("<slug:tab>/<slug:public_id>/release/", items.release, name="review_release"),
]
