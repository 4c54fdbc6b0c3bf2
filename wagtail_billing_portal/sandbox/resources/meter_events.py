from __future__ import annotations

from typing import Any

from wagtail_billing_portal.sandbox.billing import meters
from wagtail_billing_portal.sandbox.billing.fields import need
from wagtail_billing_portal.sandbox.contract import skeleton
from wagtail_billing_portal.sandbox.errors import InvalidRequest
from wagtail_billing_portal.sandbox.routing import operation
from wagtail_billing_portal.sandbox.world import World

Json = dict[str, Any]


@operation(
    "POST",
    "/v1/billing/meter_events",
    handles={"event_name", "identifier", "payload", "timestamp"},
)
def create_meter_event(world: World, params: Json) -> Json:
    """A customer used something."""
    event = meters.record(world, params)
    same = ("created", "identifier", "payload", "timestamp")
    return {
        **skeleton("billing.meter_event"),
        **{name: event[name] for name in same},
        "event_name": params["event_name"],
    }


@operation(
    "POST",
    "/v1/billing/meter_event_adjustments",
    handles={"cancel", "event_name", "type"},
)
def create_meter_event_adjustment(world: World, params: Json) -> Json:
    """Take back an event of the last day."""
    need(params, "cancel")
    identifier = params["cancel"].get("identifier")
    need(params["cancel"], "identifier")
    meter = meters.active_meter(world, params["event_name"])
    found = [
        event
        for event in meters.recent(world, identifier)
        if event["meter"] == meter["id"]
    ]
    if not found:
        raise InvalidRequest(
            f"No event with the identifier {identifier} was received in the last 24 "
            "hours.",
            param="cancel[identifier]",
            code="resource_missing",
        )
    for event in found:
        world.save({**event, "canceled": True})
    return {
        **skeleton("billing.meter_event_adjustment"),
        "cancel": {"identifier": identifier},
        "event_name": params["event_name"],
        "status": "complete",
        "type": "cancel",
    }
