"""The lines of an invoice."""

from __future__ import annotations

import datetime as dt

from wagtail_billing_portal.sandbox.billing import amounts
from wagtail_billing_portal.sandbox.billing.fields import Json
from wagtail_billing_portal.sandbox.contract import skeleton
from wagtail_billing_portal.sandbox.world import World


def for_item(
    world: World, subscription: Json, item: Json, *, of: tuple[int, int] | None = None
) -> Json:
    """What an item costs for its current period, or for its part within ``of``."""
    price, quantity = item["price"], item["quantity"]
    period = {"start": item["current_period_start"], "end": item["current_period_end"]}
    amount = amounts.line_amount(price, subscription["currency"], quantity)
    if of is not None:
        start, end = of
        part = period["end"] - period["start"]
        amount = amounts.share(amount, part=part, of=end - start)
    if subscription["status"] == "trialing":
        amount = 0
    return {
        **_line(world, price, subscription["currency"], quantity, amount),
        "description": _describe(world, subscription, item),
        "discountable": True,
        "parent": _parent(subscription, item, proration=False),
        "period": period,
        "subscription": subscription["id"],
    }


def for_invoice_item(world: World, invoice_item: Json) -> Json:
    """A pending invoice item, taken onto an invoice."""
    details = (invoice_item["parent"] or {}).get("subscription_details") or {}
    price = world.get("price", invoice_item["pricing"]["price_details"]["price"])
    proration = invoice_item["proration"]
    quantity = invoice_item["quantity"]
    currency, amount = invoice_item["currency"], invoice_item["amount"]
    return {
        **_line(world, price, currency, quantity, amount),
        "description": invoice_item["description"],
        "discountable": invoice_item["discountable"],
        "metadata": invoice_item["metadata"],
        "parent": {
            "invoice_item_details": {
                "invoice_item": invoice_item["id"],
                "proration": proration,
                "proration_details": {"credited_items": None} if proration else None,
                "subscription": details.get("subscription"),
            },
            "subscription_item_details": None,
            "type": "invoice_item_details",
        },
        "period": invoice_item["period"],
        "subscription": details.get("subscription"),
    }


def pricing(price: Json, currency: str) -> Json:
    """Which price a line goes by."""
    return {
        "price_details": {"price": price["id"], "product": price["product"]},
        "type": "price_details",
        "unit_amount_decimal": amounts.plain(amounts.unit_amount(price, currency)),
    }


def day(moment: int) -> str:
    """A date inside an English sentence, such as "5 May 2026"."""
    date = dt.datetime.fromtimestamp(moment, tz=dt.UTC)
    return f"{date.day} {date:%b} {date.year}"


def product_name(world: World, price: Json) -> str:
    """What the product of a price is called."""
    return str(world.get("product", price["product"])["name"])


def _line(world: World, price: Json, currency: str, quantity: int, amount: int) -> Json:
    return {
        **skeleton("line_item"),
        "id": world.new_id("il_"),
        "amount": amount,
        "currency": currency,
        "discount_amounts": [],
        "discounts": [],
        "metadata": {},
        "pretax_credit_amounts": [],
        "pricing": pricing(price, currency),
        "quantity": quantity,
        "quantity_decimal": str(quantity),
        "subtotal": amount,
        "taxes": [],
    }


def _parent(subscription: Json, item: Json, *, proration: bool) -> Json:
    return {
        "invoice_item_details": None,
        "subscription_item_details": {
            "invoice_item": None,
            "proration": proration,
            "proration_details": {"credited_items": None},
            "subscription": subscription["id"],
            "subscription_item": item["id"],
        },
        "type": "subscription_item_details",
    }


def _describe(world: World, subscription: Json, item: Json) -> str:
    name = product_name(world, item["price"])
    if subscription["status"] == "trialing":
        return f"Trial period for {name}"
    return f"{item['quantity']} × {name} (at {rate(subscription, item['price'])})"


def rate(subscription: Json, price: Json) -> str:
    """A price in words, such as "€12.00 / month"."""
    currency = subscription["currency"]
    unit = amounts.whole(amounts.unit_amount(price, currency))
    recurring = price["recurring"]
    count, interval = recurring["interval_count"], recurring["interval"]
    every = f"/ {interval}" if count == 1 else f"every {count} {interval}s"
    return f"{amounts.display(unit, currency)} {every}"
