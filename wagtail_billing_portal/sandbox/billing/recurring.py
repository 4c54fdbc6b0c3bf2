"""What a subscription charges period by period, whatever the next invoice says."""

from __future__ import annotations

from collections.abc import Iterable

from wagtail_billing_portal.sandbox.billing import discounts, drafts, lines
from wagtail_billing_portal.sandbox.billing.fields import Json
from wagtail_billing_portal.sandbox.billing.periods import period_end
from wagtail_billing_portal.sandbox.world import World


def bill(world: World, subscription: Json) -> Json | None:
    """One whole period of every item; nothing if the subscription ends before.

    No trial, no proration, nothing that waits, no balance, and no discount that is
    good for one invoice only. For use while pretending: the customer is changed.
    """
    later = {**subscription, "status": "active"}
    held = subscription["items"]["data"]
    since = min(item["current_period_start"] for item in held)
    later["items"] = {
        **subscription["items"],
        "data": [_in_next_period(world, subscription, item) for item in held],
    }
    coming = later["items"]["data"]
    moment = min(item["current_period_start"] for item in coming)
    if subscription["cancel_at"] is not None and subscription["cancel_at"] <= moment:
        return None
    with world.at(moment):
        for holder in (later, *coming):
            holder["discounts"] = _lasting(world, holder["discounts"])
        _leave_aside(world, subscription["customer"])
        drawn = [
            line
            for item in reversed(coming)
            for line in lines.for_item(world, later, item)
        ]
        return drafts.draft(world, later, drawn, reason="upcoming", since=since)


def _in_next_period(world: World, subscription: Json, item: Json) -> Json:
    """An item in the first whole period that has not begun yet."""
    anchor, rhythm = subscription["billing_cycle_anchor"], item["price"]["recurring"]
    soonest = max(item["current_period_end"], world.now)
    start = period_end(soonest - 1, anchor=anchor, recurring=rhythm)
    end = period_end(start, anchor=anchor, recurring=rhythm)
    return {**item, "current_period_start": start, "current_period_end": end}


def _lasting(world: World, ids: Iterable[str]) -> list[str]:
    """The discounts that are good by now, and for more than one invoice."""
    return [
        discount["id"]
        for discount in discounts.in_force(world, ids, world.now)
        if discounts.coupon_of(discount)["duration"] != "once"
    ]


def _leave_aside(world: World, customer_id: str) -> None:
    """Let a customer owe nothing, and have a discount only if it lasts."""
    customer = world.get("customer", customer_id)
    own = customer["discount"]
    if own and not _lasting(world, [own["id"]]):
        customer["discount"] = None
    customer["balance"] = 0
    world.save(customer)
