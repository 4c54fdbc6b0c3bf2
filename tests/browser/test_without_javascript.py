from __future__ import annotations

import re

from playwright.sync_api import Page, expect

from tests.browser.steps import pay, start_subscribing


def test_everything_but_the_card_itself_works_without_scripts(
    page_without_javascript: Page,
):
    page = page_without_javascript
    page.goto("/plans/")
    page.get_by_role("link", name="Yearly").click()
    expect(page.get_by_text("£100")).to_be_visible()

    start_subscribing(page)

    expect(page).to_have_url(re.compile("/stripe-sandbox/checkout/"))


def test_the_sandbox_needs_no_scripts_either(page_without_javascript: Page):
    page = page_without_javascript
    start_subscribing(page)
    pay(page)

    expect(page.get_by_text("Active", exact=True)).to_be_visible()
