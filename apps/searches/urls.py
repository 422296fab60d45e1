from django.urls import path

from apps.searches.views import mine, saving

app_name = "searches"
urlpatterns = [
    path("", mine.mine, name="mine"),
    path("save/", saving.save, name="save"),
    path("frequency/", mine.frequency, name="frequency"),
    path("<slug:public_id>/open/", mine.open_list, name="open"),
    path("<slug:public_id>/rename/", mine.rename, name="rename"),
    path("<slug:public_id>/pause/", mine.pause, name="pause"),
    path("<slug:public_id>/resume/", mine.resume, name="resume"),
    path("<slug:public_id>/delete/", mine.delete, name="delete"),
]
