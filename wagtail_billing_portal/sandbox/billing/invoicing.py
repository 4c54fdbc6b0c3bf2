"""Invoices from their number on. Taking the money is in ``payments``."""

from __future__ import annotations

from wagtail_billing_portal.sandbox.billing import (
    balances,
    discounts,
    drafts,
    intents,
    methods,
    reminders,
    usage,
)
from wagtail_billing_portal.sandbox.billing.fields import Json
from wagtail_billing_portal.sandbox.billing.periods import DAY
from wagtail_billing_portal.sandbox.contract import skeleton
from wagtail_billing_portal.sandbox.errors import InvalidRequest
from wagtail_billing_portal.sandbox.world import World, random_text

PAGE = "_invoice_page"


def finalize(world: World, invoice: Json, *, setup: bool = False) -> Json:
    """Give it its number and its payment; nothing about it changes after."""
    if invoice["status"] != "draft":
        raise InvalidRequest(
            f"This invoice is already finalized, you can't finalize it again: "
            f"{invoice['id']}.",
            code="invoice_not_editable",
        )
    usage.recount(world, invoice)
    drafts.refresh(world, invoice)
    _check_location(world, invoice)
    token = _open_page(world, invoice)
    _, ending = drafts.settle_with_balance(
        invoice["total"], invoice["starting_balance"], invoice["currency"]
    )
    invoice.update(
        automatically_finalizes_at=None,
        effective_at=world.now,
        ending_balance=ending,
        hosted_invoice_url=world.url(f"/invoices/{token}/"),
        invoice_pdf=world.url(f"/invoices/{token}/pdf/"),
        number=_take_number(world, invoice, balance=ending),
        status="open",
    )
    invoice["status_transitions"]["finalized_at"] = world.now
    private = world.private(invoice)
    private.update(token=token, due_at=None)
    if invoice["collection_method"] == "send_invoice":
        days = private.get("days_until_due") or 0
        invoice["due_date"] = private.get("due_date") or world.now + days * DAY
        private["due_at"] = reminders.first_moment(world, invoice)
    world.save(invoice, "invoice.finalized")
    discounts.used(world, invoice)
    if invoice["amount_due"]:
        _request_payment(world, invoice, setup=setup)
    return invoice


def _check_location(world: World, invoice: Json) -> None:
    """Tax cannot be worked out for a customer who lives nowhere."""
    if invoice["automatic_tax"]["status"] != "requires_location_inputs":
        return
    message = (
        "The customer's location isn't recognized. Set a valid customer address in "
        "order to automatically calculate tax."
    )
    error = InvalidRequest(message, code="customer_tax_location_invalid")
    error.keep = True
    finalization_failed(world, invoice, error)
    raise error


def finalization_failed(world: World, invoice: Json, why: InvalidRequest) -> None:
    """Note on a draft why it could not become an invoice, and leave it alone."""
    invoice["auto_advance"] = False
    invoice["automatically_finalizes_at"] = world.private(invoice)["due_at"] = None
    invoice["last_finalization_error"] = {
        "code": why.code,
        "message": why.message,
        "type": "invalid_request_error",
    }
    world.save(invoice, "invoice.updated")
    world.emit("invoice.finalization_failed", invoice)


def void(world: World, invoice: Json) -> Json:
    """Take an open invoice back, as if it had never been asked for."""
    if invoice["status"] not in ("open", "uncollectible"):
        raise InvalidRequest(
            "You can only pass in open invoices. This invoice isn't open.",
            code="invoice_not_editable",
        )
    invoice["status"] = "void"
    invoice["status_transitions"]["voided_at"] = world.now
    stop_collecting(world, invoice)
    for payment in world.find("invoice_payment", invoice=invoice["id"], status="open"):
        call_off(world, payment, reason="void_invoice")
    world.save(invoice, "invoice.updated")
    world.emit("invoice.voided", invoice)
    if balances.is_kept(world, invoice["customer"]):
        balances.change(
            world,
            invoice["customer"],
            invoice["starting_balance"] - invoice["ending_balance"],
            type="unapplied_from_invoice",
            currency=invoice["currency"],
            invoice=invoice["id"],
        )
    return invoice


def call_off(world: World, payment: Json, *, reason: str) -> None:
    """Nobody will pay an invoice this way any more."""
    payment["status"] = "canceled"
    payment["status_transitions"]["canceled_at"] = world.now
    world.save(payment)
    intent = world.get("payment_intent", payment["payment"]["payment_intent"])
    if intent["status"] in intents.CANCELABLE:
        intents.cancel(world, intent, reason=reason)


def stop_collecting(world: World, invoice: Json) -> None:
    """No automatic attempt will follow."""
    invoice["auto_advance"] = False
    invoice["next_payment_attempt"] = None
    world.private(invoice)["due_at"] = None


def payment_of(world: World, invoice: Json) -> Json | None:
    """The default payment of an invoice, once there is one."""
    found = world.find("invoice_payment", invoice=invoice["id"], is_default=True)
    return found[0] if found else None


def intent_of(world: World, invoice: Json) -> Json | None:
    """The payment intent through which an invoice is paid."""
    payment = payment_of(world, invoice)
    if payment is None:
        return None
    return world.get("payment_intent", payment["payment"]["payment_intent"])


def expect_payment_by(world: World, invoice: Json, intent: Json) -> Json:
    """Tie a payment intent to an invoice as its default payment."""
    payment = {
        **skeleton("invoice_payment"),
        "id": world.new_id("inpay_"),
        "amount_requested": invoice["amount_due"],
        "created": world.now,
        "currency": invoice["currency"],
        "invoice": invoice["id"],
        "is_default": True,
        "payment": {"payment_intent": intent["id"], "type": "payment_intent"},
        "status": "open",
        "status_transitions": {"canceled_at": None, "paid_at": None},
    }
    return world.add(payment)


def ask_for_the_rest(world: World, invoice: Json) -> None:
    """Let the default payment ask for what remains of an open invoice.

    A bank that works on it already brings what it was asked for.
    """
    payment, intent = payment_of(world, invoice), intent_of(world, invoice)
    if payment is None or intent is None or payment["status"] != "open":
        return
    if intent["status"] in intents.OPEN:
        world.save({**payment, "amount_requested": invoice["amount_remaining"]})
        world.save({**intent, "amount": invoice["amount_remaining"]})


def subscription_of(world: World, invoice: Json) -> Json | None:
    """The subscription that an invoice is for."""
    subscription_id = methods.subscription_of(invoice)
    return world.get("subscription", subscription_id) if subscription_id else None


def _request_payment(world: World, invoice: Json, *, setup: bool) -> None:
    if ready := invoice["_sandbox"].get("payment_intent"):
        expect_payment_by(world, invoice, world.get("payment_intent", ready))
        return
    intent = intents.create(
        world,
        amount=invoice["amount_due"],
        currency=invoice["currency"],
        customer=invoice["customer"],
        description="Subscription creation"
        if invoice["billing_reason"] == "subscription_create"
        else "Subscription update",
        setup_future_usage="off_session" if setup else None,
        about={"invoice": invoice["id"]},
    )
    expect_payment_by(world, invoice, intent)


def _take_number(world: World, invoice: Json, *, balance: int) -> str:
    moved = balance - invoice["starting_balance"]
    small = invoice["total"] > 0 and balance > 0
    balances.change(
        world,
        invoice["customer"],
        moved,
        type="invoice_too_small" if small else "applied_to_invoice",
        currency=invoice["currency"],
        invoice=invoice["id"],
    )
    customer = world.get("customer", invoice["customer"])
    sequence = customer["next_invoice_sequence"]
    customer["next_invoice_sequence"] = sequence + 1
    customer["currency"] = customer["currency"] or invoice["currency"]
    world.save(customer, "customer.updated")
    return f"{customer['invoice_prefix']}-{sequence:04d}"


def _open_page(world: World, invoice: Json) -> str:
    token = random_text(48)
    world.add({"id": token, "object": PAGE, "invoice": invoice["id"]})
    return token
