"""What a completed checkout session leaves: customer, subscription, payment."""

from __future__ import annotations

from wagtail_billing_portal.sandbox.billing import (
    customers,
    intents,
    invoicing,
    lifecycle,
    orders,
    payments,
)
from wagtail_billing_portal.sandbox.billing.fields import Json
from wagtail_billing_portal.sandbox.world import World


def complete(
    world: World,
    session: Json,
    method: Json | None,
    *,
    email: str,
    intent: Json | None = None,
) -> None:
    """The payer has done all that was asked for: make what was ordered."""
    session["customer"] = customers.at_checkout(world, session, method, email=email)
    if method and session["customer"] and _keeps_method(session):
        method = world.get("payment_method", method["id"])
        if method["customer"] is None:
            method["customer"] = session["customer"]
            world.save(method, "payment_method.attached")
    if session["mode"] == "subscription":
        _subscribe(world, session, method, intent)
    elif session["mode"] == "payment" and method and is_due(session):
        _pay_once(world, session, method, intent)
    paid = "paid" if is_due(session) else "no_payment_required"
    session.update(
        customer_details=customers.details(world, session, method, email=email),
        payment_status=paid,
        status="complete",
        url=None,
    )
    world.private(session)["due_at"] = None
    world.save(session, "checkout.session.completed")


def intent_for(world: World, session: Json, *, about: Json) -> Json:
    """A payment intent over what the session comes to."""
    recurring = session["mode"] == "subscription"
    data = session["_sandbox"]["payment_intent_data"]
    return intents.create(
        world,
        amount=session["amount_total"],
        currency=session["currency"],
        customer=session["customer"],
        description="Subscription creation" if recurring else data.get("description"),
        setup_future_usage="off_session"
        if recurring
        else data.get("setup_future_usage"),
        metadata=data.get("metadata"),
        about=about,
    )


def is_due(session: Json) -> bool:
    """Whether money is taken when the page is submitted."""
    return bool(session["amount_total"])


def _keeps_method(session: Json) -> bool:
    """Whether the card is for more than this one payment."""
    data = session["_sandbox"]["payment_intent_data"]
    return session["mode"] != "payment" or "setup_future_usage" in data


def _subscribe(
    world: World, session: Json, method: Json | None, intent: Json | None
) -> None:
    private = session["_sandbox"]
    ids = [item["price"]["id"] for item in private["line_items"]]
    order = {
        **private["subscription_data"],
        "customer": session["customer"],
        "currency": session["currency"],
        "items": [{"quantity": item["quantity"]} for item in private["line_items"]],
    }
    if method:
        order["default_payment_method"] = method["id"]
    subscription = orders.build(
        world, order, prices=[world.get("price", price_id) for price_id in ids]
    )
    invoice = lifecycle.first_invoice(world, subscription)
    if subscription["status"] == "incomplete":
        subscription["status"] = "active"
    if intent:
        intent["customer"] = session["customer"]
        world.private(intent).pop("session")
        world.private(intent)["invoice"] = invoice["id"]
        world.save(intent)
        world.private(invoice)["payment_intent"] = intent["id"]
    lifecycle.announce(world, subscription, invoice)
    invoicing.finalize(world, invoice, setup=True)
    payments.collect(
        world,
        invoice,
        method=method,
        off_session=False,
        authenticated=intent is not None,
    )
    session.update(subscription=subscription["id"], invoice=invoice["id"])


def _pay_once(world: World, session: Json, method: Json, intent: Json | None) -> None:
    authenticated = intent is not None
    intent = intent or intent_for(world, session, about={})
    intent["customer"] = session["customer"]
    intents.attempt(
        world, intent, method, off_session=False, authenticated=authenticated
    )
    session["payment_intent"] = intent["id"]
