"""An enterprise, on a phone: from a proposal that waits for its answer to an outcome and a published story."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.case_steps import Case, card, confirm, follow, section, today, waiting
from tests.e2e.conftest import Site
from tests.e2e.pictures import assert_fits, picture
from tests.e2e.stage import Stage
from tests.e2e.test_journeys import COMPANY, COMPANY_PHONE, PATIENCE_MS, PHONE, UNIVERSITY, UNIVERSITY_PHONE

pytestmark = [pytest.mark.browser, pytest.mark.processes]
REVIEWER = "shenhe@example.com"
COMPANY_NAME = "砺岬精密"
NEED = "大型机架焊完变形，校形占了一半工时"
BACKGROUND = "我们焊接两米多长的机床底座和机架，焊完扭七八毫米，全靠老师傅火焰校形，一台要校两天，换个新人就不会弄。"
GOAL = "希望用焊接顺序、反变形和工装的仿真与试验，形成作业指导书，关键面平面度不超过 2 mm，校形工时减少一半。"
CAPABILITY = "大型焊接结构件反变形设计与焊接顺序优化"
VALUE = "焊后变形减少六成以上，少校形或不校形"
DESCRIPTION = "用有限元预测大型焊接结构件的变形，给出反变形量、焊接顺序和工装方案，已用于机床底座、机架和压机横梁。"
TAGS = ["weld_distortion", "welding_robot", "fem"]
NEED_FIELDS = {"tags": TAGS, "title": NEED, "background": BACKGROUND, "goal": GOAL, "at_most": ("平面度", 2, "mm")}
CAPABILITY_FIELDS = {"tags": TAGS, "title": CAPABILITY, "value": VALUE, "description": DESCRIPTION}
SignIn = Callable[[Page, str], None]


def test_an_enterprise_goes_from_a_proposal_to_a_story(
    site: Site, new_page: Callable[..., Page], sign_in: SignIn
) -> None:
    stage, phone, professor = Stage(site), new_page(PHONE, 844), new_page()
    sign_in(phone, COMPANY)
    sign_in(professor, UNIVERSITY)
    stage("post_capability", email=UNIVERSITY, **CAPABILITY_FIELDS)
    need = stage("post_need", email=COMPANY, is_secret=True, **NEED_FIELDS)

    wait_for_the_match(phone, need)
    the_professor_is_interested(professor)
    case = accept_in_time(phone)
    both_confirm_the_agreement(phone, professor, case)
    talk_and_meet(phone, professor, case)
    sign_and_be_paid(phone, professor, case)
    deliver_and_count(phone, professor, case)
    story = write_a_story(phone, case)
    the_other_side_and_the_city_agree(professor, new_page(), sign_in, story)
    read_as_a_stranger(new_page(PHONE, 844), story)


def wait_for_the_match(page: Page, need: str) -> None:
    """The need's own page goes from 匹配中 to its list by itself."""
    page.goto(f"/needs/{need}/")
    pair = card(page, CAPABILITY)
    expect(pair).to_be_visible(timeout=PATIENCE_MS)
    assert UNIVERSITY_PHONE not in page.content()


def the_professor_is_interested(page: Page) -> None:
    page.goto("/fitting/")
    pair = card(page, NEED)
    expect(pair).to_contain_text("匿名")
    assert COMPANY_NAME not in pair.inner_text()
    confirm(pair, "接受", "确定接受")
    expect(pair).to_contain_text("我方已接受")
    assert COMPANY_NAME not in pair.inner_text()


def accept_in_time(page: Page) -> Case:
    """It stands in the list of what waits, with the time that is left; one tap opens it."""
    page.goto("/")
    item = waiting(page, f"对方愿意对接：{CAPABILITY}", NEED)
    expect(item).to_contain_text("还有")
    assert_fits(page)
    picture(page, "sme-1-home")
    item.get_by_role("link").click()
    expect(page.locator("#answer .countdown")).to_be_visible()
    expect(page.locator("#answer")).to_contain_text("答复时限")
    assert_fits(page)
    picture(page, "sme-2-proposal", full=False)
    confirm(page.locator("#answer"), "接受，开始对接", "确定接受")
    assert UNIVERSITY_PHONE not in page.content()
    page.locator("#answer").get_by_role("link", name="去确认保密协议").click()
    page.wait_for_url("**/engagements/*/")
    return Case.open_on(page)


def both_confirm_the_agreement(page: Page, professor: Page, case: Case) -> None:
    """Nobody learns a name or a number before both have confirmed."""
    case.overview(page)
    assert UNIVERSITY_PHONE not in page.content()
    assert_fits(page)
    picture(page, "sme-3-agreement", full=False)
    with page.expect_download() as download:
        page.get_by_role("link", name="下载协议（PDF）").click()
    assert download.value.suggested_filename.endswith(".pdf")
    case.confirm_agreement(page)

    follow(professor, "请确认保密协议", NEED)
    assert COMPANY_PHONE not in professor.content()
    assert COMPANY_NAME not in professor.locator("main").inner_text()
    case.confirm_agreement(professor)
    expect(section(professor, "双方联系方式")).to_contain_text(COMPANY_PHONE)
    case.overview(page)
    expect(section(page, "双方联系方式")).to_contain_text(UNIVERSITY_PHONE)


def talk_and_meet(page: Page, professor: Page, case: Case) -> None:
    case.write(page, "您好，底座的三维图和焊接工艺卡已经整理好，方便这周来现场看一下吗？")
    follow(professor, "请回复对方的消息", NEED)
    case.write(professor, "可以，我带博士生一起来，先测三台底座焊前焊后的变形。")
    expect(section(professor, "等待答复")).to_contain_text("您的消息等对方回复")
    case.plan_meeting(professor, "现场看底座，定测量方案")
    follow(page, "请回复对方的消息", NEED)
    expect(section(page, "会议")).to_contain_text("现场看底座")
    assert_fits(page)
    picture(page, "sme-4-talk")
    with page.expect_download() as download:
        page.get_by_role("link", name="日历邀请").click()
    assert download.value.suggested_filename.endswith(".ics")
    page.get_by_role("button", name="已读，无需回复").click()
    expect(page.get_by_role("button", name="已读，无需回复")).to_have_count(0)


def sign_and_be_paid(page: Page, professor: Page, case: Case) -> None:
    case.advance(page, "洽谈", next_action="测三台底座的变形")
    case.advance(page, "方案", next_action="评审反变形方案")
    case.record_contract(page, "大型机架焊接变形控制技术开发", "360000")
    case.receive_instalment(page, "180000")
    milestone = "首台底座平面度不超过 2 mm"
    case.add_milestone(page, milestone)
    case.accept_milestone(page, milestone)
    case.accept_milestone(professor, milestone)
    page.reload()
    expect(section(page, "里程碑")).to_contain_text("双方验收通过")
    expect(section(page, "到账")).to_contain_text("已到账 18")
    assert_fits(page)
    picture(page, "sme-5-contract")
    case.advance(page, "实施", next_action="十台底座按新工艺生产")
    case.advance(page, "验收")


def deliver_and_count(page: Page, professor: Page, case: Case) -> None:
    text = "十台底座按新的焊接顺序生产，焊后平面度都在 2 mm 以内，每台校形由两天减为半天。"
    case.report_outcome(page, "工艺改造", text, ("校形工时", "16", "4"))
    assert_fits(page)
    follow(professor, "请确认成效：工艺改造", NEED)
    case.confirm_outcome(professor)
    case.overview(page)
    expect(page.locator(".outcome")).to_contain_text("已确认")
    page.get_by_role("heading", name="成效").first.evaluate("heading => heading.scrollIntoView({behavior: 'instant'})")
    picture(page, "sme-6-outcome", full=False)


def write_a_story(page: Page, case: Case) -> str:
    """The enterprise does not want to be named."""
    page.goto(f"/followups/cases/{case.public_id}/")
    page.get_by_role("link", name="写成案例").click()
    for label, text in (
        ("标题", "换个焊接顺序，机架校形从两天减到半天"),
        ("一句话摘要", "先算后焊，十台底座不再靠火焰校形。"),
        ("遇到的难题", "大型机架焊完扭七八毫米，校形占了一半工时，只有老师傅会。"),
        ("解决的办法", "用仿真定反变形量和焊接顺序，三台试焊后写进作业指导书。"),
        ("带来的变化", "焊后平面度不超过 2 mm，每台校形由两天减为半天。"),
    ):
        page.get_by_label(label).fill(text)
    assert not page.get_by_label("公开我方单位名称").is_checked()
    assert_fits(page)
    page.get_by_role("button", name="保存，看看样子").click()
    page.wait_for_url(re.compile(r"/stories/(?!new)\w+/$"))
    picture(page, "sme-7-story")
    confirm(page.locator(".story-desk"), "同意公开这版文字")
    expect(page.locator(".story-desk")).to_contain_text("需求方已同意")
    return str(page.evaluate("location.pathname"))


def the_other_side_and_the_city_agree(professor: Page, reviewer: Page, sign_in: SignIn, story: str) -> None:
    follow(professor, "请看看案例文字：换个焊接顺序")
    confirm(professor.locator(".story-desk"), "同意公开这版文字")
    expect(professor.locator(".story-desk")).to_contain_text("等平台审核后公开")
    sign_in(reviewer, REVIEWER)
    reviewer.goto(story)
    confirm(reviewer.locator(".story-desk"), "通过并发布")
    expect(reviewer.locator(".story-desk")).to_contain_text("案例已公开")


def read_as_a_stranger(page: Page, story: str) -> None:
    page.goto("/stories/")
    page.get_by_role("link", name="换个焊接顺序").click()
    assert page.url.endswith(story)
    expect(page.get_by_role("main")).to_contain_text("带来的变化")
    for secret in (COMPANY_NAME, COMPANY_PHONE, UNIVERSITY_PHONE):
        assert secret not in page.content()
    assert today(page)[:4] in page.locator("article").inner_text()
    assert_fits(page)
