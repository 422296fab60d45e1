from django.urls import path

from apps.followups.views import drafting, reviewing, stories

app_name = "stories"
urlpatterns = [
    path("", stories.story_list, name="list"),
    path("review/", reviewing.queue, name="review"),
    path("new/<slug:public_id>/", drafting.draft, name="draft"),
    path("<slug:public_id>/", stories.story_detail, name="detail"),
    path("<slug:public_id>/picture/", stories.picture, name="picture"),
    path("<slug:public_id>/edit/", drafting.edit, name="edit"),
    path("<slug:public_id>/agree/", drafting.agree, name="agree"),
    path("<slug:public_id>/withdraw/", drafting.withdraw, name="withdraw"),
    path("<slug:public_id>/publish/", reviewing.publish, name="publish"),
    path("<slug:public_id>/return/", reviewing.send_back, name="return"),
]
