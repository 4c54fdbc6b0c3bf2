"""What an invoice would say; nothing is stored and nothing is announced."""

from __future__ import annotations

from typing import Any

from wagtail_billing_portal.sandbox.billing import (
    cancellation,
    changes,
    cycles,
    drafts,
    lifecycle,
    lines,
    orders,
    proration,
    standing,
    usage,
)
from wagtail_billing_portal.sandbox.billing.fields import Json
from wagtail_billing_portal.sandbox.errors import InvalidRequest, ResourceMissing
from wagtail_billing_portal.sandbox.world import World

CHANGES = (
    "cancel_at",
    "cancel_at_period_end",
    "cancel_now",
    "items",
    "proration_behavior",
    "proration_date",
)


def of_new(world: World, params: Json, details: Json) -> Json:
    """The first invoice of a subscription that does not exist yet."""
    order = {**details, "customer": params["customer"]}
    if "currency" in params:
        order["currency"] = params["currency"]
    subscription = orders.build(world, order)
    invoice = lifecycle.first_invoice(world, subscription)
    invoice["parent"]["subscription_details"]["subscription"] = subscription["id"]
    return _as_preview(world, invoice)


def of_running(world: World, subscription: Json, details: Json) -> Json:
    """The next invoice of a subscription, or the one that a change brings at once."""
    if subscription["status"] in standing.ENDED:
        raise _nothing_upcoming(subscription)
    at = details.get("proration_date", world.now)
    prorated = changes.change_items(world, subscription, details)
    behavior = details.get("proration_behavior", "create_prorations")
    if details.get("cancel_now"):
        if behavior != "none":
            prorated += [
                proration.credit(world, subscription, item, at=at)
                for item in subscription["items"]["data"]
                if not usage.is_metered(item)
            ]
        used = usage.of_all(world, subscription)
        return _draft(world, subscription, prorated, used)
    cancellation.write(world, subscription, details)
    if prorated and behavior == "always_invoice":
        return _draft(world, subscription, prorated, [])
    return _at_period_end(world, subscription, prorated)


def _at_period_end(world: World, subscription: Json, prorated: list[Json]) -> Json:
    pending = [*prorated, *cycles.pending_items(world, subscription)]
    moment = standing.period_end(subscription)
    cancel_at = subscription["cancel_at"]
    ends = cancel_at is not None and cancel_at <= moment
    if ends and not pending:
        raise _nothing_upcoming(subscription)
    with world.at(moment):
        if subscription["status"] == "trialing":
            subscription["status"] = "active"
        more = [] if ends else cycles.next_lines(world, subscription)
        return _draft(world, subscription, pending, more)


def _draft(
    world: World, subscription: Json, pending: list[Json], more: list[Json]
) -> Json:
    taken = [lines.for_invoice_item(world, item) for item in pending]
    if not taken and not more:
        raise _nothing_upcoming(subscription)
    invoice = drafts.draft(world, subscription, [*taken, *more], reason="upcoming")
    return _as_preview(world, invoice)


def _as_preview(world: World, invoice: Json) -> Json:
    preview_id = world.new_id("upcoming_in_")
    for line in invoice["lines"]["data"]:
        line["invoice"] = preview_id
    invoice["lines"]["url"] = f"/v1/invoices/{preview_id}/lines"
    invoice.update(id=preview_id, billing_reason="upcoming", auto_advance=False)
    return invoice


def _nothing_upcoming(subscription: Json) -> InvalidRequest:
    return InvalidRequest(
        f"No upcoming invoices for customer: '{subscription['customer']}'",
        code="invoice_upcoming_none",
        status=404,
    )


def running(world: World, params: Json) -> Json:
    """The subscription that a preview is about; it must be the customer's."""
    subscription: Json = world.get(
        "subscription", params["subscription"], param="subscription"
    )
    customer: Any = params.get("customer", subscription["customer"])
    if subscription["customer"] != customer:
        raise ResourceMissing("subscription", subscription["id"], param="subscription")
    return subscription
