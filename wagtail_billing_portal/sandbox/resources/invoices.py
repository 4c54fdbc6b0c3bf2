from __future__ import annotations

from typing import Any

from wagtail_billing_portal.sandbox.billing import (
    ending,
    invoicing,
    methods,
    payments,
    preview_customers,
    previews,
    schedule_previews,
    standing,
    upcoming,
)
from wagtail_billing_portal.sandbox.billing.fields import (
    need,
    only_one,
    supported,
    supported_value,
)
from wagtail_billing_portal.sandbox.billing.periods import HOUR
from wagtail_billing_portal.sandbox.errors import InvalidRequest
from wagtail_billing_portal.sandbox.pagination import page
from wagtail_billing_portal.sandbox.routing import expander, operation
from wagtail_billing_portal.sandbox.world import World

Json = dict[str, Any]


@operation("GET", "/v1/invoices/{invoice}")
def retrieve_invoice(world: World, params: Json, invoice: str) -> Json:
    return world.get("invoice", invoice)


@operation(
    "GET",
    "/v1/invoices",
    handles={"collection_method", "customer", "due_date", "status", "subscription"},
)
def list_invoices(world: World, params: Json) -> Json:
    same = ("collection_method", "customer", "status", "subscription")
    equals = {name: params[name] for name in same if name in params}
    due = params.get("due_date", {})
    bounds = due if isinstance(due, dict) else {"exact": due}
    equals |= {f"due_date__{name}": bound for name, bound in bounds.items()}
    return world.list("invoice", params, **equals)


@operation(
    "POST",
    "/v1/invoices/create_preview",
    handles={
        *previews.TERMS,
        "currency",
        "customer",
        "customer_details",
        "preview_mode",
        "schedule",
        "schedule_details",
        "subscription",
        "subscription_details",
    },
)
def preview_invoice(world: World, params: Json) -> Json:
    """What would be billed next, as things are or after a change."""
    mode = params.get("preview_mode", "next")
    supported_value(mode, *upcoming.MODES, param="preview_mode")
    if not params.get("customer_details"):
        return _preview(world, params)
    with world.pretend():
        customer = preview_customers.take(world, params)
        preview = _preview(world, {**params, "customer": customer})
    return preview if "customer" in params else {**preview, "customer": None}


def _preview(world: World, params: Json) -> Json:
    details = params.get("subscription_details", {})
    for plan in ("schedule", "schedule_details"):
        for name in ("subscription", "subscription_details"):
            only_one(params, plan, name)
    if "schedule" in params:
        return schedule_previews.of_schedule(world, params)
    if params.get("schedule_details"):
        return schedule_previews.of_new(world, params)
    if "subscription" in params:
        supported(details, previews.CHANGES, param="subscription_details")
        subscription = previews.running(world, params)
        return previews.of_running(world, subscription, details, params)
    need(params, "customer")
    if "items" not in details:
        supported(details, previews.CHANGES, param="subscription_details")
        subscription = previews.next_of(world, params["customer"])
        return previews.of_running(world, subscription, details, params)
    supported(details, previews.STARTS, param="subscription_details")
    return previews.of_new(world, params, details)


@operation("GET", "/v1/invoices/{invoice}/lines")
def list_lines(world: World, params: Json, invoice: str) -> Json:
    stored = world.get("invoice", invoice)
    return page(stored["lines"]["data"], params, url=world.path)


@operation("POST", "/v1/invoices/{invoice}/finalize", handles={"auto_advance"})
def finalize_invoice(world: World, params: Json, invoice: str) -> Json:
    """Give a draft its number now instead of within the hour."""
    stored = world.get("invoice", invoice)
    if "auto_advance" in params:
        stored["auto_advance"] = params["auto_advance"]
    invoicing.finalize(world, stored)
    if not stored["amount_due"]:
        payments.mark_paid(world, stored)
    elif stored["auto_advance"] and _is_automatic(stored):
        world.private(stored)["due_at"] = world.now + HOUR
        world.save(stored)
    return stored


@operation(
    "POST",
    "/v1/invoices/{invoice}/pay",
    handles={"off_session", "paid_out_of_band", "payment_method"},
)
def pay_invoice(world: World, params: Json, invoice: str) -> Json:
    """Try to be paid now, with this or the usual payment method."""
    stored = world.get("invoice", invoice)
    if stored["status"] == "draft":
        invoicing.finalize(world, stored)
        if not stored["amount_due"]:
            return payments.mark_paid(world, stored)
    payments.check_payable(stored)
    if params.get("paid_out_of_band"):
        return payments.pay_out_of_band(world, stored)
    if method_id := params.get("payment_method"):
        method = _usable(world, method_id, stored["customer"])
    else:
        usual = methods.for_invoice(world, stored)
        if usual is None:
            raise InvalidRequest(
                "There is no `default_payment_method` set on this Customer or Invoice. "
                "Please set a default payment method before paying the invoice.",
                code="resource_missing",
            )
        method = usual
    off_session = params.get("off_session", True)
    return payments.pay(world, stored, method=method, off_session=off_session)


@operation("POST", "/v1/invoices/{invoice}/attach_payment", handles={"payment_intent"})
def attach_payment(world: World, params: Json, invoice: str) -> Json:
    """Let a payment that was begun elsewhere pay for an open invoice."""
    need(params, "payment_intent")
    intent = params["payment_intent"]
    payments.attach(world, world.get("invoice", invoice), payment_intent=intent)
    return world.get("invoice", invoice)


@operation("POST", "/v1/invoices/{invoice}/send")
def send_invoice(world: World, params: Json, invoice: str) -> Json:
    """Mail it; here that is an event. A draft is finalized first."""
    stored = world.get("invoice", invoice)
    if stored["collection_method"] != "send_invoice":
        raise InvalidRequest(
            "You can only manually send an invoice if its collection method is "
            "'send_invoice'.",
            param="invoice",
        )
    if stored["status"] == "draft":
        invoicing.finalize(world, stored)
    elif stored["status"] != "open":
        raise InvalidRequest(
            f"You can only send open invoices: this one is {stored['status']}.",
            code="invoice_not_editable",
        )
    world.emit("invoice.sent", stored)
    return stored


@operation("POST", "/v1/invoices/{invoice}/void")
def void_invoice(world: World, params: Json, invoice: str) -> Json:
    """Take an open invoice back."""
    stored = invoicing.void(world, world.get("invoice", invoice))
    _tell_subscription(world, stored)
    return stored


@operation("POST", "/v1/invoices/{invoice}/mark_uncollectible")
def mark_uncollectible(world: World, params: Json, invoice: str) -> Json:
    """Stop hoping for the money; it may still be paid."""
    stored = world.get("invoice", invoice)
    if stored["status"] != "open":
        raise InvalidRequest(
            "You can only pass in open invoices. This invoice isn't open.",
            code="invoice_not_editable",
        )
    stored["status"] = "uncollectible"
    stored["status_transitions"]["marked_uncollectible_at"] = world.now
    invoicing.stop_collecting(world, stored)
    world.save(stored, "invoice.updated")
    world.emit("invoice.marked_uncollectible", stored)
    standing.settled(world, stored)
    return stored


@expander("invoice", "payments")
def expand_payments(world: World, invoice: Json) -> Json:
    found = world.find("invoice_payment", invoice=invoice["id"])
    return page(found, {}, url="/v1/invoice_payments")


@expander("invoice", "confirmation_secret")
def expand_confirmation_secret(world: World, invoice: Json) -> Json | None:
    intent = invoicing.intent_of(world, invoice)
    if intent is None or invoice["status"] != "open":
        return None
    return {"client_secret": intent["client_secret"], "type": "payment_intent"}


def _usable(world: World, method_id: str, customer: str) -> Json:
    method = methods.known(world, method_id)
    if method["customer"] is None:
        return method
    return methods.owned(world, method_id, customer, param="payment_method")


def _is_automatic(invoice: Json) -> bool:
    return bool(invoice["collection_method"] == "charge_automatically")


def _tell_subscription(world: World, invoice: Json) -> None:
    subscription = invoicing.subscription_of(world, invoice)
    if subscription and subscription["status"] == "incomplete":
        ending.expire(world, subscription)
    else:
        standing.called_off(world, invoice)
