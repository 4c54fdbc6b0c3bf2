"""Paused subscriptions that wait for the payment they resume with."""

from __future__ import annotations

from wagtail_billing_portal.sandbox.billing.fields import Json

RESUMED = "customer.subscription.resumed"
_KEY = "resumption"


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
    subscription.update(fields, status="active")
    subscription.pop("status_details", None)
