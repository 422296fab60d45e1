"""Rules that a city sets for itself while the platform runs: registered with a default, changed by administrators.

What a machine differs in is read from the environment instead (`matchsvc/settings.py`).
"""

import json
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.utils.translation import gettext_lazy as _

from apps.core import audit, clock
from apps.core.errors import NotAllowed, StateConflict
from apps.core.models import CitySetting


@dataclass(frozen=True, slots=True)
class Setting:
    """`field` makes the form field that checks a value and shows it; `default` is a JSON value that it accepts."""

    key: str
    group: Any
    label: Any
    help_text: Any
    default: Any
    field: Callable[[], forms.Field]


_settings: dict[str, Setting] = {}


def register_setting(setting: Setting) -> None:
    """At start-up, from the app whose rule it is. ValueError where the key is another setting's."""
    if _settings.setdefault(setting.key, setting) != setting:
        raise ValueError(f"The city setting {setting.key} is registered twice.")


def registered_settings() -> list[Setting]:
    return sorted(_settings.values(), key=lambda setting: setting.key)


def setting_of(key: str) -> Setting:
    """KeyError for a key that nobody registered: a mistake of code."""
    return _settings[key]


def city_value(key: str) -> Any:
    """The value in force now: the city's own, else the default. One query."""
    setting = setting_of(key)
    row = CitySetting.objects.filter(key=key).values_list("value", flat=True).first()
    return setting.default if row is None else row


def seen_value(value: Any) -> str:
    """What a form keeps of the value it was opened with, so that a change of another meanwhile is noticed."""
    return json.dumps(value, ensure_ascii=False, sort_keys=True)


@transaction.atomic
def city_setting_change(*, key: str, value: Any, by: models.Model, reason: str = "", seen: str | None = None) -> None:
    """Set a value as a form sent it, or back to the default with None; `reason` is kept in the audit trail.

    ValidationError for a value that the setting does not take, NotAllowed for anybody but administrators, StateConflict
    where it is not `seen_value` any more.
    """
    if not getattr(by, "is_administrator", False):
        raise NotAllowed(_("城市设置由平台管理员修改。"))
    setting = setting_of(key)
    try:
        checked = setting.default if value is None else setting.field().clean(value)
    except ValidationError as error:
        raise ValidationError({"value": error.messages}) from error
    row = _held(setting)
    before = row.value
    if seen is not None and seen != seen_value(before):
        raise StateConflict(_("这项设置刚刚被他人修改，请看过现在的值后再改。"))
    if before == checked:
        return
    row.value, row.changed_at, row.changed_by_id = checked, clock.now(), by.pk
    row.save()
    audit.record(row, "setting.changed", by=by, changes={"before": before, "after": checked, "reason": reason})


def _held(setting: Setting) -> CitySetting:
    """The row, made where there is none, so that of two who change a rule for the first time one waits too."""
    CitySetting.objects.get_or_create(key=setting.key, defaults={"value": setting.default, "changed_at": clock.now()})
    return CitySetting.objects.select_for_update(no_key=True).get(key=setting.key)
