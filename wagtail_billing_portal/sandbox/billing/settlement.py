"""What was paid is booked on the invoice it was paid for, in one part or several."""

from __future__ import annotations

from wagtail_billing_portal.sandbox.billing import intents, invoicing, standing
from wagtail_billing_portal.sandbox.billing.fields import Json
from wagtail_billing_portal.sandbox.contract import skeleton
from wagtail_billing_portal.sandbox.errors import InvalidRequest
from wagtail_billing_portal.sandbox.world import World

KIND = "invoice_payment"


def credit(
    world: World,
    invoice: Json,
    intent: Json,
    *,
    method: str | None,
    automatic: bool = True,
) -> Json:
    """An intent was paid: of its invoice, so much less remains."""
    amount = intent["amount_received"]
    payment = _payment_by(world, invoice, intent)
    if amount >= invoice["amount_remaining"]:
        overpaid = amount - invoice["amount_remaining"]
        return mark_paid(
            world,
            invoice,
            method=method,
            automatic=automatic,
            payment=payment,
            overpaid=overpaid,
        )
    invoice["attempted"] = True
    invoice["amount_paid"] += amount
    invoice["amount_remaining"] -= amount
    world.save(invoice, "invoice.updated")
    _pay(world, payment, amount)
    invoicing.ask_for_the_rest(world, invoice)
    return invoice


def mark_paid(
    world: World,
    invoice: Json,
    *,
    method: str | None = None,
    automatic: bool = True,
    payment: Json | None = None,
    overpaid: int = 0,
) -> Json:
    """Nothing remains to be paid."""
    if automatic or not invoice["attempted"]:
        invoice["attempt_count"] += 1 if invoice["amount_due"] else 0
    invoicing.stop_collecting(world, invoice)
    remaining = invoice["amount_remaining"]
    invoice.update(
        amount_overpaid=overpaid,
        amount_paid=invoice["amount_due"] + overpaid,
        amount_remaining=0,
        attempted=True,
        status="paid",
    )
    invoice["status_transitions"]["paid_at"] = world.now
    world.save(invoice, "invoice.updated")
    if payment := payment or invoicing.payment_of(world, invoice):
        _pay(world, payment, remaining + overpaid)
        _close_others(world, invoice, payment)
    world.emit("invoice.paid", invoice)
    world.emit("invoice.payment_succeeded", invoice)
    if overpaid:
        world.emit("invoice.overpaid", invoice)
    standing.settled(world, invoice, method=method)
    return invoice


def wait(world: World, invoice: Json, *, method: str, automatic: bool) -> Json:
    """A bank was asked that takes days: meanwhile everything runs as if it was paid."""
    if automatic or not invoice["attempted"]:
        invoice["attempt_count"] += 1
    invoice.update(attempted=True, next_payment_attempt=None)
    world.private(invoice)["due_at"] = None
    world.save(invoice, "invoice.updated")
    standing.settled(world, invoice, method=method)
    return invoice


def pay_out_of_band(world: World, invoice: Json) -> Json:
    """The money came by another way, of which Stripe knows nothing."""
    invoice["amount_paid_off_stripe"] = invoice["amount_remaining"]
    for payment in world.find(KIND, invoice=invoice["id"], status="open"):
        invoicing.call_off(world, payment, reason="automatic")
    return mark_paid(world, invoice, automatic=False)


def attach(world: World, invoice: Json, *, payment_intent: str) -> Json:
    """Let an intent made elsewhere pay an open invoice, all of it or a part."""
    if invoice["status"] != "open":
        raise InvalidRequest(
            f"Payments can only be attached to open invoices. This invoice is "
            f"{invoice['status']}.",
            code="invoice_not_editable",
        )
    intent = world.get(intents.KIND, payment_intent, param="payment_intent")
    if intent["_sandbox"].get("invoice") or intent["_sandbox"].get("session"):
        raise InvalidRequest(
            "This PaymentIntent is already attached to an invoice.",
            param="payment_intent",
        )
    if intent["status"] == "canceled" or intent["currency"] != invoice["currency"]:
        raise InvalidRequest(
            "A PaymentIntent can be attached unless it is canceled or in another "
            "currency than the invoice.",
            param="payment_intent",
        )
    if intent["customer"] not in (None, invoice["customer"]):
        raise InvalidRequest(
            "The PaymentIntent belongs to another customer than the invoice.",
            param="payment_intent",
        )
    world.private(intent)["invoice"] = invoice["id"]
    world.save(intent)
    _new(world, invoice, intent)
    if intent["status"] == intents.SUCCEEDED:
        method = intent["payment_method"]
        credit(world, invoice, intent, method=method, automatic=False)
    return invoice


def _payment_by(world: World, invoice: Json, intent: Json) -> Json | None:
    for payment in world.find(KIND, invoice=invoice["id"]):
        if payment["payment"].get("payment_intent") == intent["id"]:
            return payment
    return None


def _pay(world: World, payment: Json | None, amount: int) -> None:
    if payment is None or payment["status"] != "open":
        return
    payment.update(amount_paid=amount, status="paid")
    payment["status_transitions"]["paid_at"] = world.now
    world.save(payment, "invoice_payment.paid")


def _close_others(world: World, invoice: Json, paid: Json) -> None:
    for payment in world.find(KIND, invoice=invoice["id"], status="open"):
        if payment["id"] != paid["id"]:
            invoicing.call_off(world, payment, reason="automatic")


def _new(world: World, invoice: Json, intent: Json) -> Json:
    payment = {
        **skeleton(KIND),
        "id": world.new_id("inpay_"),
        "amount_requested": min(intent["amount"], invoice["amount_remaining"]),
        "created": world.now,
        "currency": invoice["currency"],
        "invoice": invoice["id"],
        "is_default": False,
        "payment": {"payment_intent": intent["id"], "type": "payment_intent"},
        "status": "open",
        "status_transitions": {"canceled_at": None, "paid_at": None},
    }
    return world.add(payment)
