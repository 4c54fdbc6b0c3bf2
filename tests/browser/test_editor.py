"""An editor puts the portal's blocks on a page, in Wagtail's own admin."""

from __future__ import annotations

import re
import uuid

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.site import PASSWORD

PREVIEWS = {
    "Pricing table": "Choose your plan",
    "Manage subscription": "Your subscription",
    "Invoices": "Your invoices",
}
CHOSEN = ["Bakery team · £25.00 a month", "Reader · £5.00 a month"]


@pytest.fixture
def editor(page: Page) -> Page:
    """The editor's window, on the form of a new page."""
    page.set_viewport_size({"width": 1400, "height": 1000})
    page.goto("/admin/login/")
    page.get_by_label("Username").fill("editor")
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in").click()
    page.get_by_role("link", name="Pages").or_(
        page.get_by_role("button", name="Pages")
    ).first.wait_for()
    page.goto("/admin/pages/")
    home = page.get_by_role("link", name="The Weekly Loaf").first
    number = re.search(r"\d+", home.get_attribute("href") or "")
    assert number
    page.goto(f"/admin/pages/add/loaf_pages/standardpage/{number[0]}/")
    return page


def insert(editor: Page, block: str) -> None:
    """Add a block at the end of the page."""
    editor.get_by_title("Insert a block").last.click()
    editor.get_by_role("option", name=block).click()


def choose_price(editor: Page, title: str) -> None:
    editor.get_by_role("button", name="Choose a price").click()
    editor.get_by_role("link", name=title).click()
    expect(editor.locator("[data-chooser-title]", has_text=title)).to_be_visible()


def add_plan(editor: Page) -> None:
    """One more plan, below the others."""
    plans = editor.locator("[data-contentpath=plans]")
    own_buttons = plans.locator(
        "> div > [data-streamfield-list-container] > [data-streamfield-list-add]"
    )
    own_buttons.last.click()


def preview_of(editor: Page) -> Locator:
    """The page in the preview panel."""
    editor.get_by_role("button", name="Toggle preview").click()
    return editor.frame_locator("#w-preview-iframe").locator(
        ".billing-plan .billing-name"
    )


def publish(editor: Page) -> str:
    """Publish the page, once Wagtail has saved it by itself; returns its address."""
    editor.wait_for_url("**/edit/")
    expect(editor.get_by_text("Saved", exact=True)).to_be_visible()
    editor.get_by_role("button", name="More actions").click()
    editor.get_by_role("button", name="Publish").click()
    address = editor.get_by_role("link", name="View live").first.get_attribute("href")
    assert address
    return address


def test_an_editor_adds_the_blocks_previews_and_publishes(editor: Page):
    title = f"Subscribe here {uuid.uuid4().hex[:6]}"
    editor.get_by_role("textbox", name="Title").fill(title)
    insert(editor, "Pricing table")
    choose_price(editor, CHOSEN[0])
    add_plan(editor)
    choose_price(editor, CHOSEN[1])
    insert(editor, "Manage subscription")
    insert(editor, "Invoices")

    expect(preview_of(editor)).to_have_text(["Bakery team", "Reader"])

    editor.goto(publish(editor))

    plans = editor.locator(".billing-plan").get_by_role("heading")
    expect(plans).to_have_text(["Bakery team", "Reader"])
    expect(editor.locator("section.billing")).to_have_count(3)


def test_the_block_picker_shows_what_each_block_looks_like(editor: Page):
    editor.get_by_title("Insert a block").last.click()
    frame = editor.frame_locator("iframe[src*=block-preview]")

    for block, shown in PREVIEWS.items():
        choice = editor.get_by_role("option", name=block).locator("xpath=..")
        choice.get_by_role("button", name="Preview").click()
        expect(frame.get_by_text(shown).first).to_be_visible()
