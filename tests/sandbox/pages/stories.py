"""What the tests of the pages begin with."""

from __future__ import annotations

from functools import cached_property
from typing import Any

import stripe

KEY = "sk_test_sandbox_pages"

ACCEPTED = "4242 4242 4242 4242"
DECLINED = "4000 0000 0000 0002"
ASKS = "4000 0027 6000 3184"

SUCCESS = "https://shop.example/thanks?session={CHECKOUT_SESSION_ID}"
CANCEL = "https://shop.example/plans"
RETURN = "https://shop.example/account"


def a_card(number: str = ACCEPTED, **changed: str) -> dict[str, str]:
    """What somebody types into the card form."""
    typed = {
        "number": number,
        "expiry": "12/44",
        "cvc": "123",
        "name": "Ada Lovelace",
        "country": "GB",
    }
    return {**typed, **changed}


class Shop:
    """A business and its plan."""

    key = KEY

    def __init__(self, client: stripe.StripeClient) -> None:
        self.client = client
        self.v1 = client.v1

    @cached_property
    def price(self) -> stripe.Price:
        product = self.v1.products.create({"name": "Supporter"})
        return self.v1.prices.create(
            {
                "product": product.id,
                "currency": "eur",
                "unit_amount": 1200,
                "recurring": {"interval": "month"},
            }
        )

    @cached_property
    def customer(self) -> stripe.Customer:
        return self.v1.customers.create({"name": "Ada", "email": "ada@shop.example"})

    def checkout(self, **params: Any) -> stripe.checkout.Session:
        """A session to subscribe to the plan."""
        defaults = {
            "mode": "subscription",
            "line_items": [{"price": self.price.id, "quantity": 1}],
            "success_url": SUCCESS,
            "cancel_url": CANCEL,
        }
        return self.v1.checkout.sessions.create({**defaults, **params})

    def session(self, session_id: str) -> stripe.checkout.Session:
        return self.v1.checkout.sessions.retrieve(session_id)

    def subscription(self, method: str = "pm_card_visa", **params: Any) -> Any:
        """The customer's subscription, charged to a test card."""
        attached = self.v1.payment_methods.attach(
            method, {"customer": self.customer.id}
        )
        order = {
            "customer": self.customer.id,
            "items": [{"price": self.price.id}],
            "default_payment_method": attached.id,
            "expand": ["latest_invoice"],
        }
        return self.v1.subscriptions.create({**order, **params})

    def portal(self, **features: Any) -> stripe.billing_portal.Session:
        """A portal session under a configuration with these features."""
        flow = features.pop("flow_data", None)
        configuration = self.v1.billing_portal.configurations.create(
            {"features": {"invoice_history": {"enabled": True}, **features}}
        )
        params: dict[str, Any] = {
            "customer": self.customer.id,
            "configuration": configuration.id,
            "return_url": RETURN,
        }
        if flow:
            params["flow_data"] = flow
        return self.v1.billing_portal.sessions.create(params)
