"""Another plan and extras, in a browser that runs no scripts."""

from __future__ import annotations

import re

from playwright.sync_api import Page, expect

from tests.browser.steps import subscribe


def press(page: Page, *words: str) -> None:
    """Follow links and press buttons by their words, one after the other."""
    for word in words:
        link = page.get_by_role("link", name=word)
        link.or_(page.get_by_role("button", name=word)).first.click()


def test_a_member_changes_plan_and_knows_the_sum_before(
    page_without_javascript: Page,
):
    page = page_without_javascript
    subscribe(page)
    press(page, "Manage subscription", "Change plan", "Switch to Supporter · yearly")
    expect(page.get_by_text("Then, on")).to_be_visible()
    pay = page.get_by_role("button", name=re.compile(r"Pay £\d+\.\d\d and switch"))
    pay.click()

    expect(page.get_by_text("You are on Supporter · yearly now.")).to_be_visible()

    press(page, "Change plan", "Switch to Reader · monthly", "Change on")
    expect(page.get_by_text("Scheduled: this changes on")).to_be_visible()
    expect(page.get_by_text("From then on you have: Reader · monthly")).to_be_visible()

    press(page, "Undo this change")
    expect(page.get_by_text("Nothing changes: you keep Supporter")).to_be_visible()


def test_a_member_takes_extras_counts_them_and_lets_them_go(
    page_without_javascript: Page,
):
    page = page_without_javascript
    subscribe(page)
    press(page, "Manage subscription", "Extras", "Add Printed copies · monthly")
    press(page, "Pay £3.00 and add")

    expect(page.get_by_text("Printed copies · monthly is added.")).to_be_visible()

    press(page, "Extras", "Remove Printed copies · monthly", "Change on")
    expect(page.get_by_text("Scheduled: this changes on")).to_be_visible()
