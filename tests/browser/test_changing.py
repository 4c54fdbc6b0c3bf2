"""Another plan, another quantity, and extras."""

from __future__ import annotations

import re

from playwright.sync_api import Page, expect

from tests.browser.chromium import barriers
from tests.browser.steps import ASKS_THE_BANK, manage, pay, press, start_subscribing

PAY_AND_SWITCH = re.compile(r"Pay £\d+\.\d\d and switch")


def test_a_member_changes_plan_and_knows_the_sum_before(
    page_without_javascript: Page,
):
    page = page_without_javascript
    manage(page)
    press(page, "Change plan", "Switch to Supporter · yearly")
    expect(page.get_by_text("Then, on")).to_be_visible()
    page.get_by_role("button", name=PAY_AND_SWITCH).click()

    expect(page.get_by_text("You are on Supporter · yearly now.")).to_be_visible()

    press(page, "Change plan", "Switch to Reader · monthly", "Change on")
    expect(page.get_by_text("Scheduled: this changes on")).to_be_visible()
    expect(page.get_by_text("From then on you have: Reader · monthly")).to_be_visible()

    press(page, "Undo this change")
    expect(page.get_by_text("Nothing changes: you keep Supporter")).to_be_visible()


def test_a_team_grows_at_once_shrinks_later_and_takes_printed_copies(
    page_without_javascript: Page,
):
    page = page_without_javascript
    manage(page, "Bakery team")
    press(page, "Change quantity")
    page.get_by_label("Quantity").first.fill("4")
    press(page, "See what it costs", "Pay £75.00 and change")

    expect(page.get_by_text("Your quantity is 4 now.")).to_be_visible()

    press(page, "Extras", "Add Printed copies · monthly", "Pay £3.00 and add")

    expect(page.get_by_text("Printed copies · monthly is added.")).to_be_visible()

    press(page, "Change quantity")
    page.get_by_label("Quantity").first.fill("2")
    press(page, "See what it costs")
    expect(page.get_by_text("Nothing is charged today.")).to_be_visible()
    press(page, "Change on")
    press(page, "Undo this change")

    expect(page.get_by_text("Nothing changes: you keep Bakery team")).to_be_visible()

    press(page, "Extras", "Remove Printed copies · monthly", "Change on")

    expect(page.get_by_text("Scheduled: this changes on")).to_be_visible()


def test_a_change_waits_for_the_bank_and_the_old_plan_stays_until_then(page: Page):
    start_subscribing(page, "Reader")
    pay(page, ASKS_THE_BANK)
    press(page, "Complete authentication", "Manage subscription")
    press(page, "Change plan", "Switch to Supporter · yearly")
    page.get_by_role("button", name=PAY_AND_SWITCH).click()

    waits = page.get_by_text("A change waits for its payment.", exact=True)
    expect(waits).to_be_visible()
    assert not barriers(page)
    expect(page.get_by_role("heading", name="Reader · monthly")).to_be_visible()

    press(page, "Finish the payment")
    pay(page)
    expect(page.get_by_text("paid on").first).to_be_visible()
    page.goto("/your-account/")

    expect(page.get_by_role("heading", name="Supporter · yearly")).to_be_visible()
