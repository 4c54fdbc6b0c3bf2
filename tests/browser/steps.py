"""What a person does on the site, in a person's words."""

from __future__ import annotations

import uuid

from playwright.sync_api import Page, expect

PAYS = "4242424242424242"
DECLINED = "4000000000000002"
ASKS_THE_BANK = "4000002760003184"


def press(page: Page, *words: str) -> None:
    """Follow links and press buttons by their words, one after the other."""
    for word in words:
        link = page.get_by_role("link", name=word)
        link.or_(page.get_by_role("button", name=word)).first.click()


def sign_up(page: Page) -> str:
    """Make an account on the log-in page's way; returns the e-mail address."""
    email = f"{uuid.uuid4().hex[:12]}@example.com"
    page.get_by_role("link", name="Make an account").click()
    page.get_by_label("Name").fill("Nora Lindqvist")
    page.get_by_label("E-mail").fill(email)
    page.get_by_label("Password").fill("a crumb of comfort")
    page.get_by_role("button", name="Make the account").click()
    return email


def choose(page: Page, plan: str) -> None:
    """Click a plan's button."""
    page.get_by_role("link", name=f"Choose {plan}").or_(
        page.get_by_role("button", name=f"Choose {plan}")
    ).click()


def start_subscribing(page: Page, plan: str = "Supporter") -> str:
    """From the plans, by way of a new account, to Stripe's page."""
    page.goto("/plans/")
    choose(page, plan)
    email = sign_up(page)
    choose(page, plan)
    expect(page.get_by_label("Card number")).to_be_visible()
    return email


def pay(page: Page, card: str = PAYS) -> None:
    """Fill in the card and press the button."""
    page.get_by_label("Card number").fill(card)
    page.get_by_label("Expiry date").fill("12/34")
    page.get_by_label("Security code").fill("123")
    page.get_by_label("Name on card").fill("Nora Lindqvist")
    page.get_by_label("Country").select_option("GB")
    page.locator("form button[type=submit]").click()


def subscribe(page: Page, plan: str = "Supporter") -> str:
    """The whole way to a paid subscription."""
    email = start_subscribing(page, plan)
    pay(page)
    expect(page.get_by_role("heading", name="Your account")).to_be_visible()
    return email


def become(page: Page, email: str) -> None:
    """Be a member of the demo, or nobody, by the demo's bar."""
    page.goto("/")
    page.locator(".demo summary").click()
    page.locator(f".demo button[value='{email}']").click()


def manage(page: Page, plan: str = "Supporter") -> None:
    """Subscribe, and open the subscription's page."""
    subscribe(page, plan)
    press(page, "Manage subscription")
