"""The pages of the sandbox that the demo never opens, looked at by axe."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cached_property
from typing import Any

import pytest
import stripe
from playwright.sync_api import Browser, Page

from tests.browser.chromium import Complaints, barriers, window
from tests.browser.test_every_page import DESK, PHONE, is_too_wide
from tests.tools.sandbox_process import sandbox_process

RETURN = "https://shop.example/account"
QUANTITY = {"enabled": True, "minimum": 1, "maximum": 10}
LONG = "Gold, with a rather long name for the plan of a weekly newspaper"


class Portal:
    """A business whose portal offers everything, and one of its customers."""

    def __init__(self, address: str) -> None:
        addresses = {"api": address}
        self.v1 = stripe.StripeClient(
            "sk_test_sandbox_pages", base_addresses=addresses
        ).v1
        self.customer = self.v1.customers.create(
            {"name": "Ada Lovelace", "email": "ada@shop.example"}
        ).id
        self.card = self.v1.payment_methods.attach(
            "pm_card_visa", {"customer": self.customer}
        ).id
        self.small, self.large = self.price("Supporter", 1200), self.price(LONG, 3000)

    def price(self, name: str, amount: int) -> stripe.Price:
        return self.v1.prices.create(
            {
                "product_data": {"name": name},
                "currency": "eur",
                "unit_amount": amount,
                "recurring": {"interval": "month"},
            }
        )

    @cached_property
    def subscription(self) -> stripe.Subscription:
        return self.subscribe()

    def subscribe(self) -> stripe.Subscription:
        return self.v1.subscriptions.create(
            {
                "customer": self.customer,
                "items": [{"price": self.small.id}],
                "default_payment_method": self.card,
                "expand": ["latest_invoice"],
            }
        )

    @cached_property
    def configuration(self) -> stripe.billing_portal.Configuration:
        offered: list[Any] = [
            {"product": it.product, "prices": [it.id], "adjustable_quantity": QUANTITY}
            for it in (self.small, self.large)
        ]
        details: list[Any] = [
            "address",
            "email",
            "name",
            "phone",
            "shipping",
            "tax_id",
        ]
        updates: list[Any] = ["price", "promotion_code", "quantity"]
        return self.v1.billing_portal.configurations.create(
            {
                "business_profile": {"headline": "The Weekly Loaf"},
                "default_return_url": RETURN,
                "login_page": {"enabled": True},
                "features": {
                    "customer_update": {"enabled": True, "allowed_updates": details},
                    "invoice_history": {"enabled": True},
                    "payment_method_update": {"enabled": True},
                    "subscription_cancel": {"enabled": True},
                    "subscription_pause": {"enabled": True},
                    "subscription_update": {
                        "enabled": True,
                        "default_allowed_updates": updates,
                        "products": offered,
                        "proration_behavior": "always_invoice",
                    },
                },
            }
        )

    def session(self, **params: Any) -> str:
        return self.v1.billing_portal.sessions.create(
            {
                "customer": self.customer,
                "configuration": self.configuration.id,
                **params,
            }
        ).url

    def on(self, page: str, subscription: stripe.Subscription | None = None) -> str:
        which = subscription or self.subscription
        return f"{self.session()}subscriptions/{which.id}/{page}"

    def paused(self) -> str:
        rests = self.subscribe()
        self.v1.subscriptions.pause(rests.id)
        return self.on("resume/", rests)

    def retention(self) -> str:
        coupon = self.v1.coupons.create({"percent_off": 25, "duration": "once"}).id
        offer = {"type": "coupon_offer", "coupon_offer": {"coupon": coupon}}
        wish = {"subscription": self.subscription.id, "retention": offer}
        flow = {"type": "subscription_cancel", "subscription_cancel": wish}
        return self.session(flow_data=flow)

    def receipt(self) -> str:
        assert self.subscription
        charge = self.v1.charges.list({"limit": 1}).data[0]
        self.v1.refunds.create({"charge": charge.id, "amount": 100})
        return charge.receipt_url or ""

    def invoice(self) -> str:
        invoice: Any = self.subscription.latest_invoice
        return str(invoice.hosted_invoice_url)


PAGES = {
    "home": lambda portal: portal.session() if portal.subscription else "",
    "german": lambda portal: portal.session(locale="de"),
    "details": lambda portal: f"{portal.session()}details/",
    "update": lambda portal: portal.on("update/"),
    "update refused": lambda portal: portal.on(
        f"update/confirm/?price={portal.small.id}&quantity=99&code=NONE"
    ),
    "confirm": lambda portal: portal.on(
        f"update/confirm/?price={portal.large.id}&quantity=2"
    ),
    "pause": lambda portal: portal.on("pause/"),
    "resume": Portal.paused,
    "retention": Portal.retention,
    "log in": lambda portal: portal.configuration.login_page.url,
    "receipt": Portal.receipt,
    "invoice": Portal.invoice,
}


@pytest.fixture(scope="module")
def portal() -> Iterator[Portal]:
    with sandbox_process() as (_process, address):
        yield Portal(address)


@pytest.fixture
def visitor(browser: Browser, complaints: Complaints) -> Iterator[Page]:
    with window(browser, "http://127.0.0.1") as page:
        complaints.listen_to(page)
        yield page


def look_at(page: Page) -> None:
    page.set_viewport_size(PHONE)
    page.emulate_media(color_scheme="dark")
    assert not barriers(page)
    assert not is_too_wide(page)
    page.set_viewport_size(DESK)
    page.emulate_media(color_scheme="light")
    assert not barriers(page)
    page.set_viewport_size(PHONE)
    page.evaluate("document.documentElement.dir = 'rtl'")
    assert not is_too_wide(page)


@pytest.mark.parametrize("name", PAGES)
def test_nothing_stands_in_anybodys_way(portal: Portal, visitor: Page, name: str):
    visitor.goto(PAGES[name](portal))

    assert visitor.locator("h1").is_visible()
    look_at(visitor)


def test_a_code_is_asked_for_and_opens_the_portal(portal: Portal, visitor: Page):
    visitor.goto(portal.configuration.login_page.url or "")
    visitor.get_by_label("E-mail address").fill("ada@shop.example")
    visitor.get_by_role("button", name="Send me a code").click()
    look_at(visitor)

    code = visitor.locator("code").inner_text()
    visitor.get_by_label("Code").fill(code)
    visitor.get_by_role("button", name="Continue").click()

    assert visitor.get_by_role("heading", name="The Weekly Loaf").is_visible()


def test_a_plan_is_changed_with_the_keyboard_alone(portal: Portal, visitor: Page):
    visitor.goto(portal.on("update/", portal.subscribe()))
    visitor.get_by_role("radio").first.focus()
    visitor.keyboard.press("ArrowDown")
    visitor.keyboard.press("Enter")
    visitor.get_by_role("button", name="Confirm and pay").focus()
    visitor.keyboard.press("Enter")

    visitor.get_by_role("heading", name="Subscriptions").wait_for()
    assert LONG in visitor.content()
