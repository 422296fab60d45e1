"""What people do in a case, as they do it on its pages. Each step ends where its result can be seen."""

import re
from dataclasses import dataclass
from datetime import date, timedelta

from playwright.sync_api import Locator, Page, expect


def confirm(place: Locator, label: str, answer: str = "") -> None:
    """Press a button that asks first, and say yes."""
    place.get_by_role("button", name=label, exact=True).first.click()
    place.get_by_role("dialog").get_by_role("button", name=answer or label).click()


def card(page: Page, title: str) -> Locator:
    """The card of a pair, by the title of what it is about."""
    return page.locator("article.match-card", has=page.get_by_role("link", name=title))


def section(page: Page, heading: str) -> Locator:
    return page.get_by_role("region", name=re.compile(heading))


def waiting(page: Page, *texts: str) -> Locator:
    """What the home page lists as waiting, by what it says."""
    row = page.get_by_role("listitem")
    for text in texts:
        row = row.filter(has_text=text)
    return row


def follow(page: Page, *texts: str) -> None:
    """From the home page to what waits there."""
    page.goto("/")
    waiting(page, *texts).get_by_role("link").first.click()
    page.wait_for_load_state()


def unfold(place: Locator, summary: str) -> Locator:
    """Open what is folded below a button; the form in it."""
    fold = place.locator("details", has=place.page.locator("summary", has_text=summary)).first
    fold.locator("summary").click()
    return fold.locator("form")


@dataclass(frozen=True)
class Case:
    """The pages of one case."""

    path: str

    @classmethod
    def open_on(cls, page: Page) -> "Case":
        found = re.search(r"/engagements/\w+/", page.url)
        assert found, page.url
        return cls(found[0])

    @property
    def public_id(self) -> str:
        return self.path.strip("/").rpartition("/")[2]

    def overview(self, page: Page) -> None:
        page.goto(self.path)

    def advance(self, page: Page, step: str, *, next_action: str = "") -> None:
        self.overview(page)
        form = unfold(section(page, "进度"), f"进入“{step}”")
        form.get_by_label("下一步做什么").fill(next_action)
        form.get_by_role("button", name="确认").click()
        expect(page.locator(".step-present")).to_have_text(step)

    def confirm_agreement(self, page: Page) -> None:
        confirm(section(page, "保密协议"), "确认协议")
        expect(page.get_by_role("button", name="确认协议")).to_have_count(0)

    def write(self, page: Page, text: str) -> None:
        page.goto(f"{self.path}talk/")
        page.get_by_label("写消息").fill(text)
        page.get_by_role("button", name="发送").click()
        expect(page.locator(".talk-message").filter(has_text=text)).to_be_visible()

    def plan_meeting(self, page: Page, title: str) -> None:
        page.goto(f"{self.path}talk/")
        form = unfold(section(page, "会议"), "安排会议")
        day = date.fromisoformat(today(page)) + timedelta(days=3)
        form.get_by_label("会议主题").fill(title)
        form.get_by_label("开始时间").fill(f"{day}T09:30")
        form.get_by_label("结束时间").fill(f"{day}T11:00")
        form.get_by_label("地点").fill("企业一号车间会议室")
        form.get_by_role("button", name="保存").click()
        expect(section(page, "会议")).to_contain_text(title)

    def record_contract(self, page: Page, title: str, amount: str) -> None:
        self.overview(page)
        page.get_by_role("link", name="登记合同").click()
        page.get_by_label("合同名称").fill(title)
        page.get_by_label("合同类别").select_option(label="技术开发合同")
        page.get_by_label("签订日期").fill(today(page))
        page.get_by_label("成交额（元）").fill(amount)
        page.get_by_label("技术交易额（元）").fill(amount)
        page.get_by_role("button", name="保存").click()
        expect(page.locator("#terms")).to_contain_text(title)

    def receive_instalment(self, page: Page, amount: str) -> None:
        page.goto(f"{self.path}contract/")
        form = unfold(section(page, "到账"), "增加一期")
        form.get_by_label("计划日期").fill(today(page))
        form.get_by_label("计划金额（元）").fill(amount)
        form.get_by_role("button", name="保存").click()
        form = unfold(section(page, "到账").locator(".ledger-row").first, "登记到账")
        form.get_by_role("button", name="保存").click()
        expect(section(page, "到账").locator(".ledger-row").first).to_contain_text(f"{today(page)} 到账")

    def add_milestone(self, page: Page, title: str) -> None:
        page.goto(f"{self.path}contract/")
        form = unfold(section(page, "里程碑"), "增加里程碑")
        form.get_by_label("里程碑").fill(title)
        form.get_by_label("计划完成").fill(today(page))
        form.get_by_role("button", name="保存").click()
        expect(section(page, "里程碑")).to_contain_text(title)

    def accept_milestone(self, page: Page, title: str) -> None:
        page.goto(f"{self.path}contract/")
        row = section(page, "里程碑").locator(".ledger-row", has_text=title)
        confirm(row, "验收通过")
        expect(row.get_by_role("button", name="验收通过")).to_have_count(0)

    def report_outcome(self, page: Page, kind: str, description: str, change: tuple[str, str, str]) -> None:
        """`change`: the indicator, before and after."""
        self.overview(page)
        page.get_by_role("link", name="填报成效").click()
        page.get_by_label("成效类型").select_option(label=kind)
        page.get_by_label("成效说明").fill(description)
        page.get_by_label("发生日期").fill(today(page))
        for label, text in zip(("改善的指标", "改善前", "改善后"), change, strict=True):
            page.get_by_label(label).fill(text)
        page.get_by_role("button", name="提交，请对方确认").click()
        expect(page.locator(".outcome")).to_contain_text("等待对方确认")

    def confirm_outcome(self, page: Page) -> None:
        self.overview(page)
        confirm(page.locator(".outcome"), "确认属实")
        expect(page.locator(".outcome")).to_contain_text("已确认")


def today(page: Page) -> str:
    """As the person's browser says."""
    return str(page.evaluate("new Intl.DateTimeFormat('sv-SE').format(new Date())"))
