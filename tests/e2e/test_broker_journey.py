"""A broker: what nobody answered comes to the desk, is called about, paired by hand and led to a counted outcome."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.case_steps import Case, card, confirm, follow, section, unfold
from tests.e2e.conftest import Site
from tests.e2e.pictures import assert_fits, picture
from tests.e2e.stage import Stage
from tests.e2e.test_journeys import (
    ADMINISTRATOR,
    COMPANY,
    COMPANY_PHONE,
    PATIENCE_MS,
    UNIVERSITY,
    UNIVERSITY_PHONE,
)

pytestmark = [pytest.mark.browser, pytest.mark.processes]
BROKER, COLLEAGUE = "jingjiren@example.com", "宋佳"
NEED = "主轴轴承突然烧损，停机才知道哪里坏"
BACKGROUND = "我们两台龙门加工中心主轴轴承一年烧了三次，备件从外地调，一停就是两天。机床有接口，数据没人用。"
GOAL = "希望加装传感器监测主轴和轴承状态，提前三天给出预警，误报每月不超过两次，维修人员看得懂、用得上。"
SILENT = "主轴与轴承振动监测预警系统"
SILENT_TEXT = "用振动和温度信号监测主轴、轴承状态，提前数天预警早期故障，已在多台加工中心上运行。"
PICKED = "设备状态数据采集网关与故障预警算法"
PICKED_TEXT = "不改机床控制系统，加装网关采集主轴电流、振动和温度，给出维修人员看得懂的预警，已接入两百多台设备。"
VALUE = "少停机，坏之前就知道"
TAGS = ["predictive_maintenance", "data_acquisition", "signal_processing"]
NEED_FIELDS = {"tags": TAGS, "title": NEED, "background": BACKGROUND, "goal": GOAL, "at_most": ("每月误报", 2, "次")}
REASON = "这套网关不用改机床系统，同类龙门加工中心上已经用过，现场半天就能装好。"
SignIn = Callable[[Page, str], None]


def test_a_broker_leads_what_nobody_answered_to_an_outcome(
    site: Site, new_page: Callable[..., Page], sign_in: SignIn
) -> None:
    stage, page, company, professor = Stage(site), new_page(), new_page(), new_page()
    for person, email in ((page, BROKER), (company, COMPANY), (professor, UNIVERSITY)):
        sign_in(person, email)
    stage("post_colleague", name=COLLEAGUE)
    fields = {"tags": TAGS, "value": VALUE}
    stage("post_capability", email=UNIVERSITY, title=SILENT, description=SILENT_TEXT, **fields)
    need = stage("post_need", email=COMPANY, **NEED_FIELDS)

    the_enterprise_waits_in_vain(company, need, stage)
    take_from_the_desk(page)
    open_the_contacts(page)
    record_a_call(page)
    stage("post_capability", email=UNIVERSITY, title=PICKED, description=PICKED_TEXT, **fields)
    propose_by_hand(page)
    hand_over(page)
    both_accept(company, professor, need)
    case = follow_the_case(page)
    lead_to_the_contract(page, company, professor, case)
    share_the_credit(page, new_page(), sign_in, case)
    reach_the_outcome(page, company, professor, case)


def the_enterprise_waits_in_vain(page: Page, need: str, stage: Stage) -> None:
    page.goto(f"/needs/{need}/")
    pair = card(page, SILENT)
    expect(pair).to_be_visible(timeout=PATIENCE_MS)
    confirm(pair, "接受", "确定接受")
    expect(pair.locator(".countdown")).to_be_visible()
    stage("let_reply_time_pass", need=need)
    page.reload()
    expect(card(page, SILENT)).to_have_count(0)


def take_from_the_desk(page: Page) -> None:
    page.goto("/desk/")
    page.get_by_label("关键词").fill("主轴轴承")
    page.get_by_role("button", name="筛选").click()
    row = page.get_by_role("listitem").filter(has_text=NEED)
    expect(row).to_contain_text("推荐超时未答复")
    assert_fits(page)
    picture(page, "broker-1-desk", full=False)
    row.get_by_role("button", name="领取").click()
    page.goto("/")
    expect(page.get_by_role("listitem").filter(has_text=NEED)).to_contain_text("推荐超时未答复")
    follow(page, NEED)


def open_the_contacts(page: Page) -> None:
    """Only by a click of whoever took the matter, and with a trace of it."""
    for number in (COMPANY_PHONE, UNIVERSITY_PHONE):
        assert number not in page.content()
    page.get_by_role("link", name="显示联系方式").click()
    contacts = section(page, "双方联系方式")
    expect(contacts).to_contain_text(UNIVERSITY_PHONE)
    expect(contacts).to_contain_text("请不要把一方是谁告诉另一方")
    assert_fits(page)
    picture(page, "broker-2-matter")


def record_a_call(page: Page) -> None:
    page.get_by_role("link", name="记录电话").click()
    page.get_by_label("通话对象").select_option(index=2)
    page.get_by_label("姓名或称呼").fill("林老师")
    page.get_by_label("通话结果").fill("老师出差，这套系统要改机床接口，建议换另一项不改系统的成果。")
    page.get_by_label("下一步").fill("换一项资源推荐")
    page.get_by_role("button", name="保存").click()
    expect(section(page, "电话记录")).to_contain_text("老师出差")


def propose_by_hand(page: Page) -> None:
    follow(page, NEED)
    page.get_by_role("link", name="手工推荐").click()
    page.get_by_label("搜索资源").fill("采集网关")
    section(page, "创新资源").get_by_role("button", name="搜索").click()
    page.get_by_role("listitem").filter(has_text=PICKED).get_by_role("link", name="选这项").click()
    page.get_by_label("推荐理由").fill(REASON)
    assert_fits(page)
    picture(page, "broker-3-pair-by-hand")
    page.get_by_role("button", name="推荐给双方").click()
    expect(page.get_by_role("main")).to_contain_text(REASON)


def hand_over(page: Page) -> None:
    """To a colleague, with a note that stays in the matter's history."""
    follow(page, NEED)
    matter = page.url
    form = unfold(section(page, "推荐超时未答复"), "转交")
    form.get_by_label("转交给").select_option(label=COLLEAGUE)
    form.get_by_label("转交说明").fill("已换一项资源推荐给双方，请留意三天内的答复。")
    form.get_by_role("button", name="转交").click()
    page.wait_for_url("**/desk/")
    page.goto(matter)
    expect(section(page, "办理记录")).to_contain_text("请留意三天内的答复")
    expect(section(page, "推荐超时未答复")).to_contain_text(COLLEAGUE)


def both_accept(company: Page, professor: Page, need: str) -> None:
    company.goto(f"/needs/{need}/")
    pair = card(company, PICKED)
    expect(pair).to_contain_text(REASON)
    confirm(pair, "接受", "确定接受")
    expect(pair).to_contain_text("我方已接受")
    follow(professor, f"对应您的“{PICKED}”")
    confirm(professor.locator("#answer"), "接受，开始对接", "确定接受")
    expect(professor.locator("#answer")).to_contain_text(COMPANY_PHONE)


def follow_the_case(page: Page) -> Case:
    page.goto("/engagements/")
    page.get_by_role("link", name=NEED).first.click()
    page.wait_for_url("**/engagements/*/")
    page.get_by_role("button", name="由我跟进").click()
    expect(page.get_by_role("button", name="不再跟进")).to_be_visible()
    return Case.open_on(page)


def lead_to_the_contract(page: Page, company: Page, professor: Page, case: Case) -> None:
    case.write(page, "两位好，我是技术经纪人吴海明，周四上午现场看机床，方便吗？")
    case.write(professor, "方便，我带网关样机过来。")
    case.advance(page, "洽谈", next_action="现场看两台龙门加工中心")
    case.advance(page, "方案", next_action="确认测点和预警规则")
    case.record_contract(company, "主轴状态监测技术服务", "240000")


def share_the_credit(page: Page, administrator: Page, sign_in: SignIn, case: Case) -> None:
    page.goto(f"{case.path}contract/")
    page.get_by_role("link", name="提出分配").click()
    for place, (person, percent) in enumerate((("吴海明", "70"), (COLLEAGUE, "30"))):
        page.locator(f"[name=form-{place}-broker]").select_option(label=person)
        page.locator(f"[name=form-{place}-percent]").fill(percent)
    page.get_by_role("button", name="提交").click()
    expect(section(page, "业绩分配")).to_contain_text("待确认")
    sign_in(administrator, ADMINISTRATOR)
    administrator.goto("/desk/credits/")
    waiting = section(administrator, "等待确认的分配").get_by_role("listitem").filter(has_text="主轴状态监测")
    confirm(waiting, "确认分配")
    expect(administrator.get_by_role("button", name="确认分配")).to_have_count(0)
    page.goto("/desk/credits/")
    expect(page.get_by_role("listitem").filter(has_text="主轴状态监测")).to_contain_text("168,000")
    assert_fits(page)
    picture(page, "broker-4-credit", full=False)


def reach_the_outcome(page: Page, company: Page, professor: Page, case: Case) -> None:
    case.advance(page, "实施", next_action="两台机床试运行一个月")
    case.advance(page, "验收")
    text = "两台龙门加工中心装上监测后，提前五天发现一处轴承早期损伤，半年没有再烧主轴。"
    case.report_outcome(company, "生产线改造", text, ("主轴烧损停机", "3", "0"))
    case.confirm_outcome(professor)
    case.overview(page)
    expect(page.locator(".outcome")).to_contain_text("已确认")
    expect(page.locator(".timeline").last).to_contain_text(re.compile("确认了成效“生产线改造”"))
    assert_fits(page)
    picture(page, "broker-5-outcome", full=False)
