"""Cards that do not simply pay."""

from __future__ import annotations

from playwright.sync_api import Page, expect

from tests.browser.steps import ASKS_THE_BANK, DECLINED, PAYS, pay, start_subscribing


def test_a_declined_card_is_told_and_another_one_pays(page: Page):
    start_subscribing(page)
    pay(page, DECLINED)

    expect(page.get_by_text("Your card was declined.").first).to_be_visible()

    pay(page, PAYS)

    expect(page.get_by_text("Active", exact=True)).to_be_visible()


def test_a_payment_that_the_bank_confirms(page: Page):
    start_subscribing(page)
    pay(page, ASKS_THE_BANK)
    page.get_by_role("button", name="Complete authentication").click()

    expect(page.get_by_text("Active", exact=True)).to_be_visible()


def test_a_payment_that_the_bank_does_not_confirm(page: Page):
    start_subscribing(page)
    pay(page, ASKS_THE_BANK)
    page.get_by_role("button", name="Fail authentication").click()

    expect(page.get_by_text("Your bank could not confirm").first).to_be_visible()

    page.goto("/your-account/")

    expect(page.get_by_text("Active", exact=True)).to_have_count(0)
