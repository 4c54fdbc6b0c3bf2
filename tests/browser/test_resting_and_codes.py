"""A pause, and a promotion code."""

from __future__ import annotations

from playwright.sync_api import Page, expect

from tests.browser.steps import manage, press


def redeem(page: Page, code: str) -> None:
    page.get_by_text("Redeem a promotion code").click()
    page.get_by_label("Promotion code").fill(code)
    press(page, "Apply code")


def test_a_member_rests_and_is_back_before_the_time(page_without_javascript: Page):
    page = page_without_javascript
    manage(page)
    press(page, "Pause")
    page.get_by_label("2 months, until").check()
    expect(page.get_by_text("Ends at once, and comes back")).to_be_visible()
    press(page, "Pause")

    expect(page.get_by_text("Supporter is paused until")).to_be_visible()
    expect(page.get_by_text("Paused", exact=True).first).to_be_visible()

    press(page, "Resume")
    # What was not used is given back, and the same is due for the new month.
    expect(page.get_by_text("-£10.00")).to_be_visible()
    press(page, "Resume")

    expect(page.get_by_text("Supporter goes on.")).to_be_visible()
    expect(page.get_by_text("Active", exact=True)).to_be_visible()


def test_a_code_takes_something_off_until_the_member_lets_go_of_it(
    page_without_javascript: Page,
):
    page = page_without_javascript
    manage(page)
    redeem(page, "BAGUETTE")

    expect(page.get_by_text("This code can't be used here.")).to_be_visible()

    redeem(page, "crumbs")

    expect(page.get_by_text("20% off until")).to_be_visible()

    press(page, "Remove CRUMBS")

    expect(page.get_by_text("The discount is removed.")).to_be_visible()
    expect(page.get_by_text("20% off until")).to_have_count(0)
