"""The installation itself, and that a journey cannot pass over a broken page."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Browser, Page

from tests.e2e.conftest import Site, read_accounts, watch

pytestmark = [pytest.mark.browser, pytest.mark.processes]


@pytest.mark.parametrize("email", [account["email"] for account in read_accounts()])
def test_each_demo_account_can_sign_in(page: Page, sign_in: Callable[[Page, str], None], email: str) -> None:
    sign_in(page, email)
    assert page.context.cookies()
    assert page.locator("form[action*='sign-out']").count() > 0


def test_the_worker_is_a_process_of_its_own(site: Site) -> None:
    assert " ready." in site.worker_log()


def test_an_inline_script_is_refused_and_noticed(browser: Browser, site: Site) -> None:
    faults: list[str] = []
    page = browser.new_page(base_url=site.url)
    page.goto("/accounts/sign-in/")
    watch(page, faults)
    page.evaluate(
        "document.body.append(Object.assign(document.createElement('script'), {textContent: 'window.ran = 1'}))"
    )
    assert page.evaluate("window.ran") is None
    assert [fault for fault in faults if "Content Security Policy" in fault]
    page.close()


def test_a_server_error_is_noticed(browser: Browser, site: Site) -> None:
    faults: list[str] = []
    page = browser.new_page(base_url=site.url)
    watch(page, faults)
    page.route("**/broken", lambda route: route.fulfill(status=503, body="broken"))
    page.goto("/broken")
    assert len(faults) == 1
    assert "503" in faults[0]
    page.close()
