"""What a city sets for itself: when to ask how a delivered case goes on, and how long a questionnaire stays open."""

from datetime import timedelta
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from apps.core.city_settings import Setting, city_value, register_setting

MONTHS, OPEN_DAYS = "followups.months", "followups.open_days"
MOST_MONTHS, LATEST_MONTH, LONGEST_OPEN_DAYS = 6, 60, 90
REMIND_AFTER = timedelta(days=7)
CATCH_UP = timedelta(days=30)
"""Questionnaires whose day is longer past are not sent: nobody is asked three times at once when this comes to life."""


class MonthsField(forms.CharField):
    """Numbers of months with commas between them ("3,6,12"), kept in order and once each."""

    def clean(self, value: Any) -> str:
        text = str(super().clean(value)).replace("，", ",").replace("、", ",")
        parts = [part.strip() for part in text.split(",") if part.strip()]
        if not all(part.isascii() and part.isdecimal() and len(part) < 4 for part in parts):
            raise ValidationError(_("请填写月数，用逗号分隔，如“3,6,12”。"))
        months = sorted({int(part) for part in parts})
        if not 1 <= len(months) <= MOST_MONTHS or months[0] < 1 or months[-1] > LATEST_MONTH:
            limits = {"most": MOST_MONTHS, "latest": LATEST_MONTH}
            raise ValidationError(_("请填写 1 到 %(most)d 个月数，每个在 1 到 %(latest)d 之间。"), params=limits)
        return ",".join(map(str, months))


register_setting(
    Setting(
        key=MONTHS,
        group=_("回访"),
        label=_("验收后几个月回访"),
        help_text=_("用逗号分隔，如“3,6,12”。已经发出的问卷不受影响。"),
        default="3,6,12",
        field=lambda: MonthsField(max_length=40),
    )
)
register_setting(
    Setting(
        key=OPEN_DAYS,
        group=_("回访"),
        label=_("问卷开放天数"),
        help_text=_("从发出之日算起，10 到 90 天，到期后链接失效。已经发出的问卷不受影响。"),
        default=30,
        field=lambda: forms.IntegerField(min_value=10, max_value=LONGEST_OPEN_DAYS),
    )
)


def months_asked() -> list[int]:
    """After how many months each side is asked, in order."""
    return [int(part) for part in str(city_value(MONTHS)).split(",")]


def open_for() -> timedelta:
    return timedelta(days=int(city_value(OPEN_DAYS)))
