from __future__ import annotations

from typing import Any

from wagtail_billing_portal.sandbox.billing import attempts, confirming, intents, kinds
from wagtail_billing_portal.sandbox.billing.fields import (
    address,
    assign,
    merge_metadata,
    supported_value,
)
from wagtail_billing_portal.sandbox.errors import InvalidRequest
from wagtail_billing_portal.sandbox.routing import operation
from wagtail_billing_portal.sandbox.world import World

Json = dict[str, Any]

PLAIN = (
    "capture_method",
    "confirmation_method",
    "customer",
    "description",
    "receipt_email",
    "setup_future_usage",
    "statement_descriptor",
    "statement_descriptor_suffix",
    "transfer_group",
)
CHANGEABLE = {
    *PLAIN,
    *attempts.METHOD,
    "allowed_payment_method_types",
    "amount",
    "currency",
    "excluded_payment_method_types",
    "metadata",
    "payment_method_options",
    "shipping",
}
CONFIRMING = {
    "error_on_requires_action",
    "mandate",
    "mandate_data",
    "off_session",
    "return_url",
    "use_stripe_sdk",
}
# What can be put right after the money has moved.
AFTERWARDS = {"description", "metadata", "receipt_email", "shipping"}


@operation(
    "POST",
    "/v1/payment_intents",
    handles={*CHANGEABLE, *CONFIRMING, "automatic_payment_methods", "confirm"},
)
def create_payment_intent(world: World, params: Json) -> Json:
    """An amount to collect from somebody, now or later."""
    if not params.get("confirm"):
        _refuse_without_confirming(params)
    confirming.check_amount(params["amount"], params["currency"])
    if customer := params.get("customer"):
        world.get("customer", customer, param="customer")
    card = dict.fromkeys(("installments", "mandate_options", "network"))
    options = {"card": {**card, "request_three_d_secure": "automatic"}}
    fields: Json = {
        "object": intents.KIND,
        "capture_method": "automatic_async",
        "payment_method_options": options,
    }
    _write(fields, params)
    attempts.choose_kinds(fields, params, kinds.automatic(params["currency"]))
    attempts.write_options(fields, params)
    intent = intents.create(
        world,
        amount=params["amount"],
        currency=params["currency"].lower(),
        customer=customer,
        fields=fields,
    )
    if method := attempts.method_of(world, intent, params):
        intents.ready(intent, method)
    world.save(intent)
    sent = {name: params[name] for name in CONFIRMING if name in params}
    return confirming.confirm(world, intent, sent) if params.get("confirm") else intent


@operation("GET", "/v1/payment_intents/{intent}", handles={"client_secret"})
def retrieve_payment_intent(world: World, params: Json, intent: str) -> Json:
    return attempts.check_secret(world.get(intents.KIND, intent), params)


@operation(
    "POST",
    "/v1/payment_intents/{intent}",
    handles=CHANGEABLE - {"confirmation_method", "confirmation_token"},
)
def update_payment_intent(world: World, params: Json, intent: str) -> Json:
    """Change what is asked for, as long as nobody has paid."""
    stored = world.get(intents.KIND, intent)
    _check_changeable(stored, params)
    if customer := params.get("customer"):
        world.get("customer", customer, param="customer")
    currency = str(params.get("currency") or stored["currency"]).lower()
    if {"amount", "currency"} & params.keys():
        amount: int = params["amount"] if "amount" in params else stored["amount"]
        confirming.check_amount(amount, currency)
        stored.update(amount=amount, currency=currency)
    if {
        "allowed_payment_method_types",
        "excluded_payment_method_types",
    } & params.keys():
        attempts.choose_kinds(stored, params, kinds.automatic(currency))
    _write(stored, params)
    attempts.write_options(stored, params)
    if method := attempts.method_of(world, stored, params):
        intents.ready(stored, method)
    return world.save(stored)


@operation("GET", "/v1/payment_intents", handles={"customer"})
def list_payment_intents(world: World, params: Json) -> Json:
    equals = {"customer": params["customer"]} if "customer" in params else {}
    return world.list(intents.KIND, params, **equals)


@operation(
    "POST",
    "/v1/payment_intents/{intent}/confirm",
    handles={
        *attempts.METHOD,
        *CONFIRMING,
        "allowed_payment_method_types",
        "amount_to_confirm",
        "capture_method",
        "excluded_payment_method_types",
        "payment_method_options",
        "receipt_email",
        "setup_future_usage",
        "shipping",
    },
)
def confirm_payment_intent(world: World, params: Json, intent: str) -> Json:
    """Take the money, as Stripe.js does in the browser or a server by itself."""
    stored = world.get(intents.KIND, intent)
    if stored["status"] in attempts.OPEN:
        if {"allowed_payment_method_types", "excluded_payment_method_types"} & (
            params.keys()
        ):
            attempts.choose_kinds(stored, params, kinds.automatic(stored["currency"]))
        _write(stored, params)
        attempts.write_options(stored, params)
    return confirming.confirm(world, stored, params)


@operation(
    "POST", "/v1/payment_intents/{intent}/cancel", handles={"cancellation_reason"}
)
def cancel_payment_intent(world: World, params: Json, intent: str) -> Json:
    """Ask for the money no more."""
    stored = world.get(intents.KIND, intent)
    if stored["_sandbox"].get("invoice") and stored["status"] in intents.CANCELABLE:
        raise attempts.error(
            stored,
            "You cannot cancel this PaymentIntent because it belongs to an invoice. "
            "Void the invoice instead.",
        )
    reason = params.get("cancellation_reason") or None
    return intents.cancel(world, stored, reason=reason)


@operation(
    "POST",
    "/v1/payment_intents/{intent}/capture",
    handles={
        "amount_to_capture",
        "final_capture",
        "metadata",
        "statement_descriptor",
        "statement_descriptor_suffix",
    },
)
def capture_payment_intent(world: World, params: Json, intent: str) -> Json:
    """Take what was set aside."""
    stored = world.get(intents.KIND, intent)
    supported_value(params.get("final_capture", True), True, param="final_capture")
    assign(stored, params, ("statement_descriptor", "statement_descriptor_suffix"))
    merge_metadata(stored, params)
    return intents.capture(world, stored, params.get("amount_to_capture"))


def _write(intent: Json, params: Json) -> None:
    assign(intent, params, PLAIN)
    if "shipping" in params:
        intent["shipping"] = _shipping(params["shipping"])
    merge_metadata(intent, params)


def _shipping(sent: Json | str) -> Json | None:
    if not isinstance(sent, dict):
        return None
    blank = dict.fromkeys(("carrier", "phone", "tracking_number"))
    return {**blank, **sent, "address": address(sent["address"])}


def _refuse_without_confirming(params: Json) -> None:
    for name in sorted(CONFIRMING & params.keys() - {"use_stripe_sdk"}):
        raise InvalidRequest(
            f"The parameter `{name}` cannot be passed when creating a PaymentIntent "
            "unless `confirm` is set to true.",
            param=name,
        )


def _check_changeable(intent: Json, params: Json) -> None:
    if intent["status"] not in attempts.OPEN:
        for name in sorted(params.keys() - AFTERWARDS):
            raise attempts.error(
                intent,
                f"This PaymentIntent's {name} could not be updated because it has a "
                f"status of {intent['status']}. You may only update the {name} of a "
                "PaymentIntent with one of the following statuses: "
                f"{', '.join(attempts.OPEN)}.",
                param=name,
            )
    if intent["_sandbox"].get("invoice"):
        for name in sorted({"amount", "currency", "customer"} & params.keys()):
            raise InvalidRequest(
                f"You cannot change the {name} of a PaymentIntent that belongs to an "
                "invoice.",
                param=name,
            )
