"""What a completed checkout session leaves: customer, subscription, payment."""

from __future__ import annotations

from wagtail_billing_portal.sandbox.billing import (
    extras,
    intents,
    invoice_items,
    invoicing,
    lifecycle,
    orders,
    payer,
    payments,
    promotions,
)
from wagtail_billing_portal.sandbox.billing.fields import Json, address
from wagtail_billing_portal.sandbox.world import World


def complete(
    world: World,
    session: Json,
    method: Json | None,
    *,
    typed: Json,
    intent: Json | None = None,
) -> None:
    """The payer has done all that was asked for: make what was ordered."""
    session["customer"] = payer.customer_of(world, session, method, typed)
    if method and session["customer"] and _keeps_method(session, typed):
        method = world.get("payment_method", method["id"])
        if method["customer"] is None:
            method["customer"] = session["customer"]
            method["allow_redisplay"] = _redisplay(session, typed)
            world.save(method, "payment_method.attached")
    status = ""
    if session["mode"] == "subscription":
        status = _subscribe(world, session, method, intent)
    elif session["mode"] == "payment":
        promotions.redeem(world, session)
        if method and is_due(session):
            status = _pay_once(world, session, method, intent)
    payer.write_answers(session, typed)
    session.update(
        customer_details=payer.details(world, session, method, typed),
        payment_status=_payment_status(session, status),
        status="complete",
        url=None,
    )
    world.private(session)["due_at"] = None
    world.save(session, "checkout.session.completed")
    if session["payment_link"]:
        _count_for_link(world, world.get("payment_link", session["payment_link"]))


@intents.when_settled
def settled(world: World, intent: Json, status: str) -> None:
    """A bank that took days has answered about what was bought at a checkout."""
    session_id = world.private(intent).pop("checkout", None)
    if session_id is None:
        return
    world.save(intent)
    session = world.get("checkout.session", session_id)
    if status == intents.SUCCEEDED:
        session["payment_status"] = "paid"
        world.save(session, "checkout.session.async_payment_succeeded")
    else:
        world.emit("checkout.session.async_payment_failed", session)


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
        fields={
            **_shown(data),
            "payment_method_types": session["payment_method_types"],
        },
    )


def _shown(data: Json) -> Json:
    """What else was sent for the payment, as a payment intent carries it."""
    plain = ("receipt_email", "statement_descriptor", "statement_descriptor_suffix")
    fields: Json = {name: data[name] for name in plain if name in data}
    if shipping := data.get("shipping"):
        parts = ("carrier", "name", "phone", "tracking_number")
        fields["shipping"] = {
            **{part: shipping.get(part) for part in parts},
            "address": address(shipping["address"]),
        }
    return fields


def is_due(session: Json) -> bool:
    """Whether money is taken when the page is submitted."""
    return bool(session["amount_total"])


def _payment_status(session: Json, status: str) -> str:
    if not is_due(session):
        return "no_payment_required"
    return "unpaid" if status == intents.PROCESSING else "paid"


def _await(world: World, session: Json, intent: Json) -> None:
    """Note whose answer a session waits for."""
    if intent["status"] == intents.PROCESSING:
        world.private(intent)["checkout"] = session["id"]
        world.save(intent)


def _keeps_method(session: Json, typed: Json) -> bool:
    """Whether the card is for more than this one payment."""
    data = session["_sandbox"]["payment_intent_data"]
    wanted = "setup_future_usage" in data or typed.get("save_card")
    return bool(session["mode"] != "payment" or wanted)


def _redisplay(session: Json, typed: Json) -> str:
    """Whether later checkouts may offer the card again."""
    if typed.get("save_card"):
        return "always"
    return session["_sandbox"].get("allow_redisplay") or "limited"


def _count_for_link(world: World, link: Json) -> None:
    """A payment link that is good for so many payments closes with the last."""
    if restrictions := link["restrictions"]:
        completed = restrictions["completed_sessions"]
        count = completed["count"] + 1
        link["restrictions"] = {"completed_sessions": {**completed, "count": count}}
        link["active"] = link["active"] and count < completed["limit"]
        world.save(link, "payment_link.updated")


def _subscribe(
    world: World, session: Json, method: Json | None, intent: Json | None
) -> str:
    sold = session["_sandbox"]["line_items"]
    repeated = [item for item in sold if item["price"]["recurring"]]
    subscription = _built(world, session, repeated, method)
    _discount_and_tax(world, session, subscription, repeated)
    once = [item for item in sold if not item["price"]["recurring"]]
    added = [_charged_once(world, session, item) for item in once]
    for extra in added:
        extras.belong_to(extra, subscription)
    invoice = lifecycle.first_invoice(world, subscription, added)
    if subscription["status"] == "incomplete":
        subscription["status"] = "active"
    if intent:
        intent["customer"] = session["customer"]
        world.private(intent).pop("session")
        world.private(intent)["invoice"] = invoice["id"]
        world.save(intent)
        world.private(invoice)["payment_intent"] = intent["id"]
    lifecycle.announce(world, subscription, invoice, added)
    invoicing.finalize(world, invoice, setup=True)
    status = payments.collect(
        world,
        invoice,
        method=method,
        off_session=False,
        authenticated=intent is not None,
    )
    if asked := invoicing.intent_of(world, invoice):
        _await(world, session, asked)
    session.update(subscription=subscription["id"], invoice=invoice["id"])
    return status


def _built(world: World, session: Json, sold: list[Json], method: Json | None) -> Json:
    order = {
        **_ordered(session["_sandbox"]["subscription_data"]),
        "customer": session["customer"],
        "currency": session["currency"],
        "items": [_item(item) for item in sold],
    }
    if method:
        order["default_payment_method"] = method["id"]
    prices = [world.get("price", item["price"]["id"]) for item in sold]
    return orders.build(world, order, prices=prices)


def _item(sold: Json) -> Json:
    metered = sold["price"]["recurring"]["usage_type"] == "metered"
    item = {} if metered else {"quantity": sold["quantity"]}
    return {**item, "metadata": sold["metadata"]} if sold["metadata"] else item


def _charged_once(world: World, session: Json, sold: Json) -> Json:
    order = {
        "quantity": sold["quantity"],
        "tax_rates": sold.get("_sandbox", {}).get("tax_rates") or [],
    }
    price = world.get("price", sold["price"]["id"])
    currency, customer = session["currency"], session["customer"]
    return invoice_items.sell(world, price, order, customer=customer, currency=currency)


def _ordered(data: Json) -> Json:
    return {k: v for k, v in data.items() if k != "default_tax_rates"}


def _discount_and_tax(
    world: World, session: Json, subscription: Json, sold: list[Json]
) -> None:
    """What the offer was counted with goes on for as long as the subscription."""
    private = session["_sandbox"]
    rates = private["subscription_data"].get("default_tax_rates") or []
    subscription.update(
        discounts=promotions.redeem(world, session, subscription=subscription["id"]),
        default_tax_rates=[world.get("tax_rate", rate) for rate in rates],
    )
    if session["automatic_tax"]["enabled"]:
        subscription["automatic_tax"] = {
            "disabled_reason": None,
            "enabled": True,
            "liability": {"account": None, "type": "self"},
        }
    for item, line in zip(subscription["items"]["data"], sold, strict=True):
        own = line.get("_sandbox", {}).get("tax_rates") or []
        item["tax_rates"] = [world.get("tax_rate", rate) for rate in own]


def _pay_once(world: World, session: Json, method: Json, intent: Json | None) -> str:
    authenticated = intent is not None
    intent = intent or intent_for(world, session, about={})
    intent["customer"] = session["customer"]
    status = intents.attempt(
        world, intent, method, off_session=False, authenticated=authenticated
    )
    _await(world, session, intent)
    session["payment_intent"] = intent["id"]
    return status
