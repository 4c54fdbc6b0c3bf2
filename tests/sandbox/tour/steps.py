"""What the chapters of the tour begin with."""

from __future__ import annotations

from typing import Any, Protocol

import stripe


class Listing(Protocol):
    data: list[Any]


def ids(found: Listing) -> list[str]:
    return [one.id for one in found.data]


def a_product(v1: stripe.V1Services, name: str = "Gold") -> str:
    return v1.products.create({"name": name}).id


def a_price(
    v1: stripe.V1Services,
    amount: int = 1200,
    *,
    product: str | None = None,
    interval: str | None = "month",
) -> str:
    order: dict[str, Any] = {"currency": "eur", "unit_amount": amount}
    order["product"] = product or a_product(v1)
    if interval:
        order["recurring"] = {"interval": interval}
    return v1.prices.create(order).id


def a_customer(
    v1: stripe.V1Services, card: str | None = "pm_card_visa", **params: Any
) -> str:
    customer = v1.customers.create({"email": "ada@example.com", **params}).id
    if card:
        use_card(v1, customer, card)
    return customer


def use_card(v1: stripe.V1Services, customer: str, card: str) -> str:
    method = v1.payment_methods.attach(card, {"customer": customer})
    settings = {"default_payment_method": method.id}
    v1.customers.update(customer, {"invoice_settings": settings})
    return method.id


def a_subscription(
    v1: stripe.V1Services, customer: str | None = None, **params: Any
) -> stripe.Subscription:
    order: dict[str, Any] = {"customer": customer or a_customer(v1), **params}
    order.setdefault("items", [{"price": a_price(v1)}])
    return v1.subscriptions.create(order)
