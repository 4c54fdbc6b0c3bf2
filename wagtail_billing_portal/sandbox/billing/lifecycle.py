"""Subscriptions: how they begin."""

from __future__ import annotations

from collections.abc import Sequence

from wagtail_billing_portal.sandbox.billing import (
    debits,
    drafts,
    entitlements,
    extras,
    intents,
    invoicing,
    lines,
    methods,
    openings,
    orders,
    payments,
    reminders,
    standing,
)
from wagtail_billing_portal.sandbox.billing.fields import Json
from wagtail_billing_portal.sandbox.errors import CardDeclined, InvalidRequest
from wagtail_billing_portal.sandbox.world import World

CREATED = "customer.subscription.created"


def create(world: World, params: Json) -> Json:
    """Subscribe a customer and try to take the first payment."""
    behavior = params.get("payment_behavior", "allow_incomplete")
    subscription = orders.build(world, params)
    added = extras.read(world, subscription, params)
    invoice = first_invoice(world, subscription, added)
    sent_later = subscription["collection_method"] == "send_invoice"
    # A trial asks for money too: for a fee, or for what the customer owes already.
    asks_money = bool(invoice["amount_due"]) and not sent_later
    method = methods.for_subscription(world, subscription)
    if asks_money and method is None and behavior != "default_incomplete":
        raise _no_method()
    announce(world, subscription, invoice, added)
    if sent_later:
        return subscription
    setup = behavior == "default_incomplete" or _saves_method(subscription)
    invoicing.finalize(world, invoice, setup=setup)
    if asks_money and behavior == "default_incomplete":
        return world.get("subscription", subscription["id"])
    off_session = bool(params.get("off_session"))
    status = payments.collect(world, invoice, method=method, off_session=off_session)
    if status not in intents.WELL and behavior == "error_if_incomplete":
        raise refusal(world, invoice)
    return world.get("subscription", subscription["id"])


def first_invoice(world: World, subscription: Json, added: Sequence[Json] = ()) -> Json:
    """The invoice that a new subscription begins with; tells if it owes anything."""
    drawn = [lines.for_invoice_item(world, item) for item in added]
    drawn += openings.lines_of(world, subscription)
    invoice = drafts.draft(world, subscription, drawn, reason="subscription_create")
    for item in subscription["items"]["data"]:
        debits.billed_by(item, invoice["id"])
    for item in added:
        item["invoice"] = invoice["id"]
    subscription["latest_invoice"] = invoice["id"]
    sent_later = subscription["collection_method"] == "send_invoice"
    owes_now = invoice["amount_due"] and not sent_later
    if subscription["status"] == "incomplete" and not owes_now:
        subscription["status"] = "active"
    if sent_later:
        drafts.hold_for_an_hour(world, invoice)
    return invoice


def announce(
    world: World, subscription: Json, invoice: Json, added: Sequence[Json] = ()
) -> None:
    """Store a new subscription and its first invoice, and tell the endpoints."""
    trial_end = subscription["trial_end"]
    short = trial_end and trial_end - world.now <= standing.TRIAL_WARNING
    private = world.private(subscription)
    private["trial_warned"] = bool(short)
    reminders.plan(world, subscription)
    private["due_at"] = standing.next_moment(subscription)
    world.add(subscription, CREATED)
    if short:
        world.emit(standing.TRIAL_WILL_END, subscription)
    for item in added:
        world.add(item, "invoiceitem.created")
    world.add(invoice, "invoice.created")
    entitlements.refresh(world, subscription["customer"])


def _saves_method(subscription: Json) -> bool:
    settings = subscription["payment_settings"]
    return bool(settings["save_default_payment_method"] == "on_subscription")


def _no_method() -> InvalidRequest:
    return InvalidRequest(
        "This customer has no attached payment source or default payment method. "
        "Please consider adding a default payment method. For more information, visit "
        "https://stripe.com/docs/billing/subscriptions/payment-methods-setting"
        "#payment-method-priority.",
        code="resource_missing",
    )


def refusal(world: World, invoice: Json) -> InvalidRequest | CardDeclined:
    """The 402 that undoes everything, for ``error_if_incomplete``."""
    intent = invoicing.intent_of(world, invoice)
    if intent is None or intent["status"] == intents.ASKS:
        return InvalidRequest(
            "Payment for this subscription requires additional user action before it "
            "can be completed successfully.",
            code="subscription_payment_intent_requires_action",
            status=402,
        )
    if intent["last_payment_error"] is None:
        return _no_method()
    error = intents.declined_error(intent)
    error.keep = False
    return error
