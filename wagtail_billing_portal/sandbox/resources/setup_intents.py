from __future__ import annotations

from typing import Any

from wagtail_billing_portal.sandbox.billing import methods, setups
from wagtail_billing_portal.sandbox.billing.fields import (
    assign,
    merge_metadata,
    supported_value,
)
from wagtail_billing_portal.sandbox.errors import InvalidRequest
from wagtail_billing_portal.sandbox.routing import operation
from wagtail_billing_portal.sandbox.world import World

Json = dict[str, Any]


@operation(
    "POST",
    "/v1/setup_intents",
    handles={
        "allowed_payment_method_types",
        "automatic_payment_methods",
        "confirm",
        "customer",
        "description",
        "metadata",
        "payment_method",
        "return_url",
        "usage",
    },
)
def create_setup_intent(world: World, params: Json) -> Json:
    """Begin to keep a card of a customer for later."""
    if customer := params.get("customer"):
        world.get("customer", customer, param="customer")
    types = params.get("allowed_payment_method_types", ["card"])
    supported_value(types, ["card"], param="allowed_payment_method_types")
    intent = setups.create(
        world,
        customer=customer,
        usage=params.get("usage", "off_session"),
        description=params.get("description"),
        automatic="allowed_payment_method_types" not in params,
    )
    if "allowed_payment_method_types" in params:
        intent["allowed_payment_method_types"] = types
    merge_metadata(intent, params)
    if method_id := params.get("payment_method"):
        intent["payment_method"] = methods.known(world, method_id)["id"]
        intent["status"] = "requires_confirmation"
    world.save(intent)
    return _confirm(world, intent, params) if params.get("confirm") else intent


@operation("GET", "/v1/setup_intents/{intent}")
def retrieve_setup_intent(world: World, params: Json, intent: str) -> Json:
    return world.get("setup_intent", intent)


@operation("POST", "/v1/setup_intents/{intent}", handles={"description", "metadata"})
def update_setup_intent(world: World, params: Json, intent: str) -> Json:
    stored = world.get("setup_intent", intent)
    assign(stored, params, ("description",))
    merge_metadata(stored, params)
    return world.save(stored)


@operation("GET", "/v1/setup_intents", handles={"customer", "payment_method"})
def list_setup_intents(world: World, params: Json) -> Json:
    same = ("customer", "payment_method")
    equals = {name: params[name] for name in same if name in params}
    return world.list("setup_intent", params, **equals)


@operation(
    "POST",
    "/v1/setup_intents/{intent}/confirm",
    handles={"payment_method", "return_url"},
)
def confirm_setup_intent(world: World, params: Json, intent: str) -> Json:
    """Ask the bank; it may want to ask its customer first."""
    return _confirm(world, world.get("setup_intent", intent), params)


@operation("POST", "/v1/setup_intents/{intent}/cancel", handles={"cancellation_reason"})
def cancel_setup_intent(world: World, params: Json, intent: str) -> Json:
    stored = world.get("setup_intent", intent)
    if stored["status"] in (setups.SUCCEEDED, "canceled"):
        raise _unexpected_state(stored, "canceled")
    return setups.cancel(world, stored, reason=params.get("cancellation_reason"))


def _confirm(world: World, intent: Json, params: Json) -> Json:
    if intent["status"] not in (setups.REFUSED, "requires_confirmation"):
        raise _unexpected_state(intent, "confirmed")
    method_id = params.get("payment_method") or intent["payment_method"]
    if not method_id:
        raise InvalidRequest(
            "You cannot confirm this SetupIntent because it's missing a payment "
            "method. Update the SetupIntent with a payment method and then confirm "
            "it again.",
            code="setup_intent_unexpected_state",
        )
    method = methods.known(world, method_id)
    if "return_url" in params:
        world.private(intent)["return_url"] = params["return_url"]
    status = setups.attempt(world, intent, method)
    if status == setups.REFUSED:
        raise setups.declined_error(intent)
    return intent


def _unexpected_state(intent: Json, wish: str) -> InvalidRequest:
    return InvalidRequest(
        f"You cannot have this SetupIntent {wish} because it has a status of "
        f"{intent['status']}.",
        code="setup_intent_unexpected_state",
    )
