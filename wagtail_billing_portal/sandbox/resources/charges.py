from __future__ import annotations

from typing import Any

from wagtail_billing_portal.sandbox.routing import operation
from wagtail_billing_portal.sandbox.world import World

Json = dict[str, Any]


@operation("GET", "/v1/charges/{charge}")
def retrieve_charge(world: World, params: Json, charge: str) -> Json:
    return world.get("charge", charge)


@operation("GET", "/v1/charges", handles={"customer", "payment_intent"})
def list_charges(world: World, params: Json) -> Json:
    same = ("customer", "payment_intent")
    equals = {name: params[name] for name in same if name in params}
    return world.list("charge", params, **equals)
