"""How soon needs were answered."""

from datetime import datetime, timedelta

import pytest

from apps.core import clock
from apps.needs.models import Need
from apps.needs.reply_figures import answered_within_a_week, first_reply_text
from apps.needs.services import need_reply_record
from tests.factories import make_need


@pytest.fixture
def now(taxonomy: None) -> datetime:
    return clock.now()


def published(now: datetime, days_ago: float, replied_after_hours: float | None = None) -> Need:
    at = now - timedelta(days=days_ago)
    replied = None if replied_after_hours is None else at + timedelta(hours=replied_after_hours)
    return make_need(published_at=at, first_replied_at=replied)


def test_the_first_reply_is_kept_once(now: datetime) -> None:
    need = published(now, 3)
    assert need_reply_record(need=need, at=now)
    assert not need_reply_record(need=Need.objects.get(pk=need.pk), at=now + timedelta(hours=1))
    assert Need.objects.get(pk=need.pk).first_replied_at == now


def test_the_share_counts_needs_of_which_it_is_known(now: datetime) -> None:
    published(now, 30, 5)  # in time
    published(now, 30, 7 * 24)  # in time, to the hour
    published(now, 30, 7 * 24 + 1)  # late
    published(now, 30)  # never
    published(now, 2, 1)  # young, and answered
    published(now, 2)  # young: not known yet
    make_need(state="draft", published_at=None)
    assert answered_within_a_week(Need.objects.all()) == (3, 5)


def test_a_need_says_how_soon_it_was_answered(now: datetime) -> None:
    assert first_reply_text(published(now, 10, 5)) == "发布后 5 小时收到首个答复"
    assert first_reply_text(published(now, 10, 72)) == "发布后 3 天收到首个答复"
    assert first_reply_text(published(now, 1)) == "等待首个答复"
    assert first_reply_text(make_need(state="draft", published_at=None)) == ""
