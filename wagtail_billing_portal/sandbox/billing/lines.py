"""The lines of an invoice."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

from wagtail_billing_portal.sandbox.billing import amounts, tiers
from wagtail_billing_portal.sandbox.billing.fields import Json
from wagtail_billing_portal.sandbox.contract import skeleton
from wagtail_billing_portal.sandbox.world import World


def for_item(
    world: World, subscription: Json, item: Json, *, of: tuple[int, int] | None = None
) -> list[Json]:
    """What an item costs for its current period, or for its part within ``of``.

    One line for each tier that the quantity enters, otherwise a single one.
    """
    period = {"start": item["current_period_start"], "end": item["current_period_end"]}
    drawn = _parts(world, subscription, item, Decimal(item["quantity"] or 0), period)
    for line in drawn if of else ():
        start, end = of or (0, 0)
        part = period["end"] - period["start"]
        line["amount"] = amounts.share(line["amount"], part=part, of=end - start)
        line["subtotal"] = line["amount"]
    return drawn


def for_usage(
    world: World, subscription: Json, item: Json, quantity: Decimal, period: Json
) -> list[Json]:
    """What was used of a metered item in a period; nothing used is a line of 0."""
    return _parts(world, subscription, item, quantity, period)


def _parts(
    world: World, subscription: Json, item: Json, quantity: Decimal, period: Json
) -> list[Json]:
    price, currency = item["price"], subscription["currency"]
    trial = subscription["status"] == "trialing"
    return [
        {
            **_line(world, price, currency, part.quantity, 0 if trial else part.amount),
            "description": _describe(world, subscription, item, part),
            "discountable": True,
            "discounts": list(item["discounts"]),
            "parent": _parent(subscription, item, proration=False),
            "period": dict(period),
            "pricing": pricing(price, currency, part),
            "subscription": subscription["id"],
            "_sandbox": {"tax_rates": [rate["id"] for rate in item["tax_rates"] or []]},
        }
        for part in tiers.parts(price, currency, quantity)
    ]


def for_invoice_item(world: World, invoice_item: Json) -> Json:
    """A pending invoice item, taken onto an invoice."""
    details = (invoice_item["parent"] or {}).get("subscription_details") or {}
    proration, extra = invoice_item["proration"], invoice_item.get("proration_details")
    return {
        **_blank_line(world, invoice_item["currency"]),
        "amount": invoice_item["amount"],
        "description": invoice_item["description"],
        "discount_amounts": list((extra or {}).get("discount_amounts") or []),
        "discountable": invoice_item["discountable"],
        "discounts": list(invoice_item["discounts"] or []),
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
        "pricing": invoice_item["pricing"],
        "quantity": invoice_item["quantity"],
        "quantity_decimal": invoice_item["quantity_decimal"],
        "subscription": details.get("subscription"),
        "subtotal": invoice_item["amount"],
        "_sandbox": {
            "tax_behavior": invoice_item.get("_sandbox", {}).get("tax_behavior"),
            "tax_rates": [rate["id"] for rate in invoice_item["tax_rates"] or []],
        },
    }


def pricing(price: Json, currency: str, part: tiers.Part | None = None) -> Json:
    """Which price a line goes by; ``part`` where only one of its tiers counts."""
    unit = amounts.unit_amount(price, currency)
    if part is not None:
        unit = Decimal(part.amount) if part.unit_amount is None else part.unit_amount
    return {
        "price_details": {"price": price["id"], "product": price["product"]},
        "type": "price_details",
        "unit_amount_decimal": amounts.plain(unit),
    }


def day(moment: int) -> str:
    """A date inside an English sentence, such as "5 May 2026"."""
    date = dt.datetime.fromtimestamp(moment, tz=dt.UTC)
    return f"{date.day} {date:%b} {date.year}"


def product_name(world: World, price: Json) -> str:
    """What the product of a price is called."""
    return str(world.get("product", price["product"])["name"])


def _line(
    world: World, price: Json, currency: str, quantity: int | Decimal, amount: int
) -> Json:
    whole = quantity == int(quantity)
    return {
        **_blank_line(world, currency),
        "amount": amount,
        "pricing": pricing(price, currency),
        "quantity": int(quantity) if whole else None,
        "quantity_decimal": amounts.plain(Decimal(quantity)),
        "subtotal": amount,
    }


def _blank_line(world: World, currency: str) -> Json:
    return {
        **skeleton("line_item"),
        "id": world.new_id("il_"),
        "currency": currency,
        "discount_amounts": [],
        "discounts": [],
        "metadata": {},
        "pretax_credit_amounts": [],
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


def _describe(world: World, subscription: Json, item: Json, part: tiers.Part) -> str:
    name = product_name(world, item["price"])
    if subscription["status"] == "trialing":
        return f"Trial period for {name}"
    many = amounts.plain(Decimal(part.quantity))
    if not part.label:
        return f"{many} × {name} (at {rate(subscription, item['price'])})"
    currency = subscription["currency"]
    unit = part.amount if part.unit_amount is None else amounts.whole(part.unit_amount)
    every = _every(item["price"])
    return (
        f"{many} × {name} ({part.label} at {amounts.display(unit, currency)} {every})"
    )


def rate(subscription: Json, price: Json) -> str:
    """A price in words, such as "€12.00 / month"."""
    currency = subscription["currency"]
    unit = amounts.whole(amounts.unit_amount(price, currency))
    return f"{amounts.display(unit, currency)} {_every(price)}"


def _every(price: Json) -> str:
    recurring = price["recurring"]
    count, interval = recurring["interval_count"], recurring["interval"]
    return f"/ {interval}" if count == 1 else f"every {count} {interval}s"
