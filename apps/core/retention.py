"""How long what is kept: each app registers a rule for what it may forget; a nightly task carries all of them out."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from apps.core import clock
from apps.core.city_settings import Setting, city_value, register_setting

PREFIX = "retention."
LONGEST_DAYS = 3650


@dataclass(frozen=True, slots=True)
class RetentionRule:
    """`forget(before, most)` deletes what is older than a moment, at most so many rows, and tells how many it were.

    It runs again until nothing is left: in small transactions, and so that a second run finds nothing to do.
    """

    key: str
    label: Any
    help_text: Any
    default_days: int
    forget: Callable[[datetime, int], int]
    shortest_days: int = 30

    @property
    def setting_key(self) -> str:
        return PREFIX + self.key

    @property
    def days(self) -> int:
        return int(city_value(self.setting_key))

    def before(self) -> datetime:
        return clock.now() - timedelta(days=self.days)

    def field(self) -> forms.Field:
        return forms.IntegerField(min_value=self.shortest_days, max_value=LONGEST_DAYS)


_rules: dict[str, RetentionRule] = {}


def register_retention(rule: RetentionRule) -> None:
    """At start-up; its days become a city setting. ValueError where the key is another rule's."""
    if rule.key in _rules:
        if _rules[rule.key] != rule:
            raise ValueError(f"The retention rule {rule.key} is registered twice.")
        return
    _rules[rule.key] = rule
    label = _("%(what)s：保留天数") % {"what": rule.label}
    register_setting(Setting(rule.setting_key, _("数据保留"), label, rule.help_text, rule.default_days, rule.field))


def registered_rules() -> list[RetentionRule]:
    return list(_rules.values())
