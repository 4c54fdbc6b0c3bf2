from __future__ import annotations

from typing import Any

from wagtail_billing_portal.sandbox.billing.fields import assign, merge_metadata
from wagtail_billing_portal.sandbox.contract import skeleton
from wagtail_billing_portal.sandbox.errors import InvalidRequest
from wagtail_billing_portal.sandbox.routing import operation
from wagtail_billing_portal.sandbox.world import World

Json = dict[str, Any]

_LABELS = (
    "active",
    "country",
    "description",
    "display_name",
    "jurisdiction",
    "state",
    "tax_type",
)


@operation(
    "POST",
    "/v1/tax_rates",
    handles={*_LABELS, "inclusive", "metadata", "percentage"},
)
def create_tax_rate(world: World, params: Json) -> Json:
    """What a seller adds to an amount, or finds in it, for the state."""
    percentage = float(params["percentage"])
    if not 0 <= percentage <= 100:
        raise InvalidRequest(
            "Invalid percentage: it must be between 0 and 100.", param="percentage"
        )
    rate = {
        **skeleton("tax_rate"),
        "id": world.new_id("txr_"),
        "active": True,
        "created": world.now,
        "inclusive": params["inclusive"],
        "percentage": percentage,
        "rate_type": "percentage",
    }
    assign(rate, params, _LABELS)
    merge_metadata(rate, params)
    return world.add(rate, "tax_rate.created")


@operation("GET", "/v1/tax_rates/{tax_rate}")
def retrieve_tax_rate(world: World, params: Json, tax_rate: str) -> Json:
    return world.get("tax_rate", tax_rate)


@operation("POST", "/v1/tax_rates/{tax_rate}", handles={*_LABELS, "metadata"})
def update_tax_rate(world: World, params: Json, tax_rate: str) -> Json:
    """Change its labels, or retire it; how much it takes stays for ever."""
    stored = world.get("tax_rate", tax_rate)
    assign(stored, params, _LABELS)
    merge_metadata(stored, params)
    return world.save(stored, "tax_rate.updated")


@operation("GET", "/v1/tax_rates", handles={"active", "inclusive"})
def list_tax_rates(world: World, params: Json) -> Json:
    equals = {name: params[name] for name in ("active", "inclusive") if name in params}
    return world.list("tax_rate", params, **equals)
