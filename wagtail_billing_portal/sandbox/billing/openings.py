"""What the first bill of a subscription says about its items."""

from __future__ import annotations

from wagtail_billing_portal.sandbox.billing import (
    amounts,
    debits,
    lines,
    periods,
    usage,
)
from wagtail_billing_portal.sandbox.billing.fields import Json
from wagtail_billing_portal.sandbox.world import World


def lines_of(world: World, subscription: Json) -> list[Json]:
    """The first periods; shares of them where the billing date lies nearer."""
    drawn = []
    for item in reversed(subscription["items"]["data"]):
        asked = _first_period(world, subscription, item)
        debits.record(item, debits.by_lines(None, asked))
        drawn += asked
        if subscription["start_date"] < world.now and not usage.is_metered(item):
            drawn.append(_time_before(world, subscription, item))
    return drawn


def _first_period(world: World, subscription: Json, item: Json) -> list[Json]:
    whole = periods.around(
        item["current_period_start"],
        anchor=subscription["billing_cycle_anchor"],
        recurring=item["price"]["recurring"],
    )
    period = (item["current_period_start"], item["current_period_end"])
    if period == whole:
        return lines.for_item(world, subscription, item)
    asked = lines.for_item(world, subscription, item, of=whole)
    if _is_free(subscription) and period[1] != subscription["cancel_at"]:
        for line in asked:
            line.update(amount=0, subtotal=0)
    return asked


def _time_before(world: World, subscription: Json, item: Json) -> Json:
    """What the time since a backdated start costs, whole periods and their shares."""
    start, end = subscription["start_date"], world.now
    past = {**item, "current_period_start": start, "current_period_end": end}
    line = lines.for_item(world, subscription, past)[0]
    unpaid = _is_free(subscription) or subscription["status"] == "trialing"
    cost = 0 if unpaid else _cost(subscription, item, start, end)
    line.update(amount=cost, subtotal=cost)
    return line


def _cost(subscription: Json, item: Json, start: int, end: int) -> int:
    price, currency = item["price"], subscription["currency"]
    full = amounts.line_amount(price, currency, item["quantity"])
    anchor = subscription["billing_cycle_anchor"]
    cost, since = 0, start
    while since < end:
        first, last = periods.around(since, anchor=anchor, recurring=price["recurring"])
        part = min(last, end) - since
        cost += amounts.share(full, part=part, of=last - first)
        since = last
    return cost


def _is_free(subscription: Json) -> bool:
    """Whether the request wanted nothing but whole periods to be charged."""
    return bool(subscription["_sandbox"].get("free_start"))
