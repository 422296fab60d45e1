"""The need form in a real browser: what is read while somebody types, decided on, and still decided later."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.pictures import assert_fits
from tests.e2e.test_journeys import BACKGROUND, COMPANY, GOAL, NEED_TITLE, PATIENCE_MS, PHONE

pytestmark = [pytest.mark.browser, pytest.mark.processes]
SignIn = Callable[[Page, str], None]


def test_what_is_decided_about_elements_stays_decided(new_page: Callable[..., Page], sign_in: SignIn) -> None:
    page = new_page(PHONE, 844)
    sign_in(page, COMPANY)
    page.goto("/needs/new/")
    page.get_by_label("需求名称").fill(NEED_TITLE)
    page.get_by_label("背景与现状").fill(BACKGROUND)
    page.get_by_label("拟解决的技术问题").fill(GOAL)
    chips = page.locator("#elements .element")
    expect(chips.first).to_be_visible(timeout=PATIENCE_MS)

    confirmed = chips.nth(0).locator("[name=element_confirm]").input_value()
    removed = chips.nth(1).locator("[name=element_remove]").input_value()
    chips.nth(0).locator("label.element-text").click()
    chips.nth(1).locator("label.element-no").click()
    page.locator("[name=element_new_kind]").select_option("constraint")
    page.locator("#element-new-text").fill("检修窗口只有八小时")
    page.locator("#element-new-text").press("Enter")
    expect(page.locator(".element-own")).to_have_text("检修窗口只有八小时")
    expect(page.locator("#element-new-text")).to_have_value("")

    with page.expect_response("**/needs/suggest/"):  # the next keystroke
        page.get_by_label("拟解决的技术问题").press_sequentially("。")
    expect_decided(page, confirmed, removed)
    expect(page.locator("#saved")).to_contain_text("已保存", timeout=PATIENCE_MS)
    expect(page).to_have_url(re.compile(r"/needs/\w+/edit/$"))
    page.get_by_role("button", name="保存草稿").click()
    expect(page.locator("#messages")).to_contain_text("草稿已保存")
    expect_decided(page, confirmed, removed)
    expect(page.locator("#preview")).to_contain_text(re.compile("项资源可能适合|还没有明显适合"), timeout=PATIENCE_MS)
    assert_fits(page)


def expect_decided(page: Page, confirmed: str, removed: str) -> None:
    expect(page.locator(f'[name=element_confirm][value="{confirmed}"]')).to_be_checked()
    expect(page.locator(f'[name=element_remove][value="{removed}"]')).to_be_checked()


def test_a_gap_leads_to_the_field_that_closes_it(new_page: Callable[..., Page], sign_in: SignIn) -> None:
    page = new_page(PHONE, 844)
    sign_in(page, COMPANY)
    page.goto("/needs/new/")
    score = page.locator(".clarity-score strong")
    before = int(score.inner_text())
    page.locator(".clarity-gaps a[data-focuses=indicators]").click()
    expect(page.locator("#id_indicators-0-name")).to_be_focused()
    page.keyboard.type("涂层硬度")
    page.locator("#id_indicators-0-low").fill("60")
    page.locator("#id_indicators-0-unit").fill("HRC")
    expect(score).to_have_text(str(before + 20), timeout=PATIENCE_MS)
    expect(page.locator("#clarity-said")).to_contain_text(f"{before + 20} 分")
