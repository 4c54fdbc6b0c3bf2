from __future__ import annotations

from typing import Any

from wagtail_billing_portal.sandbox.billing.fields import only_one
from wagtail_billing_portal.sandbox.routing import operation
from wagtail_billing_portal.sandbox.world import World

Json = dict[str, Any]

_UNDELIVERED = "pending_webhooks__gt"


@operation("GET", "/v1/events/{id}")
def retrieve_event(world: World, params: Json, id: str) -> Json:
    return world.get("event", id)


@operation("GET", "/v1/events", handles={"delivery_success", "type", "types"})
def list_events(world: World, params: Json) -> Json:
    """What happened, newest first; the body of each stays as it was sent."""
    only_one(params, "type", "types")
    equals: Json = {}
    if "type" in params:
        equals["type"] = params["type"]
    if "types" in params:
        equals["type"] = params["types"]
    if "delivery_success" in params:
        lookup = "pending_webhooks" if params["delivery_success"] else _UNDELIVERED
        equals[lookup] = 0
    return world.list("event", params, **equals)
