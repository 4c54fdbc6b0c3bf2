"""Three subscriptions, none, and none for years."""

from __future__ import annotations

from playwright.sync_api import Page, expect

from tests.browser.steps import become, press
from tests.browser.tour import DAN, GWEN, HANA, IGOR


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
