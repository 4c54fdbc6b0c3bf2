"""What the example site is filled with."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.browser.site import manage
from tests.browser.steps import become
from tests.browser.tour import (
    ADA,
    BELA,
    CHLOE,
    DAN,
    ELIF,
    JONAS,
    KAYA,
    LUCA,
    MAXIMILIANA,
)

COUNT = """
from wagtail.models import Page
from wagtail_billing_portal.models import Customer, Invoice, Price
from wagtail_billing_portal.sandbox.models import StoredObject
kinds = [Page, Customer, Invoice, Price, StoredObject]
print(*[kind.objects.count() for kind in kinds])
"""


@pytest.mark.parametrize(
    ("who", "state"),
    [
        (ADA, "Active"),
        (BELA, "Active"),
        (CHLOE, "Free trial"),
        (DAN, "Payment overdue"),
        (ELIF, "Ending"),
        (KAYA, "Active"),
        (LUCA, "Active"),
        (MAXIMILIANA, "Active"),
    ],
)
def test_members_are_found_in_their_states(page: Page, who: str, state: str):
    become(page, who)

    page.goto("/your-account/")

    badge = page.locator(".billing-card").first.locator(".billing-badge").first
    expect(badge).to_have_text(state)


def test_german_pages_ask_for_euros(page: Page):
    become(page, JONAS)

    page.goto("/de/abos/")

    expect(page.locator(".billing-amount").first).to_contain_text("5 €")
    expect(page.locator(".billing-plan .billing-name").first).to_have_text("Leseabo")


def test_filling_the_site_again_adds_nothing(site: str, site_folder: Path):
    before = manage(site_folder, "shell", "-v0", "-c", COUNT)

    again = manage(site_folder, "demo_seed")

    assert again.returncode == 0, again.stderr
    after = manage(site_folder, "shell", "-v0", "-c", COUNT)
    assert before.stdout == after.stdout != ""


def test_the_mirror_is_what_the_sandbox_has(site: str, site_folder: Path):
    done = manage(site_folder, "billing_reconcile", "--full")

    told = done.stdout + done.stderr
    assert "default: 0 missed events." in told, told
    assert "default: 0 differences." in told, told
