"""The need form in the browser's words: new, edited, saved by itself, overtaken, kept over a sign-in."""

import re
import uuid
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from apps.accounts.models import Organisation, OrganisationState, User
from apps.needs.models import Need, NeedState
from apps.needs.services import need_draft_save
from apps.taxonomy.models import Term

pytestmark = pytest.mark.django_db
Clients = Callable[[User], Client]


def typed(**changes: Any) -> dict[str, Any]:
    """A complete form as a browser sends it; keywords replace fields, None leaves one out."""
    sent = {
        "form_key": str(uuid.uuid4()),
        "version": "0",
        "title": "轧辊表面耐磨涂层寿命偏短",
        "need_type": "process_change",
        "background": "轧辊现在用热喷涂，三个月就磨损报废，停机换辊一次要八小时。",
        "goal": "希望找到更耐磨的激光熔覆涂层工艺，硬度达到 60 HRC 以上，寿命提高一倍。",
        "industry_chain": Term.objects.filter(vocabulary="industry_chain")[0].code,
        "tags": [Term.objects.filter(vocabulary="tag")[0].code],
        "cooperation_modes": ["entrusted"],
        "budget_band": "10_50",
        "disclosure": "public_anonymous",
        "indicators-TOTAL_FORMS": "1",
        "indicators-INITIAL_FORMS": "0",
        "indicators-0-name": "硬度",
        "indicators-0-comparison": "ge",
        "indicators-0-low": "60",
        "indicators-0-unit": "HRC",
        "indicators-0-is_hard": "True",
        "action": "save",
    }
    return {name: value for name, value in (sent | changes).items() if value is not None}


@pytest.fixture
def client(client_of: Clients, sme_owner: User) -> Client:
    return client_of(sme_owner)


def test_a_blank_form_offers_what_is_usual(client: Client, sme_owner: User) -> None:
    page = client.get(reverse("needs:create")).content.decode()
    assert 'name="form_key"' in page
    assert f'<option value="{sme_owner.pk}" selected>' in page
    assert re.search(r'value="negotiable"\s+selected', page)
    assert Need.objects.count() == 0


def test_a_complete_form_becomes_a_draft_and_then_a_published_need(client: Client) -> None:
    answer = client.post(reverse("needs:create"), typed(action="preview"))
    need = Need.objects.get()
    assert answer.headers["Location"] == reverse("needs:publish", args=[need.public_id])
    assert need.state == NeedState.DRAFT
    assert need.title in client.get(answer.headers["Location"]).content.decode()
    client.post(answer.headers["Location"])
    need.refresh_from_db()
    assert need.state == NeedState.PUBLISHED
    assert [row.target_text for row in need.indicators.all()] == ["≥ 60 HRC"]


def test_the_form_sent_twice_and_published_twice_makes_one_published_need(client: Client) -> None:
    sent = typed(action="preview")
    for _ in range(2):
        address = client.post(reverse("needs:create"), sent).headers["Location"]
    answers = [client.post(address) for _ in range(2)]
    assert {answer.headers["Location"] for answer in answers} == {
        reverse("needs:detail", args=[Need.objects.get().public_id])
    }
    assert Need.objects.get().state == NeedState.PUBLISHED


def test_what_is_missing_to_publish_is_said_beside_the_fields_and_the_draft_is_kept(client: Client) -> None:
    sent = typed(action="preview", background="太短", need_type=None, tags=None, cooperation_modes=None)
    sent |= {"indicators-0-name": "", "indicators-0-low": "", "indicators-0-unit": ""}
    answer = client.post(reverse("needs:create"), sent)
    page = answer.content.decode()
    for sentence in (
        "至少 20 字",
        "请选择需求类型",
        "至少选择一种合作方式",
        "至少选择一个标签",
        "至少填写一项技术指标",
    ):
        assert sentence in page
    assert "太短</textarea>" in page
    assert Need.objects.get().background == "太短"
    assert f'name="version" value="{Need.objects.get().version}"' in page


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"title": "字" * 61}, "最多 60 个字，现有 61 个"),
        ({"goal": "字" * 100_000}, "最多 2000 个字，现有 100000 个"),
        ({"title": "坏\x00字"}, "无法保存的字符"),
        ({"goal": "坏\x01字"}, "控制字符"),
        ({"need_type": "没有这种"}, "请从列表中选择"),
        ({"need_type": "\x00"}, "请从列表中选择"),
        ({"industry_chain": "nowhere"}, "请从列表中选择"),
        ({"tags": ["nowhere"]}, "请从列表中选择"),
        ({"tags": ["\x00"]}, "请从列表中选择"),
        ({"cooperation_modes": ["\x00"]}, "请从列表中选择"),
        ({"disclosure": "everybody"}, "不在可选范围内"),
        ({"valid_until": "明年"}, "日期格式不正确"),
        ({"contact": "999999"}, "联系人须是本单位的成员"),
        ({"contact": "\x00"}, "无法保存的字符"),
        ({"expected_months": "37"}, "36"),
        ({"budget_wan": "一百"}, "请填写数字"),
        ({"trl_now": "12"}, "不在可选范围内"),
        ({"indicators-0-low": "很硬"}, "请填写数字"),
        ({"indicators-0-low": "1e999"}, "请填写数字"),
        ({"indicators-0-name": "坏\x01字"}, "控制字符"),
        ({"indicators-0-name": ""}, "请填写"),
        ({"indicators-0-low": ""}, "请填写数值"),
        ({"indicators-0-comparison": "more"}, "不在可选范围内"),
        ({"indicators-TOTAL_FORMS": "很多"}, "技术指标没有完整提交"),
        ({"indicators-TOTAL_FORMS": "1000000"}, "技术指标最多"),
        ({"indicators-TOTAL_FORMS": None}, "技术指标没有完整提交"),
    ],
)
def test_a_wrong_field_has_its_message_and_the_others_are_saved(
    client: Client, changes: dict[str, Any], sentence: str
) -> None:
    sent = typed(tried="其余内容照常保存")
    sent = {name: value for name, value in (sent | changes).items() if value is not None}
    answer = client.post(reverse("needs:create"), sent)
    assert answer.status_code == 200
    assert sentence in answer.content.decode()
    assert Need.objects.get().tried == "其余内容照常保存"


def test_emoji_and_rare_signs_are_text_like_any_other(client: Client) -> None:
    client.post(reverse("needs:create"), typed(title="涂层🔥寿命𠮷短"))
    assert Need.objects.get().title == "涂层🔥寿命𠮷短"


def test_line_ends_count_once(client: Client) -> None:
    text = "\r\n".join(["字" * 10] * 182)  # 1,820 signs and 181 ends: 2,001 signs as sent by a browser with one each
    client.post(reverse("needs:create"), typed(goal=text[:-2]))
    assert len(Need.objects.get().goal) == 1999


@pytest.mark.parametrize("key", ["", "nonsense", "\x00"])
def test_a_spoiled_form_key_still_saves(client: Client, key: str) -> None:
    client.post(reverse("needs:create"), typed(form_key=key))
    assert Need.objects.count() == 1


def test_nothing_written_makes_no_draft(client: Client) -> None:
    nothing = typed(title="", background="", goal="")
    assert "先写下需求名称或问题，再保存草稿" in client.post(reverse("needs:create"), nothing).content.decode()
    page = client.post(reverse("needs:create"), nothing | {"action": "preview"}).content.decode()
    assert "先写下需求名称或问题，再预览并发布" in page
    assert "再保存草稿" not in page
    assert Need.objects.count() == 0


def test_rows_of_indicators_are_added_changed_and_struck_out(client: Client, draft: Need) -> None:
    rows = {
        "indicators-TOTAL_FORMS": "4",
        "indicators-INITIAL_FORMS": "1",
        "indicators-0-DELETE": "on",
        "indicators-1-name": "温度",
        "indicators-1-comparison": "between",
        "indicators-1-low": "20",
        "indicators-1-high": "80",
        "indicators-1-unit": "℃",
        "indicators-2-comparison": "le",
        "indicators-3-name": "节拍",
        "indicators-3-comparison": "eq",
        "indicators-3-low": "7",
        "indicators-3-high": "99",
        "indicators-3-is_hard": "False",
    }
    client.post(reverse("needs:edit", args=[draft.public_id]), typed(form_key=str(draft.form_key), version="1") | rows)
    assert [(row.name, row.target_text, row.is_hard) for row in draft.indicators.all()] == [
        ("温度", "20–80 ℃", False),
        ("节拍", "= 7", False),
    ]


# ---- Saving by itself ---------------------------------------------------------------------------------------------


def test_the_first_autosave_creates_the_draft_and_gives_the_page_its_address(client: Client) -> None:
    sent = typed(title="边写边存")
    answer = client.post(reverse("needs:autosave"), sent)
    need = Need.objects.get()
    assert answer.headers["HX-Replace-Url"] == reverse("needs:edit", args=[need.public_id])
    assert "已保存" in answer.content.decode()
    assert 'name="version" value="1"' in answer.content.decode()
    client.post(reverse("needs:autosave"), sent | {"title": "又写了一点", "version": "1"})
    assert Need.objects.get().title == "又写了一点"


def test_an_autosave_without_a_word_saves_nothing(client: Client) -> None:
    answer = client.post(reverse("needs:autosave"), typed(title="", background=" ", goal=""))
    assert (answer.status_code, Need.objects.count()) == (204, 0)


def test_an_autosave_keeps_the_good_fields_and_names_the_bad_ones(client: Client, draft: Need) -> None:
    sent = typed(form_key=str(draft.form_key), version="1", title="字" * 61, tried="试过热喷涂")
    page = client.post(reverse("needs:autosave"), sent).content.decode()
    assert "需求名称" in page
    assert "data-saved" not in page
    stored = Need.objects.get()
    assert (stored.title, stored.tried) == (draft.title, "试过热喷涂")


def test_an_autosave_overwrites_nobody(client: Client, draft: Need, colleague: User) -> None:
    need_draft_save(by=colleague, need=draft, values={"goal": "同事写的"}, version=1)
    answer = client.post(reverse("needs:autosave"), typed(form_key=str(draft.form_key), version="1", goal="我写的"))
    assert "尚未保存" in answer.content.decode()
    assert "HX-Replace-Url" not in answer.headers
    assert Need.objects.get().goal == "同事写的"


def test_an_autosave_changes_nothing_on_the_board(client: Client, published: Need) -> None:
    answer = client.post(
        reverse("needs:autosave"), typed(form_key=str(published.form_key), version="1", goal="改" * 30)
    )
    assert "不能修改" in answer.content.decode()
    assert Need.objects.get().version == 1


def test_an_autosave_of_somebody_who_is_signed_out_says_that_the_text_is_safe(db: None) -> None:
    page = Client().post(reverse("needs:autosave"), typed()).content.decode()
    assert "登录已过期" in page
    assert Need.objects.count() == 0


def test_a_stranger_cannot_save_into_somebody_elses_draft(client_of: Clients, stranger: User, draft: Need) -> None:
    client_of(stranger).post(reverse("needs:autosave"), typed(form_key=str(draft.form_key), goal="闯入" * 10))
    assert Need.objects.get(pk=draft.pk).goal == draft.goal


# ---- Overtaken ----------------------------------------------------------------------------------------------------


def test_a_stale_form_tells_who_saved_what_and_keeps_the_typed_text(
    client: Client, draft: Need, colleague: User
) -> None:
    need_draft_save(by=colleague, need=draft, values={"goal": "同事写的新目标"}, version=1)
    address = reverse("needs:edit", args=[draft.public_id])
    sent = typed(form_key=str(draft.form_key), version="1", goal="我写的目标，也很长很长，不能丢掉。")
    page = client.post(address, sent).content.decode()
    assert colleague.name in page
    assert "同事写的新目标" in page
    assert "我写的目标，也很长很长，不能丢掉。</textarea>" in page
    assert reverse("needs:autosave") not in page  # it would save itself over the colleague's text
    assert Need.objects.get().goal == "同事写的新目标"
    client.post(address, sent | {"version": "2"})  # the version that the page shown now carries
    assert Need.objects.get().goal == "我写的目标，也很长很长，不能丢掉。"


def test_a_published_need_is_updated_as_a_whole_or_not_at_all(client: Client, published: Need) -> None:
    address = reverse("needs:edit", args=[published.public_id])
    sent = typed(form_key=str(published.form_key), version="1", action="update")
    page = client.post(address, sent | {"title": "新名称", "goal": "太短"}).content.decode()
    assert "至少 20 个字" in page
    assert Need.objects.get().title == published.title
    answer = client.post(address, sent | {"title": "新名称"})
    assert answer.headers["Location"] == reverse("needs:detail", args=[published.public_id])
    stored = Need.objects.get()
    assert (stored.title, stored.version, stored.state) == ("新名称", 2, NeedState.PUBLISHED)


# ---- Who may ------------------------------------------------------------------------------------------------------


def test_a_form_sent_after_the_session_ended_waits_until_its_writer_has_signed_in(sme_owner: User) -> None:
    browser = Client()
    answer = browser.post(reverse("needs:create"), typed(title="没有丢掉的名称"))
    assert answer.headers["Location"].startswith(reverse("accounts:sign_in"))
    browser.force_login(sme_owner, backend="apps.accounts.backends.AccountBackend")
    page = browser.get(reverse("needs:create")).content.decode()
    assert 'value="没有丢掉的名称"' in page
    assert "已经找回" in page
    assert "没有丢掉的名称" not in browser.get(reverse("needs:create")).content.decode()


def test_an_endless_form_of_a_visitor_is_not_kept(db: None) -> None:
    browser = Client()
    browser.post(reverse("needs:create"), typed(goal="字" * 50_000))
    assert not browser.session.keys()


@pytest.mark.parametrize("who", ["professor", "broker", "reviewer"])
def test_who_may_not_post_is_told_why(client_of: Clients, who: str, request: pytest.FixtureRequest) -> None:
    answer = client_of(request.getfixturevalue(who)).get(reverse("needs:create"))
    assert answer.status_code == 403
    assert "企业" in answer.content.decode()


@pytest.mark.parametrize("name", ["edit", "publish"])
def test_a_hidden_need_is_a_missing_page(client_of: Clients, stranger: User, draft: Need, name: str) -> None:
    browser = client_of(stranger)
    hidden = browser.get(reverse(f"needs:{name}", args=[draft.public_id]))
    missing = browser.get(reverse(f"needs:{name}", args=["222222222222"]))
    assert hidden.status_code == missing.status_code == 404
    assert _without_ids(hidden) == _without_ids(missing)


@pytest.mark.parametrize("name", ["edit", "publish"])
def test_a_visible_need_of_others_is_not_edited(client_of: Clients, stranger: User, published: Need, name: str) -> None:
    address = reverse(f"needs:{name}", args=[published.public_id])
    assert client_of(stranger).get(address).status_code == 403
    assert client_of(stranger).post(address, typed()).status_code == 403


def test_while_the_organisation_waits_the_need_is_submitted_and_says_so(
    client: Client, enterprise: Organisation, draft: Need
) -> None:
    Organisation.objects.filter(pk=enterprise.pk).update(state=OrganisationState.PENDING)
    address = reverse("needs:publish", args=[draft.public_id])
    assert "核验通过后会自动发布" in client.get(address).content.decode()
    page = client.post(address, follow=True).content.decode()
    assert "通过核验后会自动发布" in page.split("</h1>")[1]
    assert Need.objects.get().state == NeedState.SUBMITTED


def test_the_preview_names_what_is_missing(client: Client, draft: Need) -> None:
    Need.objects.filter(pk=draft.pk).update(goal="")
    address = reverse("needs:publish", args=[draft.public_id])
    for page in (client.get(address), client.post(address)):
        assert "请说明拟解决的技术问题" in page.content.decode()
    assert Need.objects.get().state == NeedState.DRAFT


def test_the_preview_shows_what_strangers_will_see(client: Client, draft: Need, enterprise: Organisation) -> None:
    sheet = client.get(reverse("needs:publish", args=[draft.public_id])).content.decode().split("<article")[1]
    assert draft.goal in sheet.split("</article>")[0]
    assert enterprise.name not in sheet.split("</article>")[0]


def test_the_reason_of_a_return_stands_on_top_of_the_form(client: Client, draft: Need) -> None:
    Need.objects.filter(pk=draft.pk).update(state=NeedState.RETURNED, return_reason="请补充设备型号")
    assert "请补充设备型号" in client.get(reverse("needs:edit", args=[draft.public_id])).content.decode()


def _without_ids(answer: Any) -> str:
    """The page without what differs in every answer: its token and its number."""
    text = re.sub(r'data-csrf="[^"]*"|value="[A-Za-z0-9]{64}"', "", answer.content.decode())
    return re.sub(r"/needs/\w{12}/", "", text).replace(answer.headers["X-Request-Id"], "")
