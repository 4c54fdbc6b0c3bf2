"""From one billing period to the next."""

from __future__ import annotations

from wagtail_billing_portal.sandbox.billing import debits, drafts, lines, usage
from wagtail_billing_portal.sandbox.billing.fields import Json
from wagtail_billing_portal.sandbox.billing.periods import around
from wagtail_billing_portal.sandbox.world import World


def advance(world: World, subscription: Json, *, reason: str) -> Json:
    """Begin the next period of every item whose period is over, and draft its bill.

    The subscription is changed but not saved; the invoice is not stored either.
    """
    due = _due(world, subscription)
    starts = [item["current_period_start"] for item in due]
    since = min(starts, default=world.now)
    drawn = next_lines(world, subscription)
    pending = pending_items(world, subscription)
    invoice = bill(world, subscription, pending, more=drawn, reason=reason, since=since)
    for item in due:
        debits.billed_by(item, invoice["id"])
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
        asked = lines.for_item(world, subscription, item, of=whole)
        debits.record(item, debits.by_lines(None, asked))
        drawn += asked
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
    trial_end, cancel_at = subscription["trial_end"], subscription["cancel_at"]
    if subscription["status"] == "trialing":
        item["current_period_start"], item["current_period_end"] = start, trial_end
        return None
    behavior = subscription["trial_settings"]["end_behavior"]
    if start == trial_end and behavior["billing_cycle_anchor"] == "now":
        subscription["billing_cycle_anchor"] = start
    anchor = subscription["billing_cycle_anchor"]
    whole = around(start, anchor=anchor, recurring=item["price"]["recurring"])
    end = whole[1] if cancel_at is None else min(cancel_at, whole[1])
    item["current_period_start"], item["current_period_end"] = start, end
    return None if (start, end) == whole else whole


def _is_for(item: Json, subscription: Json) -> bool:
    details = (item["parent"] or {}).get("subscription_details") or {}
    return bool(details.get("subscription") == subscription["id"])
