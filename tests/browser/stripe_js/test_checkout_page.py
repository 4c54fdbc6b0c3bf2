"""A whole checkout in the page, by createEmbeddedCheckoutPage."""

from __future__ import annotations

from typing import Any

import pytest
import stripe
from playwright.sync_api import expect

from tests.browser.stripe_js.conftest import Buyer


def a_session(v1: stripe.V1Services, **params: Any) -> stripe.checkout.Session:
    return v1.checkout.sessions.create(
        {
            "mode": "payment",
            "ui_mode": "embedded_page",
            "line_items": [
                {
                    "quantity": 1,
                    "price_data": {
                        "currency": "eur",
                        "unit_amount": 1200,
                        "product_data": {"name": "Bread"},
                    },
                }
            ],
            **params,
        }
    )


def pay(buyer: Buyer, session: stripe.checkout.Session) -> None:
    buyer.visit(checkout=session.client_secret)
    buyer.field("E-mail address").fill("ada@shop.example")
    buyer.type_card(**{"Name on card": "Ada"})
    buyer.frame.get_by_role("button", name="Pay €12.00").click()


@pytest.fixture
def staying(v1: stripe.V1Services) -> stripe.checkout.Session:
    return a_session(v1, redirect_on_completion="never")


def test_the_site_hears_when_all_is_paid(buyer, staying, v1):
    pay(buyer, staying)

    assert buyer.result() == {"complete": True}
    assert v1.checkout.sessions.retrieve(staying.id).payment_status == "paid"


def test_the_visitor_is_taken_to_where_the_session_says(buyer, shop, v1):
    session = a_session(v1, return_url=f"{shop}/thanks?s={{CHECKOUT_SESSION_ID}}")
    pay(buyer, session)

    buyer.page.wait_for_url(f"{shop}/thanks?s={session.id}")


def test_a_checkout_is_as_tall_as_its_form_and_goes_when_told(buyer, staying):
    buyer.visit(checkout=staying.client_secret)
    expect(buyer.field("Card number")).to_be_visible()

    assert buyer.page.locator("iframe").bounding_box()["height"] > 600

    buyer.page.evaluate("checkout.unmount()")
    expect(buyer.page.locator("iframe")).to_have_count(0)
    buyer.page.evaluate("checkout.destroy()")
