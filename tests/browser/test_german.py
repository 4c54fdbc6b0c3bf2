"""The main job again, by somebody who reads German."""

from __future__ import annotations

import re
import uuid

from playwright.sync_api import Page, expect

from tests.browser.steps import PAYS


def test_a_german_reader_pays_in_euros_and_comes_back_to_a_german_page(page: Page):
    page.goto("/de/abos/")
    reader = page.locator(".billing-plan").first
    reader.locator(".billing-button").click()
    page.get_by_role("link", name="Konto anlegen").click()
    page.get_by_label("Name").fill("Käthe Müller")
    page.get_by_label("E-Mail").fill(f"{uuid.uuid4().hex[:12]}@example.com")
    page.get_by_label("Passwort").fill("ein Stück Brot")
    page.get_by_role("button", name="Konto anlegen").click()

    expect(page).to_have_url(re.compile("/de/abos/"))

    reader.locator("button").click()
    page.locator("[name=number]").fill(PAYS)
    page.locator("[name=expiry]").fill("12/34")
    page.locator("[name=cvc]").fill("123")
    page.locator("[name=name]").fill("Käthe Müller")
    page.locator("form button[type=submit]").click()

    expect(page).to_have_url(re.compile("/de/ihr-konto/"))
    expect(page.get_by_text("Aktiv", exact=True)).to_be_visible()
    expect(page.get_by_text(re.compile(r"5,00\s€")).first).to_be_visible()
