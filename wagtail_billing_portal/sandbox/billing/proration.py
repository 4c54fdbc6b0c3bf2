"""What a change in the middle of a period costs or gives back."""

from __future__ import annotations

from typing import Literal

from wagtail_billing_portal.sandbox.billing import amounts, lines, periods
from wagtail_billing_portal.sandbox.billing.fields import Json
from wagtail_billing_portal.sandbox.contract import skeleton
from wagtail_billing_portal.sandbox.world import World


def credit(world: World, subscription: Json, item: Json, *, at: int) -> Json:
    """The unused part of what an item cost so far."""
    return _invoice_item(world, subscription, item, at=at, sign=-1, word="Unused")


def debit(world: World, subscription: Json, item: Json, *, at: int) -> Json:
    """The rest of the period at what an item costs from now on."""
    return _invoice_item(world, subscription, item, at=at, sign=1, word="Remaining")


def _invoice_item(
    world: World,
    subscription: Json,
    item: Json,
    *,
    at: int,
    sign: Literal[-1, 1],
    word: str,
) -> Json:
    price, currency = item["price"], subscription["currency"]
    end = item["current_period_end"]
    # A period may be cut short: what counts is its share of a whole one.
    whole = periods.around(
        item["current_period_start"],
        anchor=subscription["billing_cycle_anchor"],
        recurring=price["recurring"],
    )
    full = amounts.line_amount(price, currency, item["quantity"])
    amount = sign * amounts.share(full, part=end - at, of=whole[1] - whole[0])
    return {
        **skeleton("invoiceitem"),
        "id": world.new_id("ii_"),
        "amount": amount,
        "currency": currency,
        "customer": subscription["customer"],
        "date": world.now,
        "description": _describe(world, item, f"{word} time", at=at),
        "discountable": False,
        "net_amount": amount,
        "parent": {
            "subscription_details": {
                "subscription": subscription["id"],
                "subscription_item": item["id"],
            },
            "type": "subscription_details",
        },
        "period": {"start": at, "end": end},
        "pricing": lines.pricing(price, currency),
        "proration": True,
        "quantity": item["quantity"],
        "quantity_decimal": str(item["quantity"]),
        "tax_rates": [],
    }


def _describe(world: World, item: Json, what: str, *, at: int) -> str:
    many = f"{item['quantity']} × " if item["quantity"] != 1 else ""
    name = lines.product_name(world, item["price"])
    return f"{what} on {many}{name} after {lines.day(at)}"
