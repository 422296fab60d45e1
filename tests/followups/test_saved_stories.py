"""The filter of the stories as a saved search: told once, to those who wait for news and not to the two sides."""

from datetime import timedelta

import pytest

from apps.accounts.models import User
from apps.core import clock
from apps.followups.models import Story
from apps.followups.services import story_agree, story_publish, story_withdraw
from apps.notifications import outbox
from apps.notifications.models import Notification
from apps.searches.lists import list_of
from apps.searches.services import look_for_news, search_save
from tests.followups.conftest import publish

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _no_letters(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(outbox, "send_hints", lambda _letters, **_: None)


def keep(user: User, **params: str) -> None:
    source = list_of("followups.stories")
    assert source is not None
    with clock.at(clock.now() - timedelta(hours=1)):
        search_save(source=source, params=params, by=user, name="")


def told(user: User) -> list[str]:
    rows = Notification.objects.filter(recipient=user, topic="searches").order_by("pk")
    return [row.text.title for row in rows]


def test_a_story_is_news_when_it_is_published_and_once(
    story: Story, stranger: User, sme_owner: User, professor: User, reviewer: User
) -> None:
    outcome = story.outcome.outcome_type.code
    for person in (stranger, sme_owner, professor):
        keep(person, outcome=outcome)
    look_for_news()
    assert told(stranger) == []
    publish(story, sme_owner, professor, reviewer)
    look_for_news()
    assert len(told(stranger)) == 1
    assert story.title in told(stranger)[0]
    assert told(sme_owner) == told(professor) == []
    story_withdraw(story=story, by=sme_owner)
    story_agree(story=story, by=sme_owner, seen=story.version)
    story_publish(story=story, by=reviewer, seen=story.version)
    look_for_news()
    assert len(told(stranger)) == 1


def test_a_filter_that_does_not_fit_brings_nothing(
    story: Story, stranger: User, sme_owner: User, professor: User, reviewer: User
) -> None:
    keep(stranger, outcome="product_upgrade")
    publish(story, sme_owner, professor, reviewer)
    look_for_news()
    assert told(stranger) == []
