"""The capability form in the browser's words: new, edited, saved by itself, overtaken, kept over a sign-in."""

import uuid
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from apps.accounts.models import Organisation, User
from apps.capabilities.models import Capability, CapabilityKind, CapabilityState
from apps.capabilities.services import capability_draft_save
from apps.core import suggestions
from apps.core.suggestions import IndicatorIdea, Side, Suggestions, TagIdea
from apps.taxonomy.models import Term

pytestmark = pytest.mark.django_db
Clients = Callable[[User], Client]
CREATE_RESULT = "/capabilities/new/?kind=result"


def typed(**changes: Any) -> dict[str, Any]:
    """A complete form of a result as a browser sends it; keywords replace fields, None leaves one out."""
    sent = {
        "form_key": str(uuid.uuid4()),
        "version": "0",
        "kind": "result",
        "title": "轧辊激光熔覆耐磨涂层制备技术",
        "value": "轧辊寿命提高一倍以上",
        "description": "采用高速激光熔覆，硬度 62 HRC，已在两家企业应用。",
        "ip_status": "granted",
        "transfer_modes": ["transfer"],
        "trl": "8",
        "industries": [Term.objects.filter(vocabulary="industry_chain")[0].code],
        "industry": "",
        "cooperation_modes": ["entrusted"],
        "disclosure": "public_named",
        "indicators-TOTAL_FORMS": "1",
        "indicators-INITIAL_FORMS": "0",
        "indicators-0-name": "硬度",
        "indicators-0-comparison": "ge",
        "indicators-0-low": "62",
        "indicators-0-unit": "HRC",
        "action": "save",
    }
    return {name: value for name, value in (sent | changes).items() if value is not None}


@pytest.fixture
def client(client_of: Clients, professor: User) -> Client:
    return client_of(professor)


def test_the_kind_is_chosen_first(client: Client) -> None:
    page = client.get(reverse("capabilities:create")).content.decode()
    for kind in CapabilityKind:
        assert f'href="?kind={kind}"' in page
    assert client.get("/capabilities/new/?kind=magic").content.decode().count('href="?kind=') == len(CapabilityKind)


@pytest.mark.parametrize("kind", list(CapabilityKind))
def test_each_kind_has_its_form(client: Client, kind: str) -> None:
    page = client.get(f"/capabilities/new/?kind={kind}").content.decode()
    assert ('name="trl"' in page) == (kind == "result")
    assert ('name="job_title"' in page) == (kind == "expert")
    assert Capability.objects.count() == 0


def test_a_complete_form_becomes_a_draft_and_then_a_published_capability(client: Client) -> None:
    answer = client.post(CREATE_RESULT, typed(action="preview"))
    capability = Capability.objects.get()
    assert answer.headers["Location"] == reverse("capabilities:publish", args=[capability.public_id])
    assert capability.title in client.get(answer.headers["Location"]).content.decode()
    client.post(answer.headers["Location"])
    capability.refresh_from_db()
    assert capability.state == CapabilityState.PUBLISHED
    assert [row.target_text for row in capability.indicators.all()] == ["≥ 62 HRC"]
    assert capability.details == {"ip_status": "granted", "transfer_modes": ["transfer"]}


def test_the_form_sent_twice_and_published_twice_makes_one(client: Client) -> None:
    sent = typed(action="preview")
    for _ in range(2):
        address = client.post(CREATE_RESULT, sent).headers["Location"]
    for _ in range(2):
        client.post(address)
    assert Capability.objects.get().state == CapabilityState.PUBLISHED


def test_gaps_stand_beside_their_fields_and_what_was_typed_stays(client: Client) -> None:
    sent = typed(action="preview", value="", ip_status="", transfer_modes=None, trl="", industries=None, tags=[])
    answer = client.post(CREATE_RESULT, sent)
    errors = answer.context["form"].errors
    assert set(errors) == {"value", "ip_status", "transfer_modes", "trl", "industries"}
    assert sent["description"] in answer.content.decode()
    assert Capability.objects.get().state == CapabilityState.DRAFT


def test_a_browser_without_scripts_can_choose_one_industry(client: Client) -> None:
    code = Term.objects.filter(vocabulary="industry_chain")[1].code
    client.post(CREATE_RESULT, typed(industries=None, industry=code))
    assert [term.code for term in Capability.objects.get().industries.all()] == [code]


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"title": "长" * 61}, "title"),
        ({"description": "长" * 100_000}, "description"),
        ({"title": "含\x07控制符"}, "title"),
        ({"trl": "99"}, "trl"),
        ({"disclosure": "world"}, "disclosure"),
        ({"industries": ["no-such-chain"]}, "industries"),
        ({"tags": ["a\x00b"]}, "tags"),
        ({"cooperation_modes": ["no-such"]}, "cooperation_modes"),
        ({"ip_status": "stolen"}, "ip_status"),
        ({"valid_until": "2026-13-45"}, "valid_until"),
        ({"contact": "999999"}, "contact"),
        ({"price": "长" * 500}, "price"),
    ],
)
def test_a_wrong_field_is_told_beside_it_and_the_rest_is_saved(
    client: Client, change: dict[str, Any], field: str
) -> None:
    answer = client.post(CREATE_RESULT, typed(**change))
    assert set(answer.context["form"].errors) == {field}
    capability = Capability.objects.get()
    assert capability.description or field == "description"


@pytest.mark.parametrize(
    "change", [{"indicators-0-low": "很硬"}, {"indicators-0-name": ""}, {"indicators-TOTAL_FORMS": "x"}]
)
def test_a_wrong_indicator_is_told_and_kept(client: Client, change: dict[str, Any]) -> None:
    answer = client.post(CREATE_RESULT, typed(**change))
    assert answer.status_code == 200
    assert answer.context["sheet"].is_wrong_in_rows
    assert Capability.objects.get().indicators.count() == 0


def test_emoji_and_rare_signs_are_kept(client: Client) -> None:
    client.post(CREATE_RESULT, typed(title="𠮷野涂层🙂"))
    assert Capability.objects.get().title == "𠮷野涂层🙂"


def test_an_empty_form_makes_nothing(client: Client) -> None:
    answer = client.post(CREATE_RESULT, typed(title="", value="", description=""))
    assert "title" in answer.context["form"].errors
    assert not Capability.objects.exists()


def test_the_page_saves_itself_and_says_when(client: Client) -> None:
    sent = typed()
    answer = client.post(reverse("capabilities:autosave"), sent)
    capability = Capability.objects.get()
    assert answer.headers["HX-Replace-Url"] == reverse("capabilities:edit", args=[capability.public_id])
    assert "已保存" in answer.content.decode()
    client.post(reverse("capabilities:autosave"), sent | {"version": "1", "title": "改过的名称"})
    capability.refresh_from_db()
    assert (capability.title, Capability.objects.count()) == ("改过的名称", 1)


def test_saving_itself_keeps_what_is_good_and_names_what_is_not(client: Client) -> None:
    sent = typed()
    client.post(reverse("capabilities:autosave"), sent)
    page = client.post(reverse("capabilities:autosave"), sent | {"version": "1", "value": "好" * 61, "ip_status": "x"})
    assert "一句话价值" in page.content.decode()
    capability = Capability.objects.get()
    assert capability.value == sent["value"]
    assert capability.details["ip_status"] == "granted"


def test_saving_itself_says_so_when_nobody_is_signed_in_or_nothing_can_be_saved(
    client: Client, client_of: Clients, broker: User
) -> None:
    assert "登录已过期" in Client().post(reverse("capabilities:autosave"), typed()).content.decode()
    assert "机构" in client_of(broker).post(reverse("capabilities:autosave"), typed()).content.decode()
    assert client.post(reverse("capabilities:autosave"), typed(kind="magic")).status_code == 204
    assert client.post(reverse("capabilities:autosave"), {"kind": "result"}).status_code == 204
    assert not Capability.objects.exists()


def test_somebody_overtaken_sees_what_is_stored_and_keeps_what_they_typed(
    client: Client, draft: Capability, professor: User
) -> None:
    capability_draft_save(by=professor, capability=draft, values={"title": "同事先存的名称"})
    address = reverse("capabilities:edit", args=[draft.public_id])
    page = client.post(address, typed(form_key=str(draft.form_key), version="1", title="我写的名称"))
    text = page.content.decode()
    assert "同事先存的名称" in text
    assert 'value="我写的名称"' in text
    client.post(address, typed(form_key=str(draft.form_key), version="2", title="我写的名称"))
    draft.refresh_from_db()
    assert draft.title == "我写的名称"


def test_what_was_typed_waits_for_a_new_sign_in(professor: User) -> None:
    client = Client()
    answer = client.post(CREATE_RESULT, typed(title="会话过期时的名称"))
    assert answer.headers["Location"].startswith(reverse("accounts:sign_in"))
    client.force_login(professor, backend="apps.accounts.backends.AccountBackend")
    page = client.get(CREATE_RESULT).content.decode()
    assert "会话过期时的名称" in page
    assert "会话过期时的名称" not in client.get(CREATE_RESULT).content.decode()


def test_a_published_one_is_changed_as_a_whole(client: Client, published: Capability) -> None:
    address = reverse("capabilities:edit", args=[published.public_id])
    page = client.post(address, typed(version="1", value="", action="update"))
    assert "value" in page.context["form"].errors
    published.refresh_from_db()
    assert published.value
    client.post(address, typed(version="1", value="寿命提高两倍", action="update"))
    published.refresh_from_db()
    assert (published.value, published.version) == ("寿命提高两倍", 2)


def test_the_reason_of_a_return_stands_on_top_of_the_form(client: Client, draft: Capability) -> None:
    Capability.objects.filter(pk=draft.pk).update(state=CapabilityState.RETURNED, return_reason="请补充检测报告")
    page = client.get(reverse("capabilities:edit", args=[draft.public_id])).content.decode()
    assert "请补充检测报告" in page


def test_a_submitted_one_is_not_edited(client: Client, draft: Capability) -> None:
    Capability.objects.filter(pk=draft.pk).update(state=CapabilityState.SUBMITTED)
    answer = client.get(reverse("capabilities:edit", args=[draft.public_id]))
    assert answer.headers["Location"] == reverse("capabilities:detail", args=[draft.public_id])


def test_what_others_will_see_is_shown_before_publishing(client: Client, draft: Capability) -> None:
    draft.disclosure = "public_anonymous"
    draft.details = draft.details | {"team": "金丝雀团队"}
    draft.save()
    page = client.get(reverse("capabilities:publish", args=[draft.public_id])).content.decode()
    assert draft.title in page
    assert "金丝雀团队" not in page
    assert "匿名机构" in page


def test_gaps_are_listed_before_publishing_and_nothing_is_published(client: Client, draft: Capability) -> None:
    Capability.objects.filter(pk=draft.pk).update(value="")
    address = reverse("capabilities:publish", args=[draft.public_id])
    for page in (client.get(address), client.post(address)):
        assert "一句话价值" in page.content.decode()
    draft.refresh_from_db()
    assert draft.state == CapabilityState.DRAFT


def test_somebody_of_an_unverified_organisation_is_told_that_it_waits(
    client: Client, draft: Capability, unverified: Organisation
) -> None:
    page = client.post(reverse("capabilities:publish", args=[draft.public_id]), follow=True).content.decode()
    assert "核验" in page
    draft.refresh_from_db()
    assert draft.state == CapabilityState.SUBMITTED


class OneIdea:
    def suggest(self, text: str, *, side: Side = "need") -> Suggestions:
        tag = Term.objects.filter(vocabulary="tag")[0]
        return Suggestions(
            [TagIdea(tag.code, tag.name, 0.9)], [IndicatorIdea("硬度", "ge", 62.0, None, "HRC", True, text)]
        )


def test_tags_and_indicators_are_proposed_while_typing(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(suggestions, "_registered", [OneIdea()])
    address = reverse("capabilities:suggest")
    tag = Term.objects.filter(vocabulary="tag")[0]
    page = client.post(address, {"description": "硬度 62 HRC"}).content.decode()
    assert f'data-code="{tag.code}"' in page
    assert "≥ 62 HRC" in page
    again = client.post(
        address, {"description": "硬度", "tags": tag.code, "indicators-0-name": "硬度"}
    ).content.decode()
    assert tag.code not in again
    assert "HRC" not in again
    assert Client().post(address, {"description": "硬度"}).status_code == 204


def test_tags_are_found_by_a_word(client: Client) -> None:
    tag = Term.objects.filter(vocabulary="tag")[0]
    address = reverse("capabilities:tags")
    assert f'data-code="{tag.code}"' in client.get(address, {"tag_words": tag.name}).content.decode()
    assert "没有找到" in client.get(address, {"tag_words": "不存在的词"}).content.decode()
    assert tag.code not in Client().get(address, {"tag_words": tag.name}).content.decode()
    assert client.get(address, {"tag_words": "\x00"}).status_code == 200
