"""The main job in a real browser: from a need written on a phone to an outcome that the city counts.

With MATCHSVC_SCREENSHOTS naming a folder, the journeys leave pictures of their pages there.
"""

import re
import subprocess
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.e2e.conftest import Site
from tests.e2e.pictures import assert_fits, picture
from tests.e2e.workers import worker_stopped

pytestmark = [pytest.mark.browser, pytest.mark.processes]

PHONE, DESKTOP = 390, 1440
PATIENCE_MS = 60_000  # a match waits for the segmenter to load, on whatever machine this is
COMPANY, UNIVERSITY, ADMINISTRATOR = "qiye@example.com", "gaoxiao@example.com", "guanli@example.com"
COMPANY_PHONE, UNIVERSITY_PHONE = "13000000001", "13000000002"

NEED_TITLE = "冷轧辊涂层不耐磨，三个月就要换辊"
BACKGROUND = "我们有三条冷轧线，轧辊用热喷涂修复，涂层硬度只有 52 HRC 左右，三个月就磨损剥落，每次停机换辊要八小时。"
GOAL = "想用激光熔覆或更好的办法做耐磨涂层，涂层硬度不低于 60 HRC，结合强度不低于 300 MPa，轧辊寿命提高到八个月以上。"
CAPABILITY_TITLE = "轧辊激光熔覆耐磨涂层修复技术"
CAPABILITY_VALUE = "轧辊寿命提高一倍以上，修复费用低于换新"
DESCRIPTION = "在冷轧辊表面激光熔覆耐磨涂层，涂层硬度 62 HRC，结合强度 350 MPa，已用于冷轧、平整机组的轧辊修复。"

CHAIN = "智能装备"

SignIn = Callable[[Page, str], None]


@dataclass
class People:
    """Each with a browser of their own: the company on a phone, the others at a desk."""

    company: Page
    university: Page
    administrator: Page


@pytest.fixture
def people(new_page: Callable[..., Page], sign_in: SignIn) -> People:
    pages = People(new_page(PHONE, 844), new_page(DESKTOP), new_page(DESKTOP))
    sign_in(pages.company, COMPANY)
    sign_in(pages.university, UNIVERSITY)
    sign_in(pages.administrator, ADMINISTRATOR)
    return pages


def test_the_main_job_from_a_need_to_a_counted_outcome(site: Site, people: People) -> None:
    before = outcomes_counted(site, people.administrator)
    draft = write_a_need(people.company)
    need_url = publish_and_watch_the_match(site, people.company, draft)
    list_a_capability_and_see_its_needs(people.university)
    proposal_url = both_accept(people, need_url)
    report_and_confirm_an_outcome(people, proposal_url)
    look_at_the_figures(site, people.administrator, before)


def write_a_need(page: Page) -> str:
    """Journey 1: the form on a phone, with tags and indicators proposed from the text; kept as a draft."""
    page.goto("/")
    page.get_by_role("main").get_by_role("link", name="发布需求").click()
    page.wait_for_url("**/needs/new/")
    page.get_by_label("需求名称").fill(NEED_TITLE)
    page.get_by_label("工艺改造").check()
    page.get_by_label("背景与现状").fill(BACKGROUND)
    page.get_by_label("拟解决的技术问题").fill(GOAL)

    ideas = page.locator("#ideas")
    tag = ideas.get_by_role("button", name="激光熔覆")
    expect(tag.first).to_be_visible(timeout=PATIENCE_MS)
    indicator = ideas.locator("[data-add-indicator]", has_text="硬度")
    expect(indicator.first).to_contain_text("60")
    picture(page, "need-form-phone")
    tag.first.click()
    expect(page.locator(".chosen-terms")).to_contain_text("激光熔覆")
    indicator.first.click()
    expect(page.locator("#indicator-rows input[name$='-name']").first).to_have_value(re.compile("硬度"))
    assert page.locator("#indicator-rows input[name$='-low']").first.input_value() == "60"

    expect(page.locator("#saved")).to_contain_text("已保存", timeout=PATIENCE_MS)
    page.get_by_role("button", name="保存草稿").click()
    expect(page.locator("#messages")).to_contain_text("草稿已保存")
    draft = page.url
    assert re.search(r"/needs/\w+/edit/$", draft)
    assert_fits(page)
    return draft


def publish_and_watch_the_match(site: Site, page: Page, draft: str) -> str:
    """Journeys 1 and 2: the draft is completed and published; its page goes from 匹配中 to a list, by itself."""
    page.goto("/needs/mine/")
    expect(page.get_by_text(NEED_TITLE).first).to_be_visible()
    page.goto(draft)
    expect(page.get_by_label("拟解决的技术问题")).to_have_value(GOAL)
    page.get_by_label("所属产业链").select_option(label=CHAIN)
    page.get_by_label("委托开发").check()
    page.get_by_label("拟投入资金").first.select_option("10_50")
    page.get_by_role("button", name="预览并发布").click()
    page.wait_for_url("**/publish/")
    expect(page.locator(".preview-sheet")).to_contain_text(NEED_TITLE)
    assert COMPANY_PHONE not in page.locator(".preview-sheet").inner_text()

    with worker_stopped(site):
        page.get_by_role("button", name="确认发布").click()
        progress = page.locator(".match-progress")
        expect(progress).to_contain_text("匹配中")
        expect(progress.locator(".match-step").first).to_contain_text("排队中")
        expect(progress.locator("progress")).to_be_visible()
        page.evaluate("window.stayed = true")
    cards = page.locator("article.match-card")
    expect(cards.first).to_be_visible(timeout=PATIENCE_MS)
    expect(progress).to_have_count(0)
    assert page.evaluate("window.stayed") is True
    assert_ranked_with_reasons(page, cards)
    assert_fits(page)
    page.set_viewport_size({"width": DESKTOP, "height": 1300})
    assert_fits(page)
    picture(page, "proposals", full=False)
    page.set_viewport_size({"width": PHONE, "height": 844})
    return page.url


def assert_ranked_with_reasons(page: Page, cards: Locator) -> None:
    scores = [int(text) for text in cards.locator(".score-value").all_inner_texts()]
    assert scores
    assert scores == sorted(scores, reverse=True)
    best = cards.first
    expect(best.locator(".score-legend li").first).to_contain_text(re.compile(r"词语\s*\d"))
    expect(best.locator(".grounds")).to_contain_text("激光熔覆")
    expect(best.locator(".excerpts mark").first).to_be_visible()


def list_a_capability_and_see_its_needs(page: Page) -> None:
    """Journey 3: a professor lists a result and sees the published needs that it fits, best first."""
    page.goto("/")
    page.get_by_role("link", name="发布资源").first.click()
    page.wait_for_url("**/capabilities/new/")
    page.locator(".kind-card", has_text="成果").click()
    page.locator("[name=title]").fill(CAPABILITY_TITLE)
    page.locator("[name=value]").fill(CAPABILITY_VALUE)
    page.locator("[name=description]").fill(DESCRIPTION)
    idea = page.locator("#ideas [data-add-term]", has_text="激光熔覆")
    expect(idea.first).to_be_visible(timeout=PATIENCE_MS)
    idea.first.click()
    page.locator("#ideas [data-add-indicator]", has_text="硬度").first.click()
    page.locator("[name=ip_status]").select_option("granted")
    page.locator("[name=transfer_modes][value=transfer]").check()
    page.locator("[name=trl]").select_option("8")
    page.locator("[name=industry]").select_option(label=CHAIN)
    page.locator("[name=cooperation_modes][value=entrusted]").check()
    page.get_by_role("button", name="预览并发布").click()
    page.wait_for_url("**/publish/")
    page.get_by_role("button", name="确认发布").click()
    cards = page.locator("#capability-needs article.match-card")
    expect(cards.first).to_be_visible(timeout=PATIENCE_MS)
    scores = [int(text) for text in cards.locator(".score-value").all_inner_texts()]
    assert scores == sorted(scores, reverse=True)
    expect(cards.first).to_contain_text(NEED_TITLE)


def both_accept(people: People, need_url: str) -> str:
    """Journey 4: the professor accepts, then the company; only then does each see whom to call."""
    page = people.university
    page.goto("/fitting/")
    card = page.locator("article.match-card", has_text=NEED_TITLE).first
    expect(card).to_contain_text("匿名")
    card.get_by_role("link", name="并排对照").click()
    expect(page.locator(".pair-text mark").first).to_be_visible()
    expect(page.locator(".verdict-met")).to_contain_text("硬度")
    assert COMPANY_PHONE not in page.content()
    proposal_url = page.url
    confirm(page.locator("#answer"), "接受", "确定接受")
    expect(page.locator("#answer")).to_contain_text("我方已接受")
    assert COMPANY_PHONE not in page.content()

    page = people.company
    page.goto("/inbox/")
    card = page.locator("article.match-card", has_text=CAPABILITY_TITLE)
    expect(card).to_be_visible()
    assert UNIVERSITY_PHONE not in page.content()
    card.get_by_role("link", name=re.compile(CAPABILITY_TITLE)).first.click()
    page.wait_for_url("**/proposals/**")
    confirm(page.locator("#answer"), "接受，开始对接", "确定接受")
    expect(page.locator("#answer")).to_contain_text(UNIVERSITY_PHONE)
    assert_fits(page)
    people.university.goto(proposal_url)
    expect(people.university.locator("#answer")).to_contain_text(COMPANY_PHONE)
    return proposal_url


def confirm(place: Locator, label: str, answer: str) -> None:
    """Press a button that asks first, and say yes."""
    place.get_by_role("button", name=label, exact=True).first.click()
    place.get_by_role("dialog").get_by_role("button", name=answer).click()


def report_and_confirm_an_outcome(people: People, proposal_url: str) -> None:
    """Journey 4, on: the company tells what changed, the professor says it is so."""
    page = people.company
    page.goto(proposal_url)
    page.get_by_role("link", name="进入对接").click()
    expect(page.locator("#contacts")).to_be_visible()
    page.get_by_role("link", name="填报成效").click()
    page.get_by_label("成效类型").select_option(label="工艺改造")
    page.get_by_label("成效说明").fill("换用激光熔覆修复后，轧辊由三个月一换改为八个月一换。")
    page.get_by_label("发生日期").fill(page.evaluate("new Intl.DateTimeFormat('sv-SE').format(new Date())"))
    page.get_by_label("改善的指标").fill("轧辊寿命")
    page.get_by_label("改善前").fill("3 个月")
    page.get_by_label("改善后").fill("8 个月")
    assert_fits(page)
    page.get_by_role("button", name="提交，请对方确认").click()
    expect(page.locator(".outcome")).to_contain_text("等待对方确认")
    assert page.get_by_role("button", name="确认属实").count() == 0

    page = people.university
    page.goto("/")
    page.locator(".row-card", has_text="请确认成效").filter(has_text=NEED_TITLE).get_by_role("link").click()
    expect(page.locator(".outcome")).to_contain_text("8 个月")
    confirm(page.locator(".outcome"), "确认属实", "确认属实")
    expect(page.locator(".outcome")).to_contain_text("已确认")
    expect(page.locator(".timeline")).to_contain_text("确认了成效“工艺改造”")


def outcomes_counted(site: Site, page: Page) -> dict[str, int]:
    """The numbers of the statistics page that count rows, by their labels: each link says "label：number"."""
    count_anew(site)
    page.goto("/stats/")
    links = page.locator("a.funnel-value, section:has(#by-type) .parts-count a").all()
    pairs = [str(link.get_attribute("aria-label")).split("：") for link in links]
    return {label: int(number.replace(",", "")) for label, number in pairs}


def look_at_the_figures(site: Site, page: Page, before: dict[str, int]) -> None:
    """Journey 5: the figures grew by what happened, and every number leads to its rows."""
    after = outcomes_counted(site, page)
    grown = {label: after[label] - before[label] for label in after}
    labels = ("发布的需求", "达成的对接", "确认的成效", "工艺改造")
    assert {label: grown[label] for label in labels} == dict.fromkeys(labels, 1)
    picture(page, "stats")
    for label in ("发布的需求", "送达的推荐", "被接受的推荐", "达成的对接", "确认的成效"):
        page.goto("/stats/")
        page.get_by_role("link", name=f"{label}：{after[label]:,}", exact=True).click()
        expect(page.locator(".rows-total")).to_contain_text(f"{after[label]:,}")
    page.get_by_role("row", name=re.compile(NEED_TITLE)).get_by_role("link").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text(NEED_TITLE)

    page.goto("/stats/outcomes/")
    for kind in ("CSV", "Excel"):
        with page.expect_download() as download:
            page.get_by_role("link", name=f"导出 {kind}").click()
        assert download.value.suggested_filename.startswith("确认的成效_")


def count_anew(site: Site) -> None:
    """What the worker does every half minute; while it is at it, nobody else may."""
    for _ in range(9):
        with suppress(subprocess.CalledProcessError):
            site.manage("rebuild_figures", "--verbosity", "0")
            return
    pytest.fail("the figures are always busy")


def test_a_wrong_field_keeps_everything_that_was_typed(new_page: Callable[..., Page], sign_in: SignIn) -> None:
    page = new_page(PHONE, 844)
    sign_in(page, COMPANY)
    page.goto("/needs/new/")
    page.get_by_label("需求名称").fill("焊缝")
    page.get_by_label("背景与现状").fill("太短")
    page.get_by_label("拟解决的技术问题").fill(GOAL)
    page.get_by_role("button", name="预览并发布").click()

    wrong = page.locator("#id_background_error")
    expect(wrong).to_be_visible()
    expect(page.get_by_label("背景与现状")).to_have_attribute("aria-invalid", "true")
    assert page.get_by_label("需求名称").input_value() == "焊缝"
    assert page.get_by_label("背景与现状").input_value() == "太短"
    assert page.get_by_label("拟解决的技术问题").input_value() == GOAL
    field, message = page.get_by_label("背景与现状").bounding_box(), wrong.bounding_box()
    assert field
    assert message
    assert 0 <= message["y"] - (field["y"] + field["height"]) < 60
    assert_fits(page)


def test_declining_asks_for_a_reason_and_can_be_taken_back(new_page: Callable[..., Page], sign_in: SignIn) -> None:
    page = new_page(DESKTOP)
    sign_in(page, UNIVERSITY)
    page.goto("/fitting/")
    page.locator("article.match-card").get_by_role("link", name="并排对照").first.click()
    answer = page.locator("#answer")
    answer.get_by_text("其他原因婉拒").click()
    answer.get_by_role("button", name="确定婉拒").click()
    expect(page.locator("#answer .field-errors")).to_be_visible()
    page.locator("#answer").get_by_label("原因").select_option(label="暂无精力")
    page.locator("#answer").get_by_role("button", name="确定婉拒").click()
    expect(page.locator("#answer")).to_contain_text("原因：暂无精力")
    page.locator("#answer").get_by_role("button", name=re.compile("撤回")).first.click()
    expect(page.locator("#answer")).not_to_contain_text("原因：暂无精力")
