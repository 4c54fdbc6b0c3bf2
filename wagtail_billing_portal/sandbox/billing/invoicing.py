"""Invoices: drafted, finalized, voided. Taking the money is in ``payments``."""

from __future__ import annotations

from wagtail_billing_portal.sandbox.billing import intents, methods
from wagtail_billing_portal.sandbox.billing.fields import Json
from wagtail_billing_portal.sandbox.billing.periods import DAY, HOUR
from wagtail_billing_portal.sandbox.contract import skeleton
from wagtail_billing_portal.sandbox.errors import InvalidRequest
from wagtail_billing_portal.sandbox.world import World, random_text

PAGE = "_invoice_page"
_SMALLEST = {"gbp": 30, "usd": 50, "eur": 50, "aud": 50, "cad": 50, "chf": 50}
_CUSTOMER_FIELDS = ("address", "email", "name", "phone", "shipping", "tax_exempt")


def draft(
    world: World,
    subscription: Json,
    lines: list[Json],
    *,
    reason: str,
    since: int | None = None,
    invoice_id: str | None = None,
) -> Json:
    """A new invoice for a subscription; it may still change for an hour."""
    invoice_id = invoice_id or world.new_id("in_")
    for line in lines:
        line["invoice"] = invoice_id
    automatic = subscription["collection_method"] == "charge_automatically"
    invoice = {
        **skeleton("invoice"),
        "id": invoice_id,
        "account_country": "US",
        "amount_overpaid": 0,
        "amount_paid": 0,
        "amount_shipping": 0,
        "attempt_count": 0,
        "attempted": False,
        "auto_advance": True,
        "automatic_tax": _no_automatic_tax(),
        "billing_reason": reason,
        "collection_method": subscription["collection_method"],
        "created": world.now,
        "currency": subscription["currency"],
        "customer": subscription["customer"],
        "customer_tax_ids": [],
        "default_tax_rates": [],
        "discounts": [],
        "issuer": {"type": "self"},
        "lines": _page_of(lines, invoice_id),
        "metadata": {},
        "parent": {
            "quote_details": None,
            "subscription_details": {
                "metadata": dict(subscription["metadata"]),
                "subscription": subscription["id"],
            },
            "type": "subscription_details",
        },
        "payment_settings": {
            "default_mandate": None,
            "payment_method_options": None,
            "payment_method_types": None,
        },
        "period_end": world.now,
        "period_start": world.now if since is None else since,
        "post_payment_credit_notes_amount": 0,
        "pre_payment_credit_notes_amount": 0,
        "status": "draft",
        "total_discount_amounts": [],
        "total_pretax_credit_amounts": [],
        "total_taxes": [],
        "_sandbox": {"days_until_due": subscription["days_until_due"]},
    }
    if not automatic:
        invoice["due_date"] = world.now + (subscription["days_until_due"] or 0) * DAY
    refresh(world, invoice)
    return invoice


def refresh(world: World, invoice: Json) -> None:
    """Bring a draft's customer details and sums up to date."""
    customer = world.get("customer", invoice["customer"])
    for name in _CUSTOMER_FIELDS:
        invoice[f"customer_{name}"] = customer[name]
    subtotal = sum(line["amount"] for line in invoice["lines"]["data"])
    due, _ = _settle_with_balance(subtotal, customer["balance"], invoice["currency"])
    invoice.update(
        amount_due=due,
        amount_remaining=due,
        starting_balance=customer["balance"],
        subtotal=subtotal,
        subtotal_excluding_tax=subtotal,
        total=subtotal,
        total_excluding_tax=subtotal,
    )


def hold_for_an_hour(world: World, invoice: Json) -> None:
    """Leave a draft open to changes before it finalizes itself."""
    invoice["automatically_finalizes_at"] = world.now + HOUR
    world.private(invoice)["due_at"] = world.now + HOUR


def finalize(world: World, invoice: Json, *, setup: bool = False) -> Json:
    """Give it its number and its payment; nothing about it changes after."""
    if invoice["status"] != "draft":
        raise InvalidRequest(
            f"This invoice is already finalized, you can't finalize it again: "
            f"{invoice['id']}.",
            code="invoice_not_editable",
        )
    refresh(world, invoice)
    token = _open_page(world, invoice)
    _, ending = _settle_with_balance(
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
        invoice["due_date"] = world.now + (private["days_until_due"] or 0) * DAY
        private["due_at"] = invoice["due_date"]
    world.save(invoice, "invoice.finalized")
    if invoice["amount_due"]:
        _request_payment(world, invoice, setup=setup)
    return invoice


def void(world: World, invoice: Json) -> Json:
    """Take an open invoice back, as if it had never been asked for."""
    if invoice["status"] not in ("open", "uncollectible"):
        raise InvalidRequest(
            "You can only pass in open invoices. This invoice isn't open.",
            code="invoice_not_editable",
        )
    payment = payment_of(world, invoice)
    invoice["status"] = "void"
    invoice["status_transitions"]["voided_at"] = world.now
    stop_collecting(world, invoice)
    if payment is not None:
        payment["status"] = "canceled"
        payment["status_transitions"]["canceled_at"] = world.now
        world.save(payment)
        intent = world.get("payment_intent", payment["payment"]["payment_intent"])
        intents.cancel(world, intent, reason="void_invoice")
    world.save(invoice, "invoice.updated")
    world.emit("invoice.voided", invoice)
    return invoice


def stop_collecting(world: World, invoice: Json) -> None:
    """No automatic attempt will follow."""
    invoice["auto_advance"] = False
    invoice["next_payment_attempt"] = None
    world.private(invoice)["due_at"] = None


def payment_of(world: World, invoice: Json) -> Json | None:
    """The default payment of an invoice, once there is one."""
    found = world.find("invoice_payment", invoice=invoice["id"])
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


def _settle_with_balance(total: int, balance: int, currency: str) -> tuple[int, int]:
    due = total + balance
    if due <= 0:
        return 0, due
    if due < _SMALLEST.get(currency, 0):
        return 0, due
    return due, 0


def _take_number(world: World, invoice: Json, *, balance: int) -> str:
    customer = world.get("customer", invoice["customer"])
    sequence = customer["next_invoice_sequence"]
    customer["next_invoice_sequence"] = sequence + 1
    customer["balance"] = balance
    customer["currency"] = customer["currency"] or invoice["currency"]
    world.save(customer, "customer.updated")
    return f"{customer['invoice_prefix']}-{sequence:04d}"


def _open_page(world: World, invoice: Json) -> str:
    token = random_text(48)
    world.add({"id": token, "object": PAGE, "invoice": invoice["id"]})
    return token


def _no_automatic_tax() -> Json:
    return {
        "disabled_reason": None,
        "enabled": False,
        "liability": None,
        "provider": None,
        "status": None,
    }


def _page_of(lines: list[Json], invoice_id: str) -> Json:
    return {
        "object": "list",
        "data": lines,
        "has_more": False,
        "url": f"/v1/invoices/{invoice_id}/lines",
    }


def subscription_of(world: World, invoice: Json) -> Json | None:
    """The subscription that an invoice is for."""
    subscription_id = methods.subscription_of(invoice)
    return world.get("subscription", subscription_id) if subscription_id else None
