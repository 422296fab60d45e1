"""A professor, at a desk: from a saved search and a bid to an outcome that the professor confirms, and after."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.case_steps import Case, card, confirm, follow, section, unfold, waiting
from tests.e2e.conftest import Site
from tests.e2e.pictures import assert_fits, picture
from tests.e2e.stage import Stage
from tests.e2e.test_journeys import COMPANY, COMPANY_PHONE, PATIENCE_MS, PHONE, UNIVERSITY, UNIVERSITY_PHONE

pytestmark = [pytest.mark.browser, pytest.mark.processes]
NEED = "环类零件淬火后椭圆，磨削余量留得太大"
BACKGROUND = "我们做回转支承齿圈，外径六百毫米，淬完火椭圆 0.3 mm 以上，只能留大余量慢慢磨，一件磨两个小时。"
GOAL = "希望通过装炉方式、淬火介质和压淬工装，使淬火后圆度误差不超过 0.12 mm，磨削余量减少一半，硬度不低于 56 HRC。"
UNFITTING = "淬火油烟收集处理设备改造"
UNFITTING_GOAL = "希望改造淬火槽上方的油烟收集和净化，排放达到地方标准，不影响淬火操作，停产时间不超过三天。"
CAPABILITY = "环件淬火畸变预测与压淬工装设计"
VALUE = "淬火圆度误差减少六成，磨削余量减半"
DESCRIPTION = "用相变和热应力耦合仿真预测环类零件的淬火变形，优化装炉、介质流速和压淬芯轴，已用于齿圈、轴承套圈。"
TAGS = ["heat_treat_distortion", "quenching", "fem"]
LIMIT = ("圆度误差", 0.12, "mm")
NEED_FIELDS = {"tags": TAGS, "title": NEED, "background": BACKGROUND, "goal": GOAL, "at_most": LIMIT}
CAPABILITY_FIELDS = {"tags": TAGS, "title": CAPABILITY, "value": VALUE, "description": DESCRIPTION}
PLAN = "第一步测五件齿圈的淬火变形并建模；第二步设计压淬芯轴，试淬二十件；第三步定装炉和介质参数，写成工艺卡。"
SEARCH = "淬火变形的新需求"
SignIn = Callable[[Page, str], None]


def test_a_professor_goes_from_a_bid_to_an_outcome(site: Site, new_page: Callable[..., Page], sign_in: SignIn) -> None:
    stage, page, company = Stage(site), new_page(), new_page()
    sign_in(page, UNIVERSITY)
    sign_in(company, COMPANY)
    stage("post_capability", email=UNIVERSITY, **CAPABILITY_FIELDS)

    keep_a_search(page)
    stage("post_need", email=COMPANY, **NEED_FIELDS)
    stage("look_for_news")
    read_the_news(page)
    bid_path = bid(page)
    the_enterprise_accepts(company)
    case = find_the_case(page, bid_path)
    unfitting = stage("post_need", email=COMPANY, **NEED_FIELDS | {"title": UNFITTING, "goal": UNFITTING_GOAL})
    decline_another_in_one_tap(page, company, unfitting)
    answer_in_time(page, company, case)
    work(page, company, case)
    the_outcome_is_confirmed(page, company, case)
    stage("let_months_pass", case=case.public_id, months=3)
    renew(page, stage)
    tell_months_later(new_page(PHONE, 844), page, case, stage)


def keep_a_search(page: Page) -> None:
    page.goto("/needs/?q=淬火")
    form = unfold(page.locator(".kept-filters"), "保存这个筛选")
    form.get_by_label("名称").fill(SEARCH)
    form.get_by_role("button", name="保存，有新内容时通知我").click()
    expect(page.locator(".kept-filters").get_by_role("link", name=SEARCH)).to_be_visible()


def read_the_news(page: Page) -> None:
    page.goto("/notifications/")
    news = page.get_by_role("listitem").filter(has_text=SEARCH).filter(has_text=NEED)
    expect(news).to_have_count(1)
    page.goto("/needs/")
    page.locator(".kept-filters").get_by_role("link", name=SEARCH).click()
    expect(page.get_by_role("link", name=NEED)).to_be_visible()
    assert_fits(page)
    picture(page, "professor-1-saved-search", full=False)
    page.get_by_role("link", name=NEED).click()


def bid(page: Page) -> str:
    """The path of the pair's page."""
    page.get_by_role("link", name="我要揭榜").click()
    page.get_by_label("用哪项资源揭榜").select_option(label=CAPABILITY)
    page.get_by_label("揭榜方案").fill(PLAN)
    page.get_by_label("报价（万元）").fill("28")
    page.get_by_label("预计周期（月）").fill("6")
    assert_fits(page)
    picture(page, "professor-2-bid")
    page.get_by_role("button", name="提交揭榜").click()
    page.wait_for_url("**/proposals/**")
    expect(page.locator("#answer .countdown")).to_be_visible()
    return str(page.evaluate("location.pathname"))


def the_enterprise_accepts(page: Page) -> None:
    follow(page, f"对方愿意对接：{CAPABILITY}", NEED)
    expect(page.locator(".bid-plan")).to_have_text(PLAN)
    expect(page.locator("#answer .countdown")).to_be_visible()
    confirm(page.locator("#answer"), "接受，开始对接", "确定接受")
    expect(page.locator("#answer")).to_contain_text(UNIVERSITY_PHONE)


def find_the_case(page: Page, bid_path: str) -> Case:
    page.goto(bid_path)
    expect(page.locator("#answer")).to_contain_text(COMPANY_PHONE)
    page.get_by_role("link", name="进入对接").click()
    page.wait_for_url("**/engagements/*/")
    return Case.open_on(page)


def decline_another_in_one_tap(page: Page, company: Page, need: str) -> None:
    """The enterprise would like to; the professor has no hands free, and says so with one tap."""
    company.goto(f"/needs/{need}/")
    pair = card(company, CAPABILITY)
    expect(pair).to_be_visible(timeout=PATIENCE_MS)
    confirm(pair, "接受", "确定接受")
    expect(pair).to_contain_text("我方已接受")

    page.goto("/inbox/")
    asked = card(page, UNFITTING)
    expect(asked.locator(".countdown")).to_be_visible()
    assert_fits(page)
    picture(page, "professor-3-one-tap-decline", full=False)
    asked.get_by_role("button", name="领域不符").click()
    declined = card(page, UNFITTING)
    expect(declined).to_contain_text("原因：领域不符")
    expect(declined.get_by_role("button", name="撤回婉拒")).to_be_visible()


def answer_in_time(page: Page, company: Page, case: Case) -> None:
    """What somebody waits for stands on the home page, with the time that is left."""
    case.write(company, "林老师好，五件齿圈已经备好，什么时候寄给您？")
    page.goto("/")
    expect(waiting(page, "请回复对方的消息", NEED)).to_contain_text("还有")
    picture(page, "professor-4-home", full=False)
    follow(page, "请回复对方的消息", NEED)
    expect(section(page, "等待答复")).to_contain_text("有消息等您回复")
    case.write(page, "这周五之前寄到学校实验室就行，附上材料牌号和热处理工艺卡。")
    expect(page.get_by_text("有消息等您回复")).to_have_count(0)


def work(page: Page, company: Page, case: Case) -> None:
    case.advance(page, "洽谈", next_action="测五件齿圈的淬火变形")
    case.advance(page, "方案", next_action="评审压淬芯轴设计")
    case.record_contract(company, "齿圈压淬工艺技术开发", "280000")
    case.receive_instalment(page, "140000")
    case.advance(page, "实施", next_action="试淬二十件")
    case.advance(page, "验收")


def the_outcome_is_confirmed(page: Page, company: Page, case: Case) -> None:
    text = "换用压淬工装后，齿圈淬火圆度误差由 0.3 mm 降到 0.1 mm，磨削由两小时减为四十分钟。"
    case.report_outcome(company, "工艺改造", text, ("淬火圆度误差", "0.3", "0.1"))
    follow(page, "请确认成效：工艺改造", NEED)
    assert_fits(page)
    picture(page, "professor-5-confirm", full=False)
    case.confirm_outcome(page)


def renew(page: Page, stage: Stage) -> None:
    """What is about to expire is asked for on the home page, and kept with one click."""
    stage("let_stale_soon", title=CAPABILITY)
    follow(page, CAPABILITY)
    page.get_by_role("button", name=re.compile("仍然有效")).click()
    page.goto("/")
    expect(page.get_by_role("listitem").filter(has_text="请确认信息仍然有效")).to_have_count(0)


def tell_months_later(phone: Page, page: Page, case: Case, stage: Stage) -> None:
    """The letter's link opens the questionnaire, and nothing else, for whoever is not signed in."""
    phone.goto(stage("questionnaire_path", case=case.public_id, email=UNIVERSITY))
    expect(phone.get_by_role("heading", level=1)).to_have_text("回访问卷")
    assert COMPANY_PHONE not in phone.content()
    for label in ("在用", "与填报一致", "正在商量"):
        phone.get_by_label(label, exact=True).check()
    for question in ("对合作方满意吗？", "对平台的服务满意吗？"):
        phone.get_by_role("group", name=question).get_by_label("5 很满意").check()
    assert_fits(phone)
    picture(phone, "professor-6-questionnaire")
    phone.get_by_role("button", name="提交").click()
    expect(phone.get_by_role("main")).to_contain_text("您的反馈已经收到")
    phone.goto(case.path)
    assert "/accounts/sign-in/" in phone.url
    page.goto(f"/followups/cases/{case.public_id}/")
    expect(section(page, "回访")).to_contain_text("正在商量")
