"""How often what is pending is billed, without waiting for a renewal."""

from __future__ import annotations

from wagtail_billing_portal.sandbox.billing.fields import Json
from wagtail_billing_portal.sandbox.billing.periods import period_end
from wagtail_billing_portal.sandbox.errors import InvalidRequest
from wagtail_billing_portal.sandbox.world import World

PARAM = "pending_invoice_item_interval"
REASON = "automatic_pending_invoice_item_invoice"
_NEXT = "next_pending_invoice_item_invoice"
_IN_A_YEAR = {"day": 365, "week": 52, "month": 12, "year": 1}


def write(world: World, subscription: Json, params: Json) -> None:
    """Apply ``pending_invoice_item_interval``; an empty string takes it back."""
    if PARAM not in params:
        return
    sent = params[PARAM] or None
    if sent is None:
        subscription.update({PARAM: None, _NEXT: None})
        world.private(subscription).get("moments", {}).pop(PARAM, None)
        return
    interval, count = sent["interval"], sent.get("interval_count", 1)
    if not 1 <= count <= _IN_A_YEAR[interval]:
        raise InvalidRequest(
            "What is pending must be billed at least once a year.",
            param=f"{PARAM}[interval_count]",
        )
    subscription[PARAM] = {"interval": interval, "interval_count": count}
    plan(world, subscription)


def is_due(world: World, subscription: Json) -> bool:
    """Whether it is time to bill what is pending."""
    moment = subscription["_sandbox"].get("moments", {}).get(PARAM)
    return moment is not None and bool(moment <= world.now)


def plan(world: World, subscription: Json) -> None:
    """Set the next time; the subscription is still to be saved."""
    moment = period_end(
        world.now,
        anchor=subscription["billing_cycle_anchor"],
        recurring=subscription[PARAM],
    )
    subscription[_NEXT] = moment
    world.private(subscription).setdefault("moments", {})[PARAM] = moment
