"""Programs that name the revision they read: what changed meanwhile is a 409 and stays; without one, all as ever."""

from datetime import timedelta

import pytest
from django.conf import LazySettings
from rest_framework.test import APIClient

from apps.accounts.models import User
from apps.core import clock
from apps.engagements.models import Engagement, Meeting, Outcome, OutcomeState
from apps.engagements.services import meeting_change, meeting_plan, outcome_correct

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def no_limits(settings: LazySettings) -> None:
    settings.CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}


def program_of(user: User) -> APIClient:
    client = APIClient()
    client.force_login(user, backend="apps.accounts.backends.AccountBackend")
    return client


def test_an_outcome_changed_meanwhile_is_not_corrected(reported: Outcome, sme_owner: User, colleague: User) -> None:
    program, url = program_of(sme_owner), f"/api/v1/outcomes/{reported.public_id}/"
    seen = program.get(url).json()["revision"]
    outcome_correct(outcome=reported, by=colleague, indicator_name="轧辊寿命")
    stale = program.patch(url, {"indicator_name": "", "seen": seen}, format="json")
    assert (stale.status_code, Outcome.objects.get().indicator_name) == (409, "轧辊寿命")
    fresh = {"description": "寿命提高一倍。", "seen": program.get(url).json()["revision"]}
    assert program.patch(url, fresh, format="json").json()["description"] == "寿命提高一倍。"
    assert program.patch(url, {"description": "寿命提高两倍。"}, format="json").status_code == 200


def test_an_outcome_changed_meanwhile_is_not_rejected(reported: Outcome, sme_owner: User, professor: User) -> None:
    program, url = program_of(professor), f"/api/v1/outcomes/{reported.public_id}/"
    seen = program.get(url).json()["revision"]
    outcome_correct(outcome=reported, by=sme_owner, indicator_name="轧辊寿命")
    body = {"reason": "寿命数据不对", "seen": seen}
    assert program.post(f"{url}reject/", body, format="json").status_code == 409
    assert Outcome.objects.get().state == OutcomeState.REPORTED
    fresh = body | {"seen": program.get(url).json()["revision"]}
    assert program.post(f"{url}reject/", fresh, format="json").json()["state"] == "rejected"


def test_a_meeting_moved_meanwhile_is_not_moved_back(engagement: Engagement, sme_owner: User, professor: User) -> None:
    starts_at = clock.now() + timedelta(days=3)
    plan = {"title": "试样讨论", "place": "材料楼", "starts_at": starts_at, "ends_at": starts_at + timedelta(hours=1)}
    meeting = meeting_plan(engagement=engagement, by=sme_owner, **plan)
    program, url = program_of(sme_owner), f"/api/v1/meetings/{meeting.public_id}/"
    seen = program.get(f"/api/v1/engagements/{engagement.public_id}/meetings/").json()["results"][0]["revision"]
    meeting_change(meeting=meeting, by=professor, place="线上")
    stale = program.patch(url, {"place": "材料楼", "seen": seen}, format="json")
    assert (stale.status_code, Meeting.objects.get().place) == (409, "线上")
    fresh = program.patch(url, {"title": "试样评审", "seen": Meeting.objects.get().revision}, format="json")
    assert fresh.json()["title"] == "试样评审"
    assert program.patch(url, {"title": "试样复评"}, format="json").status_code == 200
