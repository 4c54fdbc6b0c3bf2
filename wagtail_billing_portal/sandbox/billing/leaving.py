"""Ending a subscription at once, on request, and what is settled with it."""

from __future__ import annotations

from wagtail_billing_portal.sandbox.billing import (
    changes,
    cycles,
    ending,
    proration,
    standing,
    usage,
)
from wagtail_billing_portal.sandbox.billing.fields import Json
from wagtail_billing_portal.sandbox.world import World


def leave(
    world: World, subscription: Json, *, prorate: bool, invoice_now: bool
) -> Json:
    """End now: with what was not used given back, and what is owed billed, or not.

    What is given back waits as an invoice item unless it is billed.
    """
    if subscription["status"] == "incomplete":
        return ending.end(world, subscription)
    standing.drop_pending_update(world, subscription)
    if prorate:
        _give_back(world, subscription)
    if invoice_now:
        _bill(world, subscription)
    keep = prorate or invoice_now
    return ending.end(world, subscription, keep_prorations=keep)


def _give_back(world: World, subscription: Json) -> None:
    if subscription["status"] == "trialing":
        return
    for item in subscription["items"]["data"]:
        if not usage.is_metered(item) and item["current_period_end"] > world.now:
            unused = proration.credit(world, subscription, item, at=world.now)
            world.add(unused, "invoiceitem.created")


def _bill(world: World, subscription: Json) -> None:
    pending = cycles.pending_items(world, subscription)
    used = usage.of_all(world, subscription)
    if not pending and not used:
        return
    invoice = cycles.bill(
        world, subscription, pending, more=used, reason="subscription_update"
    )
    subscription["latest_invoice"] = invoice["id"]
    standing.save(world, subscription)
    world.add(invoice, "invoice.created")
    changes.charge(world, invoice, "allow_incomplete", off_session=True)
    subscription.update(world.get("subscription", subscription["id"]))
