"""The office: everything below /office/."""

from django.urls import path

from apps.administration.views import announcements, erasures, overview, people, retention, settings, terms, trail

app_name = "office"
urlpatterns = [
    path("", overview.overview, name="overview"),
    path("people/", people.people_list, name="people"),
    path("people/invite/", people.invite, name="person_invite"),
    path("people/<int:pk>/", people.person, name="person"),
    path("people/<int:pk>/close/", people.close, name="person_close"),
    path("people/<int:pk>/reopen/", people.reopen, name="person_reopen"),
    path("settings/", settings.settings_list, name="settings"),
    path("settings/<str:key>/", settings.setting_edit, name="setting"),
    path("settings/<str:key>/reset/", settings.setting_reset, name="setting_reset"),
    path("switches/", settings.switches, name="switches"),
    path("switches/<slug:name>/", settings.switch_turn, name="switch"),
    path("announcements/", announcements.announcement_list, name="announcements"),
    path("announcements/new/", announcements.announcement_edit, name="announcement_new"),
    path("announcements/<slug:public_id>/", announcements.announcement_edit, name="announcement"),
    path("announcements/<slug:public_id>/end/", announcements.end, name="announcement_end"),
    path("vocabularies/", terms.vocabularies, name="vocabularies"),
    path("vocabularies/<slug:name>/", terms.vocabulary, name="vocabulary"),
    path("vocabularies/<slug:name>/add/", terms.term_add, name="term_add"),
    path("terms/<int:pk>/", terms.term, name="term"),
    path("terms/<int:pk>/active/", terms.set_active, name="term_set_active"),
    path("terms/<int:pk>/aliases/", terms.alias_add, name="alias_add"),
    path("terms/<int:pk>/aliases/<int:alias>/remove/", terms.alias_remove, name="alias_remove"),
    path("terms/<int:pk>/merge/", terms.merge, name="term_merge"),
    path("trail/", trail.search, name="trail"),
    path("retention/", retention.retention, name="retention"),
    path("erasures/", erasures.erasure_list, name="erasures"),
    path("erasures/<slug:public_id>/", erasures.erasure, name="erasure"),
    path("erasures/<slug:public_id>/mentions/", erasures.mentions, name="erasure_mentions"),
    path("erasures/<slug:public_id>/carry-out/", erasures.carry_out, name="erasure_carry_out"),
    path("erasures/<slug:public_id>/cancel/", erasures.cancel, name="erasure_cancel"),
]
