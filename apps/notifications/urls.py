from django.urls import path

from apps.notifications.views import inbox, settings, unsubscribing

app_name = "notifications"
urlpatterns = [
    path("", inbox.inbox, name="inbox"),
    path("bell/", inbox.bell, name="bell"),
    path("read/", inbox.mark_all_read, name="read_all"),
    path("settings/", settings.settings, name="settings"),
    path("settings/robot/", settings.save_robot, name="robot_save"),
    path("settings/robot/test/", settings.test_robot, name="robot_test"),
    path("settings/robot/remove/", settings.remove_robot, name="robot_remove"),
    path("unsubscribe/<str:token>/", unsubscribing.unsubscribe, name="unsubscribe"),
    path("<slug:public_id>/open/", inbox.open_page, name="open"),
    path("<slug:public_id>/read/", inbox.mark_read, name="read"),
]
