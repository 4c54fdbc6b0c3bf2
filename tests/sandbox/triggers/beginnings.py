"""What most scripts begin with."""

from __future__ import annotations

from typing import Any

from tests.sandbox.triggers.language import Step, post

DAY = 86_400
LONG_AGO = 1_577_836_800

CUSTOMER = post("customer", "customers", description="made by a script")
PAYER = post(
    "customer",
    "customers",
    payment_method="pm_card_visa",
    invoice_settings={"default_payment_method": "pm_card_visa"},
)
PRODUCT = post("product", "products", name="myproduct")
PRICE = post(
    "price",
    "prices",
    **{
        "product": "${product:id}",
        "unit_amount": "1500",
        "currency": "usd",
        "recurring[interval]": "month",
    },
)
ONE_TIME = post(
    "price", "prices", product="${product:id}", unit_amount=1500, currency="usd"
)
ITEMS = [{"price": "${price:id}"}]
CLOCK = post("clock", "test_helpers/test_clocks", frozen_time=LONG_AGO)


def subscription(**params: Any) -> Step:
    order = {"customer": "${customer:id}", "items": ITEMS, **params}
    return post("subscription", "subscriptions", **order)


def subscribed(payer: Step = PAYER, **params: Any) -> list[Step]:
    return [payer, PRODUCT, PRICE, subscription(**params)]


def on_clock(step: Step) -> Step:
    return Step(step.name, step.request, {**step.params, "test_clock": "${clock:id}"})


def advanced(days: float) -> Step:
    return post(
        "advance",
        "test_helpers/test_clocks/${clock:id}/advance",
        frozen_time=LONG_AGO + int(days * DAY),
    )


def paid(card: str = "pm_card_visa", **params: Any) -> Step:
    order = {
        "amount": 2000,
        "currency": "usd",
        "payment_method": card,
        "payment_method_types": ["card"],
        "confirm": True,
        **params,
    }
    return post("payment_intent", "payment_intents", **order)


def billed(**params: Any) -> list[Step]:
    """An invoice with one line, still a draft."""
    return [
        post(
            "item",
            "invoiceitems",
            customer="${customer:id}",
            amount=2000,
            currency="usd",
        ),
        post(
            "invoice",
            "invoices",
            customer="${customer:id}",
            pending_invoice_items_behavior="include",
            **params,
        ),
    ]


FINALIZED = post("finalized", "invoices/${invoice:id}/finalize")
