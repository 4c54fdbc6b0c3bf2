"""The payment element suits its site: language, colours, direction, keys, width."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import pytest
import stripe
from playwright.sync_api import expect

from tests.browser.chromium import barriers
from tests.browser.stripe_js.conftest import Buyer

NIGHT = {"theme": "night", "variables": {"borderRadius": "2px"}}


@pytest.fixture
def secret(v1: stripe.V1Services, customer: str) -> str:
    kinds = ["card", "sepa_debit", "paypal", "link"]
    return v1.setup_intents.create(
        {"customer": customer, "allowed_payment_method_types": kinds}
    ).client_secret


def show(buyer: Buyer, secret: str, **options: Any) -> None:
    buyer.visit(
        method="confirmSetup",
        redirect="if_required",
        elements={"clientSecret": secret, **options},
    )


def picture(buyer: Buyer, name: str) -> None:
    """Keep what it looks like, for somebody who wants to see it."""
    if folder := os.environ.get("PICTURES"):
        buyer.page.screenshot(path=Path(folder) / f"{name}.png", full_page=True)


@pytest.mark.parametrize("theme", ["stripe", "night"])
@pytest.mark.parametrize("width", [360, 1280])
def test_nothing_stands_in_anybodys_way(buyer, secret, width, theme):
    buyer.page.set_viewport_size({"width": width, "height": 900})
    scheme = "dark" if theme == "night" else "light"
    buyer.page.emulate_media(color_scheme=scheme)
    show(buyer, secret, appearance={"theme": theme})
    buyer.go_on()
    expect(buyer.frame.get_by_text("Enter the card number.")).to_be_visible()
    picture(buyer, f"{theme}-{width}")

    assert not barriers(buyer.page)
    frame = buyer.page.frames[1]
    for direction in ("ltr", "rtl"):
        frame.evaluate(f"document.documentElement.dir = '{direction}'")
        picture(buyer, f"{theme}-{width}-{direction}")
        assert frame.evaluate("document.documentElement.scrollWidth <= innerWidth")


def test_it_speaks_the_sites_language(buyer, secret):
    show(buyer, secret, locale="de")
    buyer.go_on()

    assert buyer.result()["error"]["message"] == "Geben Sie die Kartennummer ein."
    expect(buyer.field("Kartennummer")).to_be_focused()
    picture(buyer, "german")


def test_the_sites_look_gets_in(buyer, secret):
    rules = {".Input": {"backgroundColor": "rgb(1, 2, 3)"}, "body": {"color": "red"}}
    show(buyer, secret, appearance={**NIGHT, "rules": rules})
    field = buyer.field("Card number")

    expect(field).to_have_css("border-top-left-radius", "2px")
    expect(field).to_have_css("background-color", "rgb(1, 2, 3)")


def test_everything_is_done_by_keyboard(buyer, secret):
    show(buyer, secret)
    press = buyer.page.keyboard
    buyer.page.evaluate("element.focus()")
    expect(buyer.field("Card number")).to_be_focused()
    for text in ("4242424242424242", "1234", "123", "United K"):
        press.type(text)
        press.press("Tab")
    buyer.page.get_by_role("button", name="Go on").focus()
    press.press("Enter")

    assert buyer.result()["setupIntent"]["status"] == "succeeded"
