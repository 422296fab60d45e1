"""Parts of the platform that a city turns on and off."""

from typing import Any

import pytest
from django.template import Context, Template
from django.test import Client

from apps.accounts.models import User
from apps.core import city_settings, switches
from apps.core.city_settings import city_setting_change
from apps.core.remembered import Remembered
from apps.core.switches import Switch, SwitchedOff, is_on, register_switch, require_on, switched

PART = Switch("part", "测试功能", "", "测试功能正在准备中。")


@pytest.fixture(autouse=True)
def part(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(city_settings, "_settings", dict(city_settings._settings))
    monkeypatch.setattr(switches, "_switches", dict(switches._switches))
    register_switch(PART)


def test_a_part_is_on_until_an_administrator_turns_it_off(administrator: User) -> None:
    assert is_on("part")
    city_setting_change(key="switch.part", value=False, by=administrator)
    assert not is_on("part")
    city_setting_change(key="switch.part", value=None, by=administrator)
    assert is_on("part")


def test_who_comes_for_a_part_that_is_off_reads_why(administrator: User) -> None:
    @switched("part")
    def view() -> str:
        return "shown"

    assert view() == "shown"
    city_setting_change(key="switch.part", value=False, by=administrator)
    with pytest.raises(SwitchedOff, match="正在准备中"):
        view()
    with pytest.raises(SwitchedOff):
        require_on("part")


def test_a_template_asks_too(administrator: User) -> None:
    page = Template('{% load design %}{% switch "part" as on %}{% if on %}on{% else %}off{% endif %}')
    assert page.render(Context()) == "on"
    city_setting_change(key="switch.part", value=False, by=administrator)
    assert page.render(Context()) == "off"


def test_a_name_belongs_to_one_switch() -> None:
    register_switch(PART)
    with pytest.raises(ValueError, match="part"):
        register_switch(Switch("part", "", "", ""))
    with pytest.raises(KeyError):
        is_on("nobody")


def test_a_process_asks_once_for_some_seconds(
    db: None, django_assert_num_queries: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    now = 1000.0
    monkeypatch.setattr("apps.core.remembered.time.monotonic", lambda: now)
    kept: Remembered[dict[str, Any]] = Remembered(switches._load, nothing={})
    Remembered.every.remove(kept)  # type: ignore[arg-type]  # as in the class
    with django_assert_num_queries(1):
        assert kept.value() == kept.value() == {}
    now += 6
    with django_assert_num_queries(1):
        kept.value()


def test_a_missing_page_says_nothing_of_switches(client: Client, db: None) -> None:
    assert "暂未开放" not in client.get("/nothing-here").content.decode()
