"""Three subscriptions, none, none for years, and two that are out of the ordinary."""

from __future__ import annotations

import re

from playwright.sync_api import Page, expect

from tests.browser.steps import become, pay, press
from tests.browser.tour import DAN, GWEN, HANA, IGOR, LUCA, TEAM


def test_each_of_three_subscriptions_says_how_it_is(page: Page):
    become(page, HANA)
    page.goto("/your-account/")

    names = page.locator(".billing-card .billing-name")
    expect(names).to_have_text(
        ["Supporter · yearly", "Bakery team, Printed copies", "Reader · monthly"]
    )
    badges = page.locator(".billing-cards .billing-badge")
    expect(badges).to_have_text(["Active", "Active", "Paused"])

    press(page, "Manage subscription Bakery team")

    expect(page.get_by_text("6 × Bakery team")).to_be_visible()
    expect(page.get_by_text("20% off until")).to_be_visible()


def test_what_cannot_be_done_says_why_and_what_to_do_instead(page: Page):
    become(page, DAN)
    page.goto("/your-account/")
    press(page, "Manage subscription")

    expect(page.get_by_text("A payment is open. Pay it first")).to_be_visible()
    expect(page.get_by_role("link", name="Change plan")).to_have_count(0)

    press(page, "Pay £10.00")

    expect(page.get_by_label("Card number")).to_be_visible()


def test_who_has_nothing_is_shown_the_way_to_the_plans(page: Page):
    become(page, GWEN)
    page.goto("/your-account/")
    expect(page.get_by_text("You have no subscription yet.")).to_be_visible()
    press(page, "See the plans")

    expect(page.get_by_role("button", name="Choose Reader")).to_be_visible()


def test_years_after_the_end_the_invoices_are_there_and_so_is_the_way_back(page: Page):
    become(page, IGOR)
    page.goto("/your-account/")

    expect(page.get_by_text("You have no running subscription.")).to_be_visible()
    expect(page.get_by_role("link", name="PDF of invoice").first).to_be_visible()

    page.get_by_text("1 earlier subscription").click()
    press(page, "Reader · monthly")

    expect(page.locator(".billing-badge")).to_have_text("Ended")
    expect(page.get_by_role("button", name="Subscribe again")).to_be_visible()


def test_who_pays_by_invoice_changes_plan_at_once_and_pays_for_it_with_the_next(
    page: Page,
):
    become(page, LUCA)
    page.goto("/your-account/")
    press(page, "Manage subscription")

    expect(page.get_by_text("An invoice for £5.00 is open.")).to_be_visible()
    expect(page.get_by_text("Please pay it by")).to_be_visible()
    expect(page.get_by_text("Invoice, due within 14 days")).to_be_visible()

    press(page, "Change plan", "Switch to Supporter · monthly")

    expect(page.get_by_text("Nothing is charged today.")).to_be_visible()
    # Ten for the month to come, and what is left of this one.
    bill = page.locator("dl", has_text="Next invoice")
    expect(bill).to_contain_text(re.compile(r"£14\.\d\d"))

    press(page, "Switch")

    expect(page.get_by_text("You are on Supporter · monthly now.")).to_be_visible()

    press(page, "Pay £5.00")
    pay(page)
    expect(page.get_by_text("paid on").first).to_be_visible()
    page.goto("/your-account/")
    press(page, "Manage subscription Supporter")

    expect(page.get_by_text("is open")).to_have_count(0)
    expect(page.get_by_role("term").filter(has_text="Next invoice")).to_be_visible()


def test_what_was_agreed_says_what_comes_and_when_and_whom_to_ask(page: Page):
    become(page, LUCA)
    page.goto("/your-account/")
    press(page, TEAM)

    expect(page.get_by_text("5 × Bakery team")).to_be_visible()
    expect(page.get_by_text(re.compile(r"Changes on \d+ \w+ \d{4}"))).to_be_visible()
    comes = page.get_by_text(
        "From then on you have: Bakery team · monthly, £200.00 a month (8 × £25.00)"
    )
    expect(comes).to_be_visible()
    why = page.get_by_text("were agreed with you individually. Please contact us")
    expect(why).to_be_visible()
    for act in ("Change", "Cancel subscription", "Pause", "Undo this change"):
        doors = page.get_by_role("link", name=act)
        expect(doors.or_(page.get_by_role("button", name=act))).to_have_count(0)
