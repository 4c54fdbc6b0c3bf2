"""Leaving, and whatever keeps somebody who wanted to."""

from __future__ import annotations

import re

from playwright.sync_api import Page, expect

from tests.browser.steps import manage, press

AT_THE_END = re.compile("when what you paid for is used up")


def leave(page: Page, reason: str) -> None:
    """As far as the answer to the reason."""
    press(page, "Cancel subscription")
    page.get_by_label(reason).check()
    press(page, "Continue to cancel")


def test_leaving_says_until_when_and_can_be_undone(page_without_javascript: Page):
    page = page_without_javascript
    manage(page)
    leave(page, "I don't use it enough")
    expect(page.get_by_text("You can pause instead.")).to_be_visible()
    press(page, "Go on cancelling")
    end = page.get_by_label(AT_THE_END)
    end.check()
    until = page.get_by_text(AT_THE_END).inner_text().split(",")[0].removeprefix("On ")
    press(page, "Cancel Supporter")

    promise = page.get_by_text(f"You keep access until {until}.")
    expect(promise.first).to_be_visible()

    press(page, "Keep subscription")

    expect(page.get_by_text("Active", exact=True)).to_be_visible()
    expect(promise).to_have_count(0)


def test_an_offer_that_fits_keeps_a_member(page_without_javascript: Page):
    page = page_without_javascript
    manage(page, "Reader")
    leave(page, "It's too expensive")
    expect(page.get_by_text("is £2.50 then")).to_be_visible()
    press(page, "Take the offer")

    expect(page.get_by_text("goes on, and the offer is applied.")).to_be_visible()
    expect(page.get_by_text("50% off until")).to_be_visible()

    leave(page, "It's too expensive")

    # It is made once.
    expect(page.get_by_label("Today, at once")).to_be_visible()


def test_who_ends_it_at_once_is_paid_back_and_may_come_back(
    page_without_javascript: Page,
):
    page = page_without_javascript
    manage(page)
    leave(page, "I've found something else")
    page.get_by_label("Today, at once").check()
    expect(page.get_by_text("£10.00 is paid back to you")).to_be_visible()
    press(page, "Cancel Supporter")

    expect(page.get_by_text("Supporter has ended.")).to_be_visible()

    press(page, "Subscribe again")

    expect(page.get_by_label("Card number")).to_be_visible()
