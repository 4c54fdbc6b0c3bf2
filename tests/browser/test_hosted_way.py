"""The same on Stripe's page: there by a click, back to what the site knows already."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, expect

from tests.browser.chromium import barriers, is_too_wide
from tests.browser.steps import manage, press

OTHER_WAY = "Or do this on Stripe's page"

pytestmark = pytest.mark.usefixtures("held_back_webhooks")


def test_a_plan_is_changed_there(page_without_javascript: Page):
    page = page_without_javascript
    manage(page)
    press(page, "Change plan", OTHER_WAY)
    page.get_by_label(re.compile(r"Supporter.*a year", re.S)).check()
    press(page, "Continue", re.compile("Confirm and pay"))

    expect(page.get_by_text("You are on Supporter · yearly now.")).to_be_visible()
    expect(page.get_by_role("link", name="Change plan")).to_be_visible()


def test_a_smaller_plan_waits_and_is_undone_here(page_without_javascript: Page):
    page = page_without_javascript
    manage(page)
    press(page, "Change plan", "Switch to Reader · monthly", OTHER_WAY, "Confirm")

    expect(page.get_by_text("Scheduled: this changes on")).to_be_visible()
    expect(page.get_by_text("From then on you have: Reader · monthly")).to_be_visible()

    press(page, "Undo this change")
    expect(page.get_by_text("Nothing changes: you keep Supporter")).to_be_visible()


def test_a_member_leaves_there_and_stays_after_all(page_without_javascript: Page):
    page = page_without_javascript
    manage(page)
    press(page, "Cancel subscription", OTHER_WAY, "Cancel subscription")

    expect(page.get_by_text("You keep access until").first).to_be_visible()

    press(page, "Keep subscription")
    expect(page.get_by_text("goes on as before.")).to_be_visible()


def test_a_member_rests_there(page_without_javascript: Page):
    page = page_without_javascript
    manage(page)
    press(page, "Pause", OTHER_WAY)
    page.get_by_label("2 months, until").check()
    press(page, "Pause subscription")

    expect(page.get_by_text("Supporter is paused until")).to_be_visible()
    expect(page.get_by_role("link", name="Resume")).to_be_visible()


def test_who_turns_back_finds_everything_as_it_was(page_without_javascript: Page):
    page = page_without_javascript
    manage(page)
    press(page, "Cancel subscription", OTHER_WAY, "Keep subscription")

    expect(page.get_by_text("Active", exact=True)).to_be_visible()
    expect(page.get_by_role("link", name="Cancel subscription")).to_be_visible()


@pytest.mark.parametrize("width", [360, 1280])
def test_the_other_way_is_in_nobodys_way(page: Page, width: int):
    manage(page)
    page.set_viewport_size({"width": width, "height": 900})
    here = page.url
    for act in ("Change plan", "Cancel subscription", "Pause"):
        page.goto(here)
        press(page, act)

        box = page.get_by_role("button", name=OTHER_WAY).bounding_box()
        assert box
        assert box["height"] >= 44
        assert not is_too_wide(page)
        assert not barriers(page)
