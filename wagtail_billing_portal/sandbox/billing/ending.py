"""How subscriptions end."""

from __future__ import annotations

from wagtail_billing_portal.sandbox.billing import attached, invoicing, standing
from wagtail_billing_portal.sandbox.billing.fields import Json
from wagtail_billing_portal.sandbox.world import World

REQUESTED = "cancellation_requested"
PAYMENT_FAILED = "payment_failed"


def end(
    world: World,
    subscription: Json,
    *,
    reason: str | None = None,
    keep_prorations: bool = False,
) -> Json:
    """End a subscription now; what is still owed stays open, but is not collected."""
    if subscription["status"] == "incomplete":
        return expire(world, subscription)
    standing.drop_pending_update(world, subscription)
    if (subscription["cancel_at"] or 0) > world.now:
        subscription.update(cancel_at=None, cancel_at_period_end=False)
    subscription.update(
        canceled_at=subscription["canceled_at"] or world.now,
        ended_at=world.now,
        status="canceled",
    )
    subscription["cancellation_details"] = {
        **subscription["cancellation_details"],
        "reason": reason or subscription["cancellation_details"]["reason"] or REQUESTED,
    }
    for invoice in _unpaid_invoices(world, subscription):
        invoicing.stop_collecting(world, invoice)
        invoice["automatically_finalizes_at"] = None
        world.save(invoice, "invoice.updated")
    for item in world.find("invoiceitem", customer=subscription["customer"]):
        pending = item["invoice"] is None and _belongs(item, subscription)
        if pending and item["proration"] and not keep_prorations:
            world.delete(item, "invoiceitem.deleted")
    standing.save(world, subscription, "customer.subscription.deleted")
    delinquent = reason == PAYMENT_FAILED
    attached.subscription_ended(world, subscription, delinquent=delinquent)
    return subscription


def expire(world: World, subscription: Json) -> Json:
    """The first payment never came: there was no subscription after all."""
    subscription.update(
        canceled_at=world.now, ended_at=world.now, status="incomplete_expired"
    )
    standing.save(world, subscription)
    for invoice in _unpaid_invoices(world, subscription):
        if invoice["status"] == "open":
            invoicing.void(world, invoice)
    return subscription


def _unpaid_invoices(world: World, subscription: Json) -> list[Json]:
    return world.find(
        "invoice", subscription=subscription["id"], status=["draft", "open"]
    )


def _belongs(item: Json, subscription: Json) -> bool:
    details = (item["parent"] or {}).get("subscription_details") or {}
    return bool(details.get("subscription") == subscription["id"])
