"""Getting an invoice paid: automatically, by hand, or on its hosted page."""

from __future__ import annotations

from wagtail_billing_portal.sandbox.billing import (
    dunning,
    intents,
    invoicing,
    methods,
    settlement,
    standing,
)
from wagtail_billing_portal.sandbox.billing.fields import Json
from wagtail_billing_portal.sandbox.billing.outcomes import (
    ActionRequired,
    Completed,
    Declined,
    Outcome,
)
from wagtail_billing_portal.sandbox.billing.settlement import (
    attach,
    mark_paid,
    pay_out_of_band,
)
from wagtail_billing_portal.sandbox.errors import CardDeclined, InvalidRequest
from wagtail_billing_portal.sandbox.world import World

__all__ = ["attach", "mark_paid", "pay_out_of_band"]


def collect(
    world: World,
    invoice: Json,
    *,
    method: Json | None = None,
    off_session: bool = True,
    automatic: bool = True,
    authenticated: bool = False,
    intent: Json | None = None,
) -> str:
    """Charge a finalized invoice once; returns what became of the attempt.

    ``intent`` is the one to pay through, the invoice's own unless another was
    attached to it.
    """
    if not invoice["amount_remaining"]:
        mark_paid(world, invoice)
        return intents.SUCCEEDED
    method = method or methods.for_invoice(world, invoice)
    intent = intent or invoicing.intent_of(world, invoice)
    if intent is None:
        raise LookupError(f"{invoice['id']} is due but has no payment intent.")
    if intent["status"] == intents.PROCESSING:
        return intents.PROCESSING
    if method is None:
        _attempt_failed(world, invoice, intents.REFUSED, automatic=automatic)
        return intents.REFUSED
    status = intents.attempt(
        world, intent, method, off_session=off_session, authenticated=authenticated
    )
    if status == intents.SUCCEEDED:
        settlement.credit(
            world, invoice, intent, method=method["id"], automatic=automatic
        )
    elif status == intents.PROCESSING:
        settlement.wait(world, invoice, method=method["id"], automatic=automatic)
    elif status != intents.HELD:
        _attempt_failed(world, invoice, status, automatic=automatic)
    return status


@intents.when_settled
def settled(world: World, intent: Json, status: str) -> None:
    """A bank that took days has answered: the invoice is paid, or owed again."""
    invoice_id = intent["_sandbox"].get("invoice")
    if invoice_id is None:
        return
    invoice = world.get("invoice", invoice_id)
    if status == intents.SUCCEEDED:
        settlement.credit(
            world, invoice, intent, method=intent["payment_method"], automatic=False
        )
    elif invoice["status"] == "open":
        automatic = invoice["collection_method"] == "charge_automatically"
        invoice["attempt_count"] -= 1 if automatic else 0
        _attempt_failed(world, invoice, status, automatic=automatic)


def pay(world: World, invoice: Json, *, method: Json, off_session: bool) -> Json:
    """Pay by hand; a refusal is an error, and is remembered."""
    check_payable(invoice)
    status = collect(
        world, invoice, method=method, off_session=off_session, automatic=False
    )
    if status in intents.WELL:
        return invoice
    intent = invoicing.intent_of(world, invoice)
    if intent is None or status == intents.ASKS:
        raise CardDeclined(
            "invoice_payment_intent_requires_action",
            None,
            "This payment requires additional user action before it can be completed "
            "successfully. Payment can be completed using the PaymentIntent "
            "associated with the invoice.",
        )
    raise intents.declined_error(intent)


def pay_on_page(world: World, invoice_id: str, *, card: Json, email: str) -> Outcome:
    """Pay an open invoice from its hosted page with a typed-in card."""
    invoice = world.get("invoice", invoice_id)
    check_payable(invoice)
    details = {"email": email or None, "name": card.get("name")}
    if country := card.get("country"):
        details["address"] = {"country": country}
    try:
        method = methods.from_details(world, card, billing_details=details)
    except CardDeclined as refusal:
        return declined(refusal)
    status = collect(world, invoice, method=method, off_session=False, automatic=False)
    return outcome(world, invoice, status)


def finish_authentication(world: World, intent: Json, *, succeed: bool) -> Outcome:
    """Go on after the bank's page, for an invoice's payment or one of its own."""
    invoice_id = intent["_sandbox"].get("invoice")
    if invoice_id is None:
        return _finish_alone(world, intent, succeed=succeed)
    invoice = world.get("invoice", invoice_id)
    if not succeed:
        status = intents.refuse_authentication(world, intent)
        _attempt_failed(world, invoice, status, automatic=False)
        return outcome(world, invoice, status)
    status = collect(
        world,
        invoice,
        intent=intent,
        method=world.get("payment_method", intent["payment_method"]),
        off_session=False,
        automatic=False,
        authenticated=True,
    )
    return outcome(world, invoice, status)


def _finish_alone(world: World, intent: Json, *, succeed: bool) -> Outcome:
    if not succeed:
        intents.refuse_authentication(world, intent)
        return declined(intents.declined_error(intent))
    method = world.get("payment_method", intent["payment_method"])
    if intent["confirmation_method"] == "manual":
        world.private(intent)["authenticated"] = True
        intents.ready(intent, method)
        world.save(intent)
    else:
        status = intents.attempt(
            world, intent, method, off_session=False, authenticated=True
        )
        if status == intents.REFUSED:
            return declined(intents.declined_error(intent))
    return Completed(redirect_url=intent["_sandbox"].get("return_url") or "")


def outcome(world: World, invoice: Json, status: str) -> Outcome:
    """What the payer's browser does after an attempt."""
    intent = invoicing.intent_of(world, invoice)
    if status in intents.WELL or intent is None:
        return Completed(redirect_url=invoice["hosted_invoice_url"])
    if status == intents.ASKS:
        url = intents.authentication_url(world, intent["id"])
        return ActionRequired(intent_id=intent["id"], url=url)
    return declined(intents.declined_error(intent))


def declined(refusal: CardDeclined) -> Declined:
    """A refusal as something to show."""
    return Declined(
        code=refusal.code or "card_declined",
        message=refusal.message,
        decline_code=refusal.decline_code,
    )


def check_payable(invoice: Json) -> None:
    """Only an invoice that is still owed can be paid."""
    if invoice["status"] == "paid":
        raise InvalidRequest("Invoice is already paid")
    if invoice["status"] not in ("open", "uncollectible"):
        raise InvalidRequest(
            f"This invoice can't be paid: its status is {invoice['status']}."
        )


def _attempt_failed(
    world: World, invoice: Json, status: str, *, automatic: bool
) -> None:
    if automatic or not invoice["attempted"]:
        invoice["attempt_count"] += 1
    invoice["attempted"] = True
    if automatic:
        dunning.plan_next(world, invoice)
    world.save(invoice, "invoice.updated")
    if status == intents.ASKS:
        world.emit("invoice.payment_action_required", invoice)
    world.emit("invoice.payment_failed", invoice)
    standing.unpaid(world, invoice)
    if invoice["_sandbox"].get("given_up"):
        dunning.give_up(world, invoice)
