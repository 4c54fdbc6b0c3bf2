from __future__ import annotations

import datetime as dt
from typing import Any

import stripe

from wagtail_billing_portal.sandbox import clock
from wagtail_billing_portal.sandbox.billing import checkout
from wagtail_billing_portal.sandbox.billing.outcomes import Outcome
from wagtail_billing_portal.sandbox.world import World

DAY = 86_400
HOUR = 3_600

VISA = "4242424242424242"
DECLINED = "4000000000000002"
IBAN, POOR_IBAN = "DE89370400440532013000", "DE65370400440002222227"
NEEDS_3DS = "4000002760003184"


def moment(year: int, month: int, day: int, hour: int = 0) -> int:
    return int(dt.datetime(year, month, day, hour, tzinfo=dt.UTC).timestamp())


def typed_card(number: str = VISA, **fields: Any) -> dict[str, Any]:
    card = {"number": number, "exp_month": 12, "exp_year": 2034, "cvc": "123"}
    return {**card, "name": "Ada Byron", "country": "GB", **fields}


class Shop:
    """A seller with a price or two, and a hand on the clock."""

    def __init__(self, api: stripe.V1Services, world: World) -> None:
        self.api = api
        self.world = world
        clock.travel(world, moment(2026, 3, 1))

    def price(self, amount: int = 1200, name: str = "Gold", **params: Any) -> str:
        order = {
            "currency": "eur",
            "product_data": {"name": name},
            "recurring": {"interval": "month"},
            "unit_amount": amount,
            **params,
        }
        return self.api.prices.create(order).id

    def customer(self, card: str | None = "pm_card_visa", **params: Any) -> str:
        customer = self.api.customers.create({"email": "ada@example.com", **params}).id
        if card:
            method = self.api.payment_methods.attach(card, {"customer": customer})
            settings = {"default_payment_method": method.id}
            self.api.customers.update(customer, {"invoice_settings": settings})
        return customer

    def subscribe(
        self, card: str | None = "pm_card_visa", **params: Any
    ) -> stripe.Subscription:
        params.setdefault("customer", self.customer(card))
        params.setdefault("items", [{"price": self.price()}])
        return self.api.subscriptions.create(params)

    def session(self, **params: Any) -> stripe.checkout.Session:
        order = {
            "mode": "subscription",
            "success_url": "https://shop.test/done?id={CHECKOUT_SESSION_ID}",
            "cancel_url": "https://shop.test/",
            **params,
        }
        if order["mode"] == "subscription":
            order.setdefault("line_items", [{"price": self.price(), "quantity": 1}])
        return self.api.checkout.sessions.create(order)

    def pay(self, session: stripe.checkout.Session, number: str = VISA) -> Outcome:
        card = typed_card(number)
        return checkout.pay(self.world, session.id, card=card, email="ada@example.com")

    def debit(self, session: stripe.checkout.Session, iban: str = IBAN) -> Outcome:
        account = {"type": "sepa_debit", "sepa_debit": {"iban": iban}}
        typed = {"email": "ada@example.com"}
        return checkout.pay(self.world, session.id, account=account, typed=typed)

    def authenticate(self, intent_id: str, *, succeed: bool = True) -> Outcome:
        return checkout.finish_authentication(self.world, intent_id, succeed=succeed)

    def travel(self, to: int) -> None:
        clock.travel(self.world, to)

    def wait(self, *, days: int = 0, hours: int = 0) -> None:
        self.travel(self.world.now + days * DAY + hours * HOUR)

    def subscription(self, subscription: str) -> stripe.Subscription:
        return self.api.subscriptions.retrieve(subscription)

    def invoices(self, **params: Any) -> list[stripe.Invoice]:
        return list(self.api.invoices.list({"limit": 100, **params}).data)

    def events(self, about: str = "") -> list[str]:
        """The types of what happened, oldest first, of objects of a kind."""
        found = self.api.events.list({"limit": 100}).auto_paging_iter()
        return [
            event.type
            for event in reversed(list(found))
            if about in ("", event.data.object["object"])
        ]

    def last_event(self, type_: str) -> stripe.Event:
        return self.api.events.list({"type": type_, "limit": 1}).data[0]
