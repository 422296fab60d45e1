"""The time that is left, in words."""

from datetime import datetime
from zoneinfo import ZoneInfo

import pytest

from apps.core import clock
from apps.core.due_times import due_text, is_pressing

CITY = ZoneInfo("Asia/Shanghai")


def test_on_a_free_day_the_whole_time_is_left() -> None:
    """Asked on a Sunday: the three working days begin on Monday at nine."""
    with clock.at(datetime(2026, 11, 22, 15, 0, tzinfo=CITY)):
        assert due_text(datetime(2026, 11, 26, 9, 0, tzinfo=CITY)) == "还有 3 个工作日"


@pytest.mark.parametrize(
    ("due", "text", "pressing"),
    [
        ("2026-11-25 10:00", "还有 3 个工作日", False),  # Friday to Wednesday
        ("2026-11-23 10:00", "还有 1 个工作日", False),
        ("2026-11-20 17:00", "今天 17:00 前", True),
        ("2026-11-20 09:40", "刚刚到期", True),
        ("2026-11-20 05:00", "已超过 5 小时", True),
        ("2026-11-18 09:00", "已超过 2 天", True),
    ],
)
def test_what_is_left_is_said_in_working_days_hours_and_days(due: str, text: str, pressing: bool) -> None:
    moment = datetime.fromisoformat(due).replace(tzinfo=CITY)
    with clock.at(datetime(2026, 11, 20, 10, 0, tzinfo=CITY)):
        assert (due_text(moment), is_pressing(moment)) == (text, pressing)
