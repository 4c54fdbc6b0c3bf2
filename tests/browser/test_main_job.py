"""Subscribe, see it, read, get the invoice: in a real browser."""

from __future__ import annotations

import re
from io import BytesIO

from playwright.sync_api import Page, expect
from pypdf import PdfReader

from tests.browser.steps import choose, pay, sign_up, start_subscribing, subscribe


def test_a_visitor_sees_three_plans_and_comes_back_to_them_as_a_member(page: Page):
    page.goto("/")
    page.get_by_role("link", name="See the plans").click()

    plans = page.locator(".billing-plan").get_by_role("heading")
    expect(plans).to_have_text(["Reader", "Supporter", "Bakery team"])

    choose(page, "Supporter")
    sign_up(page)

    expect(page).to_have_url(re.compile("/plans/"))
    expect(page.get_by_role("button", name="Choose Supporter")).to_be_visible()


def test_paying_leads_to_an_account_that_says_active(page: Page):
    start_subscribing(page)
    pay(page)

    expect(page).to_have_url(re.compile("/your-account/"))
    expect(page.get_by_text("You are now subscribed to Supporter.")).to_be_visible()
    expect(page.get_by_text("Active", exact=True)).to_be_visible()


def test_the_account_says_active_before_any_webhook(
    page: Page, held_back_webhooks: None
):
    subscribe(page)

    expect(page.get_by_text("Active", exact=True)).to_be_visible()
    expect(page.get_by_role("cell", name="£10.00")).to_be_visible()


def test_the_invoice_is_a_pdf_that_opens(page: Page, site: str):
    subscribe(page)
    number = page.locator(".billing-table td[role=cell]").nth(1).inner_text()

    link = page.get_by_role("link", name=f"PDF of invoice {number}")
    with page.expect_download() as downloading:
        link.click()

    content = downloading.value.path().read_bytes()
    text = "".join(sheet.extract_text() for sheet in PdfReader(BytesIO(content)).pages)
    assert number in text
    assert "Supporter" in text
    assert "10.00" in text


def test_a_member_reads_what_a_visitor_reads_the_beginning_of(page: Page):
    article = "/articles/a-night-at-the-oven/"
    last_words = page.get_by_text("says that Thursday’s was better")
    page.goto(article)
    expect(page.get_by_text("The rest is for members")).to_be_visible()
    expect(last_words).to_have_count(0)

    subscribe(page, "Reader")
    page.goto(article)

    expect(last_words).to_be_visible()
