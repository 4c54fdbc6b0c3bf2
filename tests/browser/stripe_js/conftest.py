from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any
from urllib.parse import urlencode

import pytest
import stripe
from playwright.sync_api import Browser, FrameLocator, Locator, Page, expect

from tests.browser.chromium import PATIENCE, Complaints, window
from tests.browser.stripe_js.shop_site import shop_site
from tests.tools.sandbox_process import sandbox_process

ACCOUNT = "test_sandbox_in_a_browser"
RELEASE = "endive"
FIRST_HEARD = """([event, patience]) => new Promise((resolve, reject) => {
  const look = () => {
    const found = window.heard.find((it) => it.event === event);
    if (found) resolve(found); else setTimeout(look, 20);
  };
  setTimeout(() => reject(new Error(`Nothing was heard of ${event}.`)), patience);
  look();
})"""


@pytest.fixture(scope="session")
def origin() -> Iterator[str]:
    """A sandbox at an origin that is not the shop's."""
    with sandbox_process() as (_, origin):
        yield origin


@pytest.fixture(scope="session")
def shop(origin: str) -> Iterator[str]:
    sources = {name: [origin] for name in ("connect-src", "frame-src", "script-src")}
    with shop_site(f"{origin}/{RELEASE}/stripe.js", sources) as address:
        yield address


@pytest.fixture(scope="session")
def v1(origin: str) -> stripe.V1Services:
    """The shop's server, as far as it talks to Stripe."""
    return stripe.StripeClient(f"sk_{ACCOUNT}", base_addresses={"api": origin}).v1


@pytest.fixture
def customer(v1: stripe.V1Services) -> str:
    return v1.customers.create({"name": "Ada", "email": "ada@shop.example"}).id


class Buyer:
    """Somebody in front of the shop's page."""

    def __init__(self, page: Page) -> None:
        self.page = page

    def visit(self, **wished: Any) -> None:
        query = {"key": f"pk_{ACCOUNT}", "do": json.dumps(wished)}
        self.page.goto(f"/?{urlencode(query)}")
        if "elements" in wished and not wished.get("fails"):
            self.page.locator("body[data-ready]").wait_for()

    @property
    def frame(self) -> FrameLocator:
        return self.page.frame_locator("#payment iframe")

    @property
    def bank(self) -> FrameLocator:
        return self.page.frame_locator("dialog iframe")

    def type_card(self, number: str = "4242424242424242", **typed: str) -> None:
        values = {"Expiry date": "12/34", "Security code": "123", **typed}
        for label, text in {"Card number": number, **values}.items():
            self.field(label).fill(text)
        self.field("Country").select_option("GB")

    def field(self, label: str) -> Locator:
        """A field that is shown: the ways to pay have some in common."""
        return self.frame.get_by_label(label).filter(visible=True)

    def go_on(self) -> None:
        self.page.get_by_role("button", name="Go on").click()

    def result(self) -> Any:
        """What the shop's script was given at last."""
        expect(self.page.locator("output")).not_to_be_empty()
        return json.loads(self.page.locator("output").text_content() or "")

    def heard(self, event: str) -> list[Any]:
        found: list[Any] = self.page.evaluate("window.heard")
        return [one for one in found if one["event"] == event]

    def waits_for(self, event: str) -> Any:
        """The first of its kind. Playwright's own way to wait needs ``unsafe-eval``."""
        return self.page.evaluate(FIRST_HEARD, [event, PATIENCE])


@pytest.fixture
def buyer(browser: Browser, shop: str, complaints: Complaints) -> Iterator[Buyer]:
    with window(browser, shop) as page:
        complaints.listen_to(page)
        yield Buyer(page)
