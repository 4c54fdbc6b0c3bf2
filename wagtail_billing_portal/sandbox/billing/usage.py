"""Metered items on invoices: what was used, billed after the fact."""

from __future__ import annotations

from decimal import Decimal

from wagtail_billing_portal.sandbox.billing import lines, meters
from wagtail_billing_portal.sandbox.billing.fields import Json
from wagtail_billing_portal.sandbox.contract import skeleton
from wagtail_billing_portal.sandbox.world import World

MARK = "usage"


def is_metered(item: Json) -> bool:
    """Whether an item is billed for what was used, at the end of its period."""
    return bool(item["price"]["recurring"]["usage_type"] == "metered")


def outstanding(world: World, subscription: Json, item: Json, until: int) -> list[Json]:
    """The lines of what an item used and nobody was billed for yet."""
    return _lines(world, subscription, item, until)


def of_all(world: World, subscription: Json) -> list[Json]:
    """What all metered items used up to now, where that costs something."""
    drawn = []
    for item in reversed(subscription["items"]["data"]):
        if is_metered(item):
            until = min(world.now, item["current_period_end"])
            drawn += outstanding(world, subscription, item, until)
    return [line for line in drawn if line["amount"]]


def settle(world: World, subscription: Json, item: Json) -> list[Json]:
    """What an item used before it changed or went away, to be billed later.

    From here on the item counts from zero.
    """
    until = min(world.now, item["current_period_end"])
    drawn = outstanding(world, subscription, item, until)
    forget(world, item)
    return [
        _invoice_item(world, subscription, item, line)
        for line in drawn
        if line["amount"]
    ]


def forget(world: World, item: Json) -> None:
    """Leave aside what was used so far: it is billed already, or given away."""
    item["_sandbox"] = {**item.get("_sandbox", {}), "usage_from": world.now}


def recount(world: World, invoice: Json) -> None:
    """Take in what was reported late, as long as an invoice is a draft."""
    invoice["lines"]["data"] = [
        again
        for line in invoice["lines"]["data"]
        for again in _again(world, invoice, line)
    ]


def _again(world: World, invoice: Json, line: Json) -> list[Json]:
    mark = line.get("_sandbox", {}).get(MARK)
    if mark is None:
        return [line]
    if not mark["first"]:
        return []
    subscription = world.get("subscription", mark["subscription"])
    was = {**subscription, "status": mark["status"]}
    fresh = _lines(world, was, mark["item"], mark["end"])
    fresh[0].update({name: line[name] for name in ("id", "discounts", "metadata")})
    return [{**one, "invoice": invoice["id"]} for one in fresh]


def _lines(world: World, subscription: Json, item: Json, until: int) -> list[Json]:
    used = _quantity(world, subscription, item, until)
    period = {"end": until, "start": item["current_period_start"]}
    drawn = lines.for_usage(world, subscription, item, used, period)
    for index, line in enumerate(drawn):
        world.private(line)[MARK] = {
            "end": until,
            "first": index == 0,
            "item": dict(item),
            "status": subscription["status"],
            "subscription": subscription["id"],
        }
    return drawn


def _quantity(world: World, subscription: Json, item: Json, until: int) -> Decimal:
    counted_from = max(
        item["current_period_start"],
        item.get("_sandbox", {}).get("usage_from", 0),
        subscription["trial_end"] or 0,  # what is used during a trial is free
    )
    if counted_from >= until or subscription["status"] == "trialing":
        return Decimal(0)
    meter, customer = item["price"]["recurring"]["meter"], subscription["customer"]
    return meters.usage(world, meter, customer, counted_from, until)


def _invoice_item(world: World, subscription: Json, item: Json, line: Json) -> Json:
    return {
        **skeleton("invoiceitem"),
        "id": world.new_id("ii_"),
        "amount": line["amount"],
        "currency": subscription["currency"],
        "customer": subscription["customer"],
        "date": world.now,
        "description": line["description"],
        "discountable": True,
        "net_amount": line["amount"],
        "parent": {
            "subscription_details": {
                "subscription": subscription["id"],
                "subscription_item": item["id"],
            },
            "type": "subscription_details",
        },
        "period": line["period"],
        "pricing": line["pricing"],
        "proration": False,
        "quantity": line["quantity"],
        "quantity_decimal": line["quantity_decimal"],
        "tax_rates": [],
    }
