from django.urls import path

from apps.needs.views import attachments, board, editing, live, moves, renewals

app_name = "needs"
urlpatterns = [
    path("", board.board, name="board"),
    path("new/", editing.create, name="create"),
    path("mine/", board.mine, name="mine"),
    path("renewals/", renewals.renewals, name="renewals"),
    path("autosave/", live.autosave, name="autosave"),
    path("suggest/", live.suggest, name="suggest"),
    path("tags/", live.tags, name="tags"),
    path("<slug:public_id>/", board.detail, name="detail"),
    path("<slug:public_id>/edit/", editing.edit, name="edit"),
    path("<slug:public_id>/publish/", editing.publish, name="publish"),
    path("<slug:public_id>/close/", moves.close, name="close"),
    path("<slug:public_id>/reopen/", moves.reopen, name="reopen"),
    path("<slug:public_id>/renew/", moves.renew, name="renew"),
    path("<slug:public_id>/renewal/", renewals.renewal, name="renewal"),
    path("<slug:public_id>/solve/", moves.solve, name="solve"),
    path("<slug:public_id>/recall/", moves.recall, name="recall"),
    path("<slug:public_id>/attachments/", attachments.add, name="attachment_add"),
    path("<slug:public_id>/attachments/<slug:attachment_id>/", attachments.attachment, name="attachment"),
    path("<slug:public_id>/attachments/<slug:attachment_id>/delete/", attachments.delete, name="attachment_delete"),
]
