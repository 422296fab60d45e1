from django.urls import path

from apps.engagements.views import agreements, cases, contracts, outcomes, payments, steps

app_name = "engagements"
urlpatterns = [
    path("", cases.engagement_list, name="list"),
    path("<slug:public_id>/", cases.engagement_detail, name="detail"),
    path("<slug:public_id>/advance/", steps.advance, name="advance"),
    path("<slug:public_id>/step-back/", steps.step_back, name="step_back"),
    path("<slug:public_id>/plan/", steps.plan, name="plan"),
    path("<slug:public_id>/end/", steps.end, name="end"),
    path("<slug:public_id>/take/", steps.take, name="take"),
    path("<slug:public_id>/agreement/", agreements.agreement, name="agreement"),
    path("<slug:public_id>/agreement/confirm/", agreements.agreement_confirm, name="agreement_confirm"),
    path("<slug:public_id>/contract/", contracts.contract, name="contract"),
    path("<slug:public_id>/contract/edit/", contracts.contract_edit, name="contract_edit"),
    path("<slug:public_id>/contract/amend/", contracts.contract_amend, name="contract_amend"),
    path("<slug:public_id>/contract/files/", contracts.file_add, name="contract_file_add"),
    path("<slug:public_id>/contract/instalments/", payments.instalment_add, name="instalment_add"),
    path("<slug:public_id>/contract/milestones/", payments.milestone_add, name="milestone_add"),
    path("contract-files/<slug:public_id>/", contracts.file, name="contract_file"),
    path("contract-files/<slug:public_id>/remove/", contracts.file_remove, name="contract_file_remove"),
    path("instalments/<slug:public_id>/receive/", payments.instalment_receive, name="instalment_receive"),
    path("instalments/<slug:public_id>/take-back/", payments.instalment_take_back, name="instalment_take_back"),
    path("instalments/<slug:public_id>/drop/", payments.instalment_drop, name="instalment_drop"),
    path("milestones/<slug:public_id>/accept/", payments.milestone_accept, name="milestone_accept"),
    path("milestones/<slug:public_id>/withdraw/", payments.milestone_withdraw, name="milestone_withdraw"),
    path("milestones/<slug:public_id>/drop/", payments.milestone_drop, name="milestone_drop"),
    path("<slug:public_id>/outcomes/new/", outcomes.outcome_create, name="outcome_create"),
    path("outcomes/<slug:public_id>/edit/", outcomes.outcome_correct, name="outcome_correct"),
    path("outcomes/<slug:public_id>/confirm/", outcomes.outcome_confirm, name="outcome_confirm"),
    path("outcomes/<slug:public_id>/reject/", outcomes.outcome_reject, name="outcome_reject"),
    path("outcomes/<slug:public_id>/evidence/", outcomes.outcome_evidence, name="outcome_evidence"),
]
