"""Paused subscriptions that wait for the payment they resume with."""

from __future__ import annotations

from wagtail_billing_portal.sandbox.billing import invoice_items, invoicing
from wagtail_billing_portal.sandbox.billing.fields import Json
from wagtail_billing_portal.sandbox.billing.periods import DAY, HOUR
from wagtail_billing_portal.sandbox.world import World

RESUMED = "customer.subscription.resumed"
_KEY = "resumption"
_UNTIL_ATTEMPTED = 23 * HOUR
_UNTIL_PAID = 365 * DAY


def plan(
    world: World,
    subscription: Json,
    invoice_id: str,
    fields: Json,
    *,
    on_attempt: bool,
    taken: list[str],
) -> None:
    """Remember what a subscription will be like once an invoice is settled.

    ``taken`` are the invoice items that waited already, and are on that invoice now.
    """
    world.private(subscription)[_KEY] = {
        "fields": fields,
        "invoice": invoice_id,
        "on_attempt": on_attempt,
        "taken": taken,
    }
    wait = _UNTIL_ATTEMPTED if on_attempt else _UNTIL_PAID
    moments = world.private(subscription).setdefault("moments", {})
    moments[_KEY] = world.now + wait


def invoice_of(subscription: Json) -> str | None:
    """The invoice that a paused subscription waits for."""
    planned = subscription["_sandbox"].get(_KEY)
    return planned["invoice"] if planned else None


def complete(subscription: Json, invoice_id: str) -> bool:
    """Resume a subscription if this is the invoice it waited for."""
    if subscription["status"] != "paused" or invoice_of(subscription) != invoice_id:
        return False
    resume(subscription, _clear(subscription)["fields"])
    return True


def attempted(subscription: Json, invoice_id: str) -> bool:
    """Resume a subscription that waited for an attempt only, though it failed."""
    planned = subscription["_sandbox"].get(_KEY) or {}
    if not planned.get("on_attempt") or not complete(subscription, invoice_id):
        return False
    subscription["status"] = "past_due"
    return True


def is_over(world: World, subscription: Json) -> bool:
    """Whether nobody paid in time for the resumption."""
    moment = subscription["_sandbox"].get("moments", {}).get(_KEY)
    return moment is not None and bool(moment <= world.now)


def discard(world: World, subscription: Json) -> None:
    """Stay paused, and take back what the resumption was billed with."""
    planned = _clear(subscription)
    invoice = world.get("invoice", planned["invoice"])
    if invoice["status"] == "open":
        invoicing.void(world, invoice)
    invoice_items.release(world, planned["taken"])


def resume(subscription: Json, fields: Json) -> None:
    """A subscription runs again; it is still to be saved."""
    subscription.update(fields, status="active")
    subscription.pop("status_details", None)


def _clear(subscription: Json) -> Json:
    subscription["_sandbox"].get("moments", {}).pop(_KEY, None)
    planned: Json = subscription["_sandbox"].pop(_KEY)
    return planned
