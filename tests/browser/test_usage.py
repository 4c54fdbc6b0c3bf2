"""What was used, looked up in a browser that runs no scripts."""

from __future__ import annotations

from playwright.sync_api import Page, expect

from tests.browser.steps import become
from tests.browser.tour import KAYA


def test_a_member_sees_how_far_she_is_and_what_comes(page_without_javascript: Page):
    page = page_without_javascript
    become(page, KAYA)
    page.goto("/your-account/")
    page.get_by_role("link", name="Manage subscription").click()
    page.get_by_role("link", name="See your usage").click()

    steps = page.get_by_role("listitem").filter(has_text="per page")
    expect(page.get_by_text("312 used so far")).to_be_visible()
    expect(steps).to_have_count(3)
    expect(steps.nth(0)).to_contain_text("100 used")
    expect(steps.nth(1)).to_have_attribute("aria-current", "step")
    expect(steps.nth(1)).to_contain_text("212 used")
    expect(page.get_by_text("£0.06 per page. From 501 on")).to_be_visible()
    expect(page.get_by_text("Estimate, tax included")).to_be_visible()

    bars = steps.locator("svg rect")
    widths = [bar.bounding_box()["width"] for bar in bars.all()[:2]]
    assert widths[1] < widths[0]
