from __future__ import annotations

from typing import Any

from wagtail_billing_portal.sandbox.billing import charges, legacy_charges
from wagtail_billing_portal.sandbox.billing.fields import (
    address,
    assign,
    merge_metadata,
)
from wagtail_billing_portal.sandbox.errors import InvalidRequest
from wagtail_billing_portal.sandbox.routing import operation
from wagtail_billing_portal.sandbox.world import World

Json = dict[str, Any]

NOTED = ("description", "receipt_email", "transfer_group")
DESCRIPTORS = ("statement_descriptor", "statement_descriptor_suffix")


@operation(
    "POST",
    "/v1/charges",
    handles={
        *DESCRIPTORS,
        *NOTED,
        "amount",
        "capture",
        "currency",
        "customer",
        "metadata",
        "shipping",
        "source",
    },
)
def create_charge(world: World, params: Json) -> Json:
    """Take money from a card at once."""
    if "shipping" in params:
        params = {**params, "shipping": _shipping(params["shipping"])}
    return legacy_charges.create(world, params)


@operation("GET", "/v1/charges/{charge}")
def retrieve_charge(world: World, params: Json, charge: str) -> Json:
    return world.get("charge", charge)


@operation(
    "POST",
    "/v1/charges/{charge}",
    handles={*NOTED, "customer", "fraud_details", "metadata", "shipping"},
)
def update_charge(world: World, params: Json, charge: str) -> Json:
    """Change what is noted on a charge; nothing moves."""
    stored = world.get("charge", charge)
    if "customer" in params:
        world.get("customer", params["customer"], param="customer")
        if stored["customer"] not in (None, params["customer"]):
            raise InvalidRequest(
                "You cannot change the customer of a charge that has one.",
                param="customer",
            )
        stored["customer"] = params["customer"]
    if "shipping" in params:
        stored["shipping"] = _shipping(params["shipping"])
    if report := params.get("fraud_details", {}).get("user_report"):
        stored["fraud_details"] = {**stored["fraud_details"], "user_report": report}
    assign(stored, params, NOTED)
    merge_metadata(stored, params)
    return world.save(stored, charges.UPDATED)


@operation(
    "GET", "/v1/charges", handles={"customer", "payment_intent", "transfer_group"}
)
def list_charges(world: World, params: Json) -> Json:
    same = ("customer", "payment_intent", "transfer_group")
    equals = {name: params[name] for name in same if name in params}
    return world.list("charge", params, **equals)


@operation(
    "POST",
    "/v1/charges/{charge}/capture",
    handles={*DESCRIPTORS, "amount", "receipt_email", "transfer_group"},
)
def capture_charge(world: World, params: Json, charge: str) -> Json:
    """Take what was set aside."""
    stored = world.get("charge", charge)
    if stored["payment_intent"]:
        raise InvalidRequest(
            "This charge belongs to a PaymentIntent, which has to be captured instead: "
            f"{stored['payment_intent']}."
        )
    assign(stored, params, (*DESCRIPTORS, "receipt_email", "transfer_group"))
    return charges.capture(world, stored, params.get("amount"))


def _shipping(sent: Json) -> Json:
    blank = dict.fromkeys(("carrier", "phone", "tracking_number"))
    return {**blank, **sent, "address": address(sent["address"])}
