"""From one billing period to the next."""

from __future__ import annotations

from wagtail_billing_portal.sandbox.billing import drafts, lines, usage
from wagtail_billing_portal.sandbox.billing.fields import Json
from wagtail_billing_portal.sandbox.billing.periods import period_end
from wagtail_billing_portal.sandbox.world import World


def advance(world: World, subscription: Json, *, reason: str) -> Json:
    """Begin the next period of every item whose period is over, and draft its bill.

    The subscription is changed but not saved; the invoice is not stored either.
    """
    starts = [item["current_period_start"] for item in _due(world, subscription)]
    since = min(starts, default=world.now)
    drawn = next_lines(world, subscription)
    pending = pending_items(world, subscription)
    invoice = bill(world, subscription, pending, more=drawn, reason=reason, since=since)
    subscription["latest_invoice"] = invoice["id"]
    return invoice


def next_lines(world: World, subscription: Json) -> list[Json]:
    """Move the items whose period is over to their next one; what that costs."""
    drawn = []
    for item in _due(world, subscription):
        if usage.is_metered(item):
            until = item["current_period_end"]
            drawn += usage.outstanding(world, subscription, item, until)
            _begin_period(world, subscription, item)
            continue
        whole = _begin_period(world, subscription, item)
        drawn += lines.for_item(world, subscription, item, of=whole)
    return drawn


def pending_items(world: World, subscription: Json) -> list[Json]:
    """What waits for a subscription's next invoice, newest first."""
    return [
        item
        for item in world.find("invoiceitem", customer=subscription["customer"])
        if item["invoice"] is None and _is_for(item, subscription)
    ]


def bill(
    world: World,
    subscription: Json,
    pending: list[Json],
    *,
    reason: str,
    more: list[Json] | None = None,
    since: int | None = None,
) -> Json:
    """Draft an invoice that takes pending items along."""
    invoice_id = world.new_id("in_")
    taken = []
    for item in pending:
        item["invoice"] = invoice_id
        world.save(item)
        taken.append(lines.for_invoice_item(world, item))
    return drafts.draft(
        world,
        subscription,
        [*taken, *(more or [])],
        reason=reason,
        since=since,
        invoice_id=invoice_id,
    )


def _due(world: World, subscription: Json) -> list[Json]:
    newest_first = reversed(subscription["items"]["data"])
    return [item for item in newest_first if item["current_period_end"] <= world.now]


def _begin_period(
    world: World, subscription: Json, item: Json
) -> tuple[int, int] | None:
    start = item["current_period_end"]
    end = period_end(
        start,
        anchor=subscription["billing_cycle_anchor"],
        recurring=item["price"]["recurring"],
    )
    cancel_at = subscription["cancel_at"]
    item["current_period_start"], item["current_period_end"] = start, end
    if cancel_at is None or cancel_at >= end:
        return None
    item["current_period_end"] = cancel_at
    return start, end


def _is_for(item: Json, subscription: Json) -> bool:
    details = (item["parent"] or {}).get("subscription_details") or {}
    return bool(details.get("subscription") == subscription["id"])
