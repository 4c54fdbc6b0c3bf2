from __future__ import annotations

from typing import Any

from wagtail_billing_portal.sandbox.routing import operation
from wagtail_billing_portal.sandbox.world import World

Json = dict[str, Any]

_KIND = "entitlements.active_entitlement"


@operation("GET", "/v1/entitlements/active_entitlements", handles={"customer"})
def list_active_entitlements(world: World, params: Json) -> Json:
    """What a customer may use now."""
    customer = params["customer"]
    world.get("customer", customer, param="customer")
    return world.list(_KIND, params, _sandbox__customer=customer)


@operation("GET", "/v1/entitlements/active_entitlements/{id}")
def retrieve_active_entitlement(world: World, params: Json, id: str) -> Json:
    return world.get(_KIND, id)
