"""Paused subscriptions that wait for the payment they resume with."""

from __future__ import annotations

from wagtail_billing_portal.sandbox.billing.fields import Json
from wagtail_billing_portal.sandbox.world import World

RESUMED = "customer.subscription.resumed"
_KEY = "resumption"
_MOMENT = "pause_ends"


def plan(subscription: Json, invoice_id: str, fields: Json) -> None:
    """Remember what a subscription will be like once an invoice is settled."""
    subscription["_sandbox"][_KEY] = {"fields": fields, "invoice": invoice_id}


def invoice_of(subscription: Json) -> str | None:
    """The invoice that a paused subscription waits for."""
    planned = subscription["_sandbox"].get(_KEY)
    return planned["invoice"] if planned else None


def complete(subscription: Json, invoice_id: str) -> bool:
    """Resume a subscription if this is the invoice it waited for."""
    if subscription["status"] != "paused" or invoice_of(subscription) != invoice_id:
        return False
    resume(subscription, subscription["_sandbox"].pop(_KEY)["fields"])
    return True


def resume(subscription: Json, fields: Json) -> None:
    """A subscription runs again; it is still to be saved."""
    forget_end(subscription)
    subscription.update(fields, status="active")
    subscription.pop("status_details", None)


def plan_end(world: World, subscription: Json, moment: int) -> None:
    """Let a pause end by itself; the subscription is still to be saved."""
    world.private(subscription).setdefault("moments", {})[_MOMENT] = moment


def end_of(subscription: Json) -> int | None:
    """When a pause ends by itself, if it does."""
    moment: int | None = subscription["_sandbox"].get("moments", {}).get(_MOMENT)
    return moment


def forget_end(subscription: Json) -> None:
    """A pause ends by itself no more."""
    subscription["_sandbox"].get("moments", {}).pop(_MOMENT, None)
