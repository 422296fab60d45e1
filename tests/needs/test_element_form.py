"""Elements and clarity on the form: proposed while somebody types, decided, added, and saved with the draft."""

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from apps.accounts.models import User
from apps.needs import analysis
from apps.needs.models import Need, NeedElement
from tests.needs.element_reader import Reader, states
from tests.needs.test_form import typed

pytestmark = pytest.mark.django_db
Clients = Callable[[User], Client]


@pytest.fixture
def client(client_of: Clients, sme_owner: User) -> Client:
    return client_of(sme_owner)


def read_form(client: Client, **sent: Any) -> str:
    return client.post(reverse("needs:suggest"), typed(element_shown="1", **sent)).content.decode()


def test_elements_are_proposed_while_somebody_types(client: Client, reader: Reader) -> None:
    page = read_form(client)
    assert 'name="element_confirm" value="process:激光熔覆"' in page
    assert "把握 82%" in page
    assert not NeedElement.objects.exists()


def test_a_removed_element_does_not_come_back_at_the_next_keystroke(client: Client, reader: Reader) -> None:
    page = read_form(client, element_remove=["object:轧辊"], element_confirm=["process:激光熔覆"])
    assert 'name="element_remove" value="object:轧辊" checked' in page
    assert 'name="element_confirm" value="process:激光熔覆" checked' in page
    assert page.count(" checked") == 2


def test_what_the_form_says_of_elements_is_saved_by_itself_and_shown_again(client: Client, reader: Reader) -> None:
    sent = typed(element_shown="1", element_remove=["object:轧辊"], element_added=["constraint:不停产"])
    client.post(reverse("needs:autosave"), sent)
    need = Need.objects.get()
    assert states(need) == {"轧辊": "removed", "不停产": "added"}
    page = client.get(reverse("needs:edit", args=[need.public_id])).content.decode()
    assert 'name="element_remove" value="object:轧辊" checked' in page
    assert 'name="element_added" value="constraint:不停产"' in page


def test_a_page_without_elements_saves_none(client: Client, reader: Reader) -> None:
    client.post(reverse("needs:create"), typed(element_confirm=["object:轧辊"]))
    assert states(Need.objects.get()) == {}


def test_an_element_is_added_by_its_button_and_the_line_is_blank_again(client: Client, reader: Reader) -> None:
    page = read_form(client, action="add_element", element_new_kind="constraint", element_new_text=" 不停产 改造 ")
    assert 'name="element_added" value="constraint:不停产 改造"' in page
    assert 'name="element_new_text" value=""' in page


def test_a_line_that_is_still_being_written_is_not_added(client: Client, reader: Reader) -> None:
    page = read_form(client, action=None, element_new_kind="constraint", element_new_text="不停")
    assert "element_added" not in page
    assert "element_new_text" not in page  # left as it stands


@pytest.mark.parametrize(
    ("kind", "text", "said"),
    [
        ("", "不停产", "请先选择要素的类别"),
        ("nonsense", "不停产", "请先选择要素的类别"),
        ("object", "   ", "请先写下"),
        ("object", "长" * 121, "最多 120 个字，现有 121 个"),
    ],
)
def test_what_cannot_be_added_says_why_and_stays(
    client: Client, reader: Reader, kind: str, text: str, said: str
) -> None:
    page = read_form(client, action="add_element", element_new_kind=kind, element_new_text=text)
    assert said in page
    assert f'value="{text}"' in page


def test_without_scripts_the_button_brings_the_form_back_with_the_element_and_saves_nothing(
    client: Client, reader: Reader
) -> None:
    sent = typed(action="add_element", element_shown="1", element_new_kind="constraint", element_new_text="不停产")
    page = client.post(reverse("needs:create"), sent).content.decode()
    assert 'name="element_added" value="constraint:不停产"' in page
    assert sent["goal"] in page
    assert Need.objects.count() == 0


def test_a_line_left_in_the_form_is_added_when_its_person_saves(client: Client, reader: Reader) -> None:
    client.post(reverse("needs:create"), typed(element_shown="1", element_new_kind="material", element_new_text="铸铁"))
    assert states(Need.objects.get()) == {"铸铁": "added"}


@pytest.mark.parametrize("sent", ["", ":", "object", "object:", "nonsense:轧辊", "object:" + "长" * 500, "object:\x00"])
def test_odd_elements_are_left_out(client: Client, reader: Reader, sent: str) -> None:
    assert client.post(reverse("needs:create"), typed(element_shown="1", element_remove=[sent])).status_code == 302
    assert states(Need.objects.get()) == {}


@pytest.mark.parametrize("text", ["轧辊" * 100_000, "🔧" * 3_000, "1" * 5_000, "\x00轧辊\x07", "<b>轧辊</b>" * 10])
def test_odd_texts_are_read_to_a_bound_and_come_back_whole(client: Client, reader: Reader, text: str) -> None:
    assert client.post(reverse("needs:suggest"), typed(goal=text)).status_code == 200
    assert sum(len(value) for value in reader.read[-1].values()) <= 6_000
    page = client.post(reverse("needs:create"), typed(goal=text, element_shown="1"))
    assert page.status_code in (200, 302)
    if page.status_code == 200:
        assert text.replace("\x00", "").replace("<", "&lt;").replace(">", "&gt;")[:50] in page.content.decode().replace(
            "\x00", ""
        )


def test_visitors_and_people_without_an_organisation_get_no_reading(
    reader: Reader, client_of: Clients, broker: User
) -> None:
    for browser in (Client(), client_of(broker)):
        assert browser.post(reverse("needs:suggest"), typed()).status_code == 204
    assert reader.read == []


# ---- Clarity -------------------------------------------------------------------------------------------------------
def test_the_best_gains_stand_first_and_lead_to_their_fields(client: Client, reader: Reader) -> None:
    page = read_form(client, **{"indicators-0-name": "", "indicators-0-low": ""})
    assert "<strong>50</strong> / 100" in page
    assert 'href="#indicators" data-focuses="indicators"' in page
    assert page.index("+30 分") < page.index("+20 分")


def test_what_is_typed_counts_before_it_is_saved(client: Client, reader: Reader) -> None:
    read_form(
        client, budget_wan="30", tried="换过两家涂层", element_remove=["object:轧辊"], element_added=["problem:磨损"]
    )
    said = reader.said[-1]
    assert said.filled["budget"]
    assert said.filled["tried"]
    assert not said.filled["expected_months"]
    assert ("problem", "磨损") in said.elements
    assert ("object", "轧辊") not in said.elements
    assert [row.name for row in said.indicators] == ["硬度"]


def test_an_open_budget_is_none(client: Client, reader: Reader) -> None:
    read_form(client, budget_band="negotiable")
    assert not reader.said[-1].filled["budget"]


def test_the_score_is_said_aloud_only_when_it_changed(client: Client, reader: Reader) -> None:
    assert "满分 100 分" in read_form(client)
    assert "满分 100 分" not in read_form(client, clarity_shown="80")


def test_a_blank_form_tells_what_makes_a_need_clear(client: Client, reader: Reader) -> None:
    assert "<strong>50</strong> / 100" in client.get(reverse("needs:create")).content.decode()


def test_without_a_reader_the_form_is_as_it_was(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(analysis, "_registered", [])
    page = client.get(reverse("needs:create")).content.decode()
    assert "需求清晰度" not in page
    assert client.post(reverse("needs:create"), typed(element_shown="1")).status_code == 302
