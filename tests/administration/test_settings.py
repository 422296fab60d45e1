"""Settings and switches in the office."""

from collections.abc import Callable

import pytest
from django.test import Client
from django.urls import reverse

from apps.accounts.models import User
from apps.core.city_settings import city_value
from apps.core.models import AuditEntry

pytestmark = pytest.mark.django_db
ClientOf = Callable[[User], Client]


def test_a_rule_is_changed_with_a_reason_and_its_history_is_shown(administrator: User, client_of: ClientOf) -> None:
    client = client_of(administrator)
    url = reverse("office:setting", args=["retention.drafts"])
    assert client.post(url, {"value": "200", "reason": "节约空间"}).status_code == 302
    assert city_value("retention.drafts") == 200
    page = client.get(url).content.decode()
    for said in ("王管理", "365 → 200", "节约空间"):
        assert said in page
    client.post(reverse("office:setting_reset", args=["retention.drafts"]))
    assert city_value("retention.drafts") == 365
    assert AuditEntry.objects.filter(action="setting.changed").count() == 2


def test_a_wrong_value_is_told_beside_the_field_and_nothing_changes(administrator: User, client_of: ClientOf) -> None:
    page = client_of(administrator).post(reverse("office:setting", args=["retention.drafts"]), {"value": "1"})
    assert page.status_code == 200
    assert "field-errors" in page.content.decode()
    assert city_value("retention.drafts") == 365


def test_an_unknown_rule_is_not_found(administrator: User, client_of: ClientOf) -> None:
    client = client_of(administrator)
    assert client.get(reverse("office:setting", args=["no.such"])).status_code == 404
    assert client.post(reverse("office:switch", args=["nothing"])).status_code == 404


def test_sign_up_is_closed_with_a_kind_sentence_and_opened_again(
    administrator: User, client_of: ClientOf, client: Client
) -> None:
    office = client_of(administrator)
    switch, page = reverse("office:switch", args=["sign_up"]), reverse("accounts:sign_up")
    office.post(switch, {"on": "0", "reason": "系统迁移"})
    answer = client.get(page)
    assert answer.status_code == 404
    assert "平台目前暂停自助注册" in answer.content.decode()
    assert "免费注册" not in client.get(reverse("needs:board")).content.decode()
    office.post(switch, {"on": "1"})
    assert client.get(page).status_code == 200


def test_the_demo_notice_stands_on_every_page_once_it_is_on(
    administrator: User, client_of: ClientOf, client: Client
) -> None:
    assert "这是演示环境" not in client.get(reverse("needs:board")).content.decode()
    client_of(administrator).post(reverse("office:switch", args=["demo_notice"]), {"on": "1"})
    assert "这是演示环境" in client.get(reverse("needs:board")).content.decode()


def test_stories_are_hidden_with_their_entry(administrator: User, client_of: ClientOf, client: Client) -> None:
    assert "成功案例" in client.get(reverse("needs:board")).content.decode()
    client_of(administrator).post(reverse("office:switch", args=["stories"]), {"on": "0"})
    assert "成功案例" not in client.get(reverse("needs:board")).content.decode()
    assert "成功案例暂不对外展示。" in client.get(reverse("stories:list")).content.decode()


def test_a_form_that_was_open_while_another_changed_the_rule_changes_nothing_and_loses_no_word(
    administrator: User, client_of: ClientOf
) -> None:
    client = client_of(administrator)
    url = reverse("office:setting", args=["retention.drafts"])
    opened = client.get(url).context["form"]["seen"].value()
    assert client.post(url, {"value": "200", "seen": opened}).status_code == 302
    answer = client.post(url, {"value": "300", "reason": "再放宽些", "seen": opened})
    page = answer.content.decode()
    assert "刚刚被他人修改，现在的值是“200”" in page
    assert "再放宽些" in page
    assert city_value("retention.drafts") == 200
    client.post(url, {"value": "300", "reason": "再放宽些", "seen": answer.context["form"]["seen"].value()})
    assert city_value("retention.drafts") == 300


def test_what_no_database_keeps_is_left_out_of_a_reason(administrator: User, client_of: ClientOf) -> None:
    client_of(administrator).post(reverse("office:switch", args=["stories"]), {"on": "0", "reason": "维\x00护"})
    assert AuditEntry.objects.get(action="setting.changed").changes["reason"] == "维护"
