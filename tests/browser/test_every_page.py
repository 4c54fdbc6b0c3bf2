"""Every page, looked at by axe on a phone and on a desk, in both colour schemes.

Every other page is dark on the phone, the rest is dark on the desk.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack
from typing import Literal

import pytest
from playwright.sync_api import Browser, Page

from tests.browser.chromium import Complaints, barriers, is_too_wide, window
from tests.browser.site import PASSWORD
from tests.browser.tour import TOUR, Stop, enter

Scheme = Literal["dark", "light"]
PHONE = {"width": 360, "height": 780}
DESK = {"width": 1280, "height": 900}
SCHEMES: tuple[tuple[Scheme, Scheme], ...] = (("dark", "light"), ("light", "dark"))


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
    on_the_phone, on_the_desk = SCHEMES[TOUR.index(stop) % 2]
    page.set_viewport_size(PHONE)
    page.emulate_media(color_scheme=on_the_phone)
    stop.visit(page)

    assert not barriers(page)
    assert not is_too_wide(page)

    page.set_viewport_size(DESK)
    page.emulate_media(color_scheme=on_the_desk)

    assert not barriers(page)

    page.evaluate("document.documentElement.dir = 'rtl'")

    assert not is_too_wide(page)

    page.set_viewport_size(PHONE)

    assert not is_too_wide(page)


def test_wagtails_own_bar_keeps_the_policy_as_well(page: Page):
    page.goto("/admin/login/")
    page.get_by_label("Username").fill("editor")
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in").click()
    page.wait_for_url("**/admin/")

    page.goto("/")

    page.locator("wagtail-userbar").wait_for(state="attached")
