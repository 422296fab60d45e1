"""A case of the cast's enterprise and university, delivered, with a confirmed outcome."""

import io
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image
from pytest_django import Settings

from apps.accounts.models import Organisation, User
from apps.core import clock
from apps.engagements.models import Engagement, EngagementState, Outcome, OutcomeState
from apps.followups.models import Questionnaire, Story
from apps.followups.services import story_agree, story_draft, story_publish
from apps.matching.models import Side
from apps.needs.models import NeedState
from apps.taxonomy.models import Term
from tests.factories import make_capability, make_engagement, make_need, make_proposal

DELIVERED = datetime(2026, 6, 30, 2, 0, tzinfo=UTC)  # ten in the morning of that day
THREE_MONTHS_LATER = datetime(2026, 9, 30, 2, 0, tzinfo=UTC)


@pytest.fixture(autouse=True)
def _media(settings: Settings, tmp_path: Path) -> None:
    """Uploads of a test end with it, and limits start at zero."""
    settings.MEDIA_ROOT = tmp_path
    settings.CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache", "LOCATION": tmp_path}}


@pytest.fixture
def delivered(enterprise: Organisation, sme_owner: User, university: Organisation, professor: User) -> Engagement:
    need = make_need(organisation=enterprise, contact=sme_owner, created_by=sme_owner, state=NeedState.ENGAGED)
    capability = make_capability(organisation=university, contact=professor, created_by=professor)
    return make_engagement(
        proposal=make_proposal(need=need, capability=capability),
        opened_at=DELIVERED - timedelta(days=200),
        state=EngagementState.DELIVERED,
        state_since=DELIVERED,
    )


@pytest.fixture
def asked(delivered: Engagement) -> Questionnaire:
    """The enterprise was asked a moment ago."""
    return make_questionnaire(delivered)


def make_questionnaire(engagement: Engagement, **fields: Any) -> Questionnaire:
    now = clock.now()
    defaults = {
        "side": Side.NEED,
        "months": 3,
        "due_on": clock.today(),
        "opened_at": now,
        "closes_at": now + timedelta(days=30),
    }
    return Questionnaire.objects.create(engagement=engagement, **defaults | fields)


@pytest.fixture
def columns() -> Callable[..., dict[str, Any]]:
    def make(**fields: Any) -> dict[str, Any]:
        defaults = {
            "usage": "in_use",
            "fit": "as_reported",
            "further_work": "planned",
            "partner_rating": 5,
            "platform_rating": 4,
            "note": "轧辊还在用。",
        }
        return defaults | fields

    return make


@pytest.fixture
def confirmed(delivered: Engagement, sme_owner: User, professor: User) -> Outcome:
    return make_outcome(delivered, sme_owner, professor)


def make_outcome(engagement: Engagement, by: User, other: User, **fields: Any) -> Outcome:
    defaults = {
        "outcome_type": Term.objects.get(vocabulary="outcome_type", code="process_change"),
        "state": OutcomeState.CONFIRMED,
        "description": "换用激光熔覆后，轧辊寿命提高。",
        "occurred_on": clock.today(),
        "indicator_name": "轧辊寿命",
        "indicator_unit": "个月",
        "before_value": "3",
        "after_value": "8",
        "reported_by": by,
        "reported_side": Side.NEED,
        "reported_at": clock.now(),
        "decided_by": other,
        "confirmed_at": clock.now(),
    }
    return Outcome.objects.create(engagement=engagement, **defaults | fields)


TEXTS: dict[str, Any] = {
    "title": "换用激光熔覆，轧辊寿命提高一倍多",
    "summary": "从三个月一换到八个月一换，停机少了一半。",
    "problem": "轧辊用热喷涂，三个月就磨损报废。",
    "approach": "改用激光熔覆制备涂层，先在两支辊上试。",
    "result": "寿命由三个月提高到八个月。",
    "quote": "换辊的夜班少了一半。",
    "quote_by": "生产负责人",
}


@pytest.fixture
def story(confirmed: Outcome, sme_owner: User) -> Story:
    """Drafted by the enterprise; neither side is named, nobody has agreed."""
    return story_draft(outcome=confirmed, by=sme_owner, **TEXTS)


@pytest.fixture
def published(story: Story, sme_owner: User, professor: User, reviewer: User) -> Story:
    return publish(story, sme_owner, professor, reviewer)


def publish(story: Story, need_person: User, capability_person: User, reviewer: User) -> Story:
    story_agree(story=story, by=need_person, seen=story.version)
    story_agree(story=story, by=capability_person, seen=story.version)
    return story_publish(story=story, by=reviewer, seen=story.version)


@pytest.fixture
def photo() -> Callable[..., SimpleUploadedFile]:
    def make(name: str = "现场.jpg", size: tuple[int, int] = (60, 40), **options: Any) -> SimpleUploadedFile:
        """A picture as a telephone makes it: with the place and the owner in its EXIF, and a comment."""
        exif = Image.Exif()
        exif[0x010F] = "SECRET-CAMERA"
        exif[0x013B] = "SECRET-OWNER"
        stored = io.BytesIO()
        kind = "PNG" if name.endswith("png") else "JPEG"
        options |= {} if kind == "PNG" else {"comment": b"SECRET-COMMENT"}
        Image.new("RGB", size, "teal").save(stored, kind, exif=exif, **options)
        return SimpleUploadedFile(name, stored.getvalue())

    return make
