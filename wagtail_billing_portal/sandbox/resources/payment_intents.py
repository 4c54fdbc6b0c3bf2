from __future__ import annotations

from typing import Any

from wagtail_billing_portal.sandbox.billing import intents, methods, payments
from wagtail_billing_portal.sandbox.errors import InvalidRequest
from wagtail_billing_portal.sandbox.routing import operation
from wagtail_billing_portal.sandbox.world import World

Json = dict[str, Any]


@operation("GET", "/v1/payment_intents/{intent}")
def retrieve_payment_intent(world: World, params: Json, intent: str) -> Json:
    return world.get("payment_intent", intent)


@operation("GET", "/v1/payment_intents", handles={"customer"})
def list_payment_intents(world: World, params: Json) -> Json:
    equals = {"customer": params["customer"]} if "customer" in params else {}
    return world.list("payment_intent", params, **equals)


@operation(
    "POST",
    "/v1/payment_intents/{intent}/confirm",
    handles={"off_session", "payment_method", "return_url"},
)
def confirm_payment_intent(world: World, params: Json, intent: str) -> Json:
    """Pay an invoice through its intent, as Stripe.js does in the browser."""
    stored = world.get("payment_intent", intent)
    if stored["status"] not in (intents.REFUSED, "requires_confirmation"):
        raise InvalidRequest(
            f"This PaymentIntent's status is {stored['status']}, so it cannot be "
            "confirmed.",
            code="payment_intent_unexpected_state",
        )
    invoice_id = stored["_sandbox"].get("invoice")
    if invoice_id is None:
        raise InvalidRequest(
            "The sandbox does not support confirming a PaymentIntent that belongs to "
            "no invoice yet."
        )
    method_id = params.get("payment_method") or stored["payment_method"]
    if not method_id:
        raise InvalidRequest(
            "You cannot confirm this PaymentIntent because it's missing a payment "
            "method. Update the PaymentIntent with a payment method and then confirm "
            "it again.",
            code="payment_intent_unexpected_state",
        )
    if "return_url" in params:
        world.private(stored)["return_url"] = params["return_url"]
        world.save(stored)
    status = payments.collect(
        world,
        world.get("invoice", invoice_id),
        method=methods.known(world, method_id),
        off_session=bool(params.get("off_session")),
        automatic=False,
    )
    confirmed = world.get("payment_intent", intent)
    if status == intents.REFUSED:
        raise intents.declined_error(confirmed)
    return confirmed
