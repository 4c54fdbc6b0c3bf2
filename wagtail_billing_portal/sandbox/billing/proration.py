"""What a change in the middle of a period costs or gives back."""

from __future__ import annotations

from wagtail_billing_portal.sandbox.billing import amounts, debits, lines, periods
from wagtail_billing_portal.sandbox.billing import discounts as reductions
from wagtail_billing_portal.sandbox.billing.debits import Unused
from wagtail_billing_portal.sandbox.billing.fields import Json
from wagtail_billing_portal.sandbox.contract import skeleton
from wagtail_billing_portal.sandbox.world import World


def credit(world: World, subscription: Json, item: Json, *, at: int) -> Json:
    """The unused part of what an item cost so far.

    Flexible billing gives back what was charged, classic billing goes by today's price.
    """
    flexible = subscription["billing_mode"]["type"] == "flexible"
    if flexible and debits.are_known(item):
        unused = debits.unused(world, item, at)
    else:
        unused = _cost(world, subscription, item, at, item["current_period_end"])
    end = item["current_period_end"]
    back = Unused(
        gross=-unused.gross,
        net=-unused.net,
        origin=unused.origin,
        discounts={id: -amount for id, amount in unused.discounts.items()},
    )
    return _invoice_item(world, subscription, item, back, (at, end), "Unused time")


def debit(world: World, subscription: Json, item: Json, *, at: int) -> Json:
    """The rest of the period at what an item costs from now on; noted with the item."""
    end = item["current_period_end"]
    cost = _cost(world, subscription, item, at, end)
    asked = _invoice_item(world, subscription, item, cost, (at, end), "Remaining time")
    debits.record(item, [debits.by_item(asked)])
    return asked


def _cost(world: World, subscription: Json, item: Json, start: int, end: int) -> Unused:
    # A period may be cut short: what counts is its share of a whole one.
    whole = periods.around(
        item["current_period_start"],
        anchor=subscription["billing_cycle_anchor"],
        recurring=item["price"]["recurring"],
    )
    length = whole[1] - whole[0]
    full = _full(subscription, item)
    taken = {
        id: amounts.share(amount, part=end - start, of=length)
        for id, amount in _reduced_by(world, subscription, item).items()
    }
    gross = amounts.share(full, part=end - start, of=length)
    return Unused(gross, gross - sum(taken.values()), None, taken)


def _full(subscription: Json, item: Json) -> int:
    if item["price"]["recurring"]["usage_type"] == "metered":
        return 0
    return amounts.line_amount(
        item["price"], subscription["currency"], item["quantity"]
    )


def _reduced_by(world: World, subscription: Json, item: Json) -> dict[str, int]:
    """What each discount takes off a whole period of one item beside the others."""
    if not subscription["discounts"] and not item["discounts"]:
        return {}
    others = [it for it in subscription["items"]["data"] if it["id"] != item["id"]]
    priced = [
        {
            "amount": _full(subscription, one),
            "discount_amounts": [],
            "discountable": True,
            "discounts": one["discounts"],
            "pricing": lines.pricing(one["price"], subscription["currency"]),
        }
        for one in (item, *others)
    ]
    shared = reductions.in_force(world, subscription["discounts"], world.now)
    reductions.share(world, priced, shared, subscription["currency"])
    return {one["discount"]: one["amount"] for one in priced[0]["discount_amounts"]}


def _invoice_item(
    world: World,
    subscription: Json,
    item: Json,
    sums: Unused,
    period: tuple[int, int],
    what: str,
) -> Json:
    price, currency = item["price"], subscription["currency"]
    flexible = subscription["billing_mode"]["flexible"] or {}
    itemized = flexible.get("proration_discounts") == "itemized"
    start, end = period
    return {
        **skeleton("invoiceitem"),
        "id": world.new_id("ii_"),
        "amount": sums.gross if itemized else sums.net,
        "currency": currency,
        "customer": subscription["customer"],
        "date": world.now,
        "description": _describe(world, item, what, at=start),
        "discountable": False,
        "discounts": [],
        "net_amount": sums.net,
        "parent": {
            "subscription_details": {
                "subscription": subscription["id"],
                "subscription_item": item["id"],
            },
            "type": "subscription_details",
        },
        "period": {"start": start, "end": end},
        "pricing": lines.pricing(price, currency),
        "proration": True,
        "proration_details": {
            "credited_items": sums.origin,
            "discount_amounts": [
                {"amount": amount, "discount": id}
                for id, amount in sums.discounts.items()
            ]
            if itemized
            else [],
        },
        "quantity": item["quantity"],
        "quantity_decimal": str(item["quantity"]),
        "tax_rates": item["tax_rates"],
    }


def _describe(world: World, item: Json, what: str, *, at: int) -> str:
    many = f"{item['quantity']} × " if item["quantity"] != 1 else ""
    name = lines.product_name(world, item["price"])
    return f"{what} on {many}{name} after {lines.day(at)}"
