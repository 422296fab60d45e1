"""Pages of the administration that are everybody's."""

from django.urls import path

from apps.administration.views import announcements, my_data, people

urlpatterns = [
    path("announcements/", announcements.public_list, name="announcements"),
    path("announcements/<slug:public_id>/dismiss/", announcements.dismiss, name="announcement_dismiss"),
    path("my-data/", my_data.my_data, name="my_data"),
    path("my-data/export/", my_data.export, name="my_data_export"),
    path("my-data/erasure/", my_data.ask, name="erasure_ask"),
    path("my-data/erasure/cancel/", my_data.cancel, name="erasure_take_back"),
    path("join/<str:token>/", people.join, name="office_join"),
]
