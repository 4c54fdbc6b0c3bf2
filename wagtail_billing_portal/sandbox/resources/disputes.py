from __future__ import annotations

from typing import Any

from wagtail_billing_portal.sandbox.billing import disputes
from wagtail_billing_portal.sandbox.routing import operation
from wagtail_billing_portal.sandbox.world import World

Json = dict[str, Any]


@operation("GET", "/v1/disputes/{dispute}")
def retrieve_dispute(world: World, params: Json, dispute: str) -> Json:
    return world.get("dispute", dispute)


@operation("GET", "/v1/disputes", handles={"charge", "payment_intent"})
def list_disputes(world: World, params: Json) -> Json:
    same = ("charge", "payment_intent")
    equals = {name: params[name] for name in same if name in params}
    return world.list("dispute", params, **equals)


@operation("POST", "/v1/disputes/{dispute}", handles={"evidence", "metadata", "submit"})
def update_dispute(world: World, params: Json, dispute: str) -> Json:
    """Say something about it, and send it to the bank."""
    return disputes.update(world, world.get("dispute", dispute), params)


@operation("POST", "/v1/disputes/{dispute}/close")
def close_dispute(world: World, params: Json, dispute: str) -> Json:
    """Give in."""
    return disputes.close(world, world.get("dispute", dispute))
