from django.urls import path

from apps.capabilities.views import catalogue, editing, live, moves, renewals

app_name = "capabilities"
urlpatterns = [
    path("", catalogue.catalogue_page, name="list"),
    path("new/", editing.create, name="create"),
    path("mine/", catalogue.mine, name="mine"),
    path("renewals/", renewals.renewals, name="renewals"),
    path("autosave/", live.autosave, name="autosave"),
    path("suggest/", live.suggest, name="suggest"),
    path("tags/", live.tags, name="tags"),
    path("<slug:public_id>/", catalogue.detail, name="detail"),
    path("<slug:public_id>/edit/", editing.edit, name="edit"),
    path("<slug:public_id>/publish/", editing.publish, name="publish"),
    path("<slug:public_id>/archive/", moves.archive, name="archive"),
    path("<slug:public_id>/reopen/", moves.reopen, name="reopen"),
    path("<slug:public_id>/confirm/", moves.confirm, name="confirm"),
    path("<slug:public_id>/renewal/", renewals.renewal, name="renewal"),
    path("<slug:public_id>/recall/", moves.recall, name="recall"),
]
