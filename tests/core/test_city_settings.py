"""Rules of the city: a default until an administrator changes them, with a history."""

import pytest
from django import forms
from django.core.exceptions import ValidationError

from apps.accounts.models import User
from apps.core import city_settings
from apps.core.city_settings import Setting, city_setting_change, city_value, register_setting
from apps.core.errors import NotAllowed
from apps.core.models import AuditEntry, CitySetting

DAYS = Setting("test.days", "测试", "天数", "", 3, lambda: forms.IntegerField(min_value=1, max_value=30))


@pytest.fixture(autouse=True)
def _registered(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(city_settings, "_settings", {})
    register_setting(DAYS)


def test_the_default_holds_until_an_administrator_changes_it(administrator: User) -> None:
    assert city_value("test.days") == 3
    city_setting_change(key="test.days", value="5", by=administrator, reason="节前放宽")
    assert city_value("test.days") == 5
    entry = AuditEntry.objects.get(action="setting.changed")
    assert entry.changes == {"before": 3, "after": 5, "reason": "节前放宽"}


def test_none_brings_the_default_back_and_the_same_value_changes_nothing(administrator: User) -> None:
    city_setting_change(key="test.days", value="5", by=administrator)
    city_setting_change(key="test.days", value="5", by=administrator)
    city_setting_change(key="test.days", value=None, by=administrator)
    assert city_value("test.days") == 3
    assert AuditEntry.objects.filter(action="setting.changed").count() == 2


@pytest.mark.parametrize("value", ["", "0", "31", "三"])
def test_a_value_that_the_setting_does_not_take_is_refused(administrator: User, value: str) -> None:
    with pytest.raises(ValidationError):
        city_setting_change(key="test.days", value=value, by=administrator)
    assert not CitySetting.objects.exists()


def test_only_administrators_change_them(reviewer: User, sme_owner: User) -> None:
    for person in (reviewer, sme_owner):
        with pytest.raises(NotAllowed):
            city_setting_change(key="test.days", value="5", by=person)


def test_a_key_belongs_to_one_setting(administrator: User) -> None:
    register_setting(DAYS)
    with pytest.raises(ValueError, match=r"test\.days"):
        register_setting(Setting("test.days", "", "", "", 4, forms.IntegerField))
