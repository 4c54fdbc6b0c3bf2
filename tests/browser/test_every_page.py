"""Every page, looked at by axe on a phone and on a desk, in both colour schemes."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack

import pytest
from playwright.sync_api import Browser, Page

from tests.browser.chromium import Complaints, barriers, is_too_wide, window
from tests.browser.site import PASSWORD
from tests.browser.tour import TOUR, Stop, enter

PHONE = {"width": 360, "height": 780}
DESK = {"width": 1280, "height": 900}


class Windows:
    """One window for each member, opened when first needed."""

    def __init__(self, stack: ExitStack, browser: Browser, site: str) -> None:
        self.stack, self.browser, self.site = stack, browser, site
        self.open: dict[str, Page] = {}

    def of(self, who: str) -> Page:
        if who not in self.open:
            page = self.stack.enter_context(window(self.browser, self.site))
            enter(page, who)
            self.open[who] = page
        return self.open[who]


@pytest.fixture(scope="module")
def windows(browser: Browser, site: str) -> Iterator[Windows]:
    with ExitStack() as stack:
        yield Windows(stack, browser, site)


@pytest.mark.parametrize("stop", TOUR, ids=lambda stop: stop.name)
def test_nothing_stands_in_anybodys_way(
    stop: Stop, windows: Windows, complaints: Complaints
):
    page = windows.of(stop.who)
    complaints.listen_to(page)
    page.set_viewport_size(PHONE)
    page.emulate_media(color_scheme="dark")
    stop.visit(page)

    assert not barriers(page)
    assert not is_too_wide(page)

    page.set_viewport_size(DESK)
    page.emulate_media(color_scheme="light")

    assert not barriers(page)

    page.set_viewport_size(PHONE)
    page.evaluate("document.documentElement.dir = 'rtl'")

    assert not is_too_wide(page)


def test_wagtails_own_bar_keeps_the_policy_as_well(page: Page):
    page.goto("/admin/login/")
    page.get_by_label("Username").fill("editor")
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in").click()
    page.wait_for_url("**/admin/")

    page.goto("/")

    page.locator("wagtail-userbar").wait_for(state="attached")
