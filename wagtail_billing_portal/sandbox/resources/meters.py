from __future__ import annotations

import hashlib
from decimal import Decimal
from typing import Any

from wagtail_billing_portal.sandbox import pagination
from wagtail_billing_portal.sandbox.billing import meters
from wagtail_billing_portal.sandbox.billing.fields import assign
from wagtail_billing_portal.sandbox.contract import skeleton
from wagtail_billing_portal.sandbox.errors import InvalidRequest
from wagtail_billing_portal.sandbox.routing import operation
from wagtail_billing_portal.sandbox.world import World

Json = dict[str, Any]

_KIND = "billing.meter"
_MINUTE = 60


@operation(
    "POST",
    "/v1/billing/meters",
    handles={
        "customer_mapping",
        "default_aggregation",
        "display_name",
        "event_name",
        "event_time_window",
        "value_settings",
    },
)
def create_meter(world: World, params: Json) -> Json:
    """Something to count per customer; only its display name changes later."""
    _claim(world, params["event_name"])
    meter = {
        **skeleton(_KIND),
        "id": world.new_id("mtr_test_"),
        "created": world.now,
        "customer_mapping": params.get("customer_mapping")
        or {"event_payload_key": "stripe_customer_id", "type": "by_id"},
        "default_aggregation": params["default_aggregation"],
        "display_name": params["display_name"],
        "event_name": params["event_name"],
        "event_time_window": params.get("event_time_window"),
        "status": "active",
        "status_transitions": {"deactivated_at": None},
        "updated": world.now,
        "value_settings": params.get("value_settings")
        or {"event_payload_key": "value"},
    }
    return world.add(meter, "billing.meter.created")


@operation("GET", "/v1/billing/meters/{id}")
def retrieve_meter(world: World, params: Json, id: str) -> Json:
    return world.get(_KIND, id)


@operation("POST", "/v1/billing/meters/{id}", handles={"display_name"})
def update_meter(world: World, params: Json, id: str) -> Json:
    meter = world.get(_KIND, id)
    assign(meter, params, ("display_name",))
    meter["updated"] = world.now
    return world.save(meter, "billing.meter.updated")


@operation("GET", "/v1/billing/meters", handles={"status"})
def list_meters(world: World, params: Json) -> Json:
    equals = {"status": params["status"]} if "status" in params else {}
    return world.list(_KIND, params, **equals)


@operation("POST", "/v1/billing/meters/{id}/deactivate")
def deactivate_meter(world: World, params: Json, id: str) -> Json:
    """Take in no more events; what was counted stays."""
    meter = _in_status(world, id, "active")
    transitions = {"deactivated_at": world.now}
    meter.update(status="inactive", status_transitions=transitions, updated=world.now)
    return world.save(meter, "billing.meter.deactivated")


@operation("POST", "/v1/billing/meters/{id}/reactivate")
def reactivate_meter(world: World, params: Json, id: str) -> Json:
    meter = _in_status(world, id, "inactive")
    _claim(world, meter["event_name"])
    transitions = {"deactivated_at": None}
    meter.update(status="active", status_transitions=transitions, updated=world.now)
    return world.save(meter, "billing.meter.reactivated")


@operation(
    "GET",
    "/v1/billing/meters/{id}/event_summaries",
    handles={"customer", "start_time", "end_time", "value_grouping_window"},
)
def list_event_summaries(world: World, params: Json, id: str) -> Json:
    """A customer's usage in a span of time: as one figure, or hour by hour."""
    meter = world.get(_KIND, id)
    customer = params["customer"]
    world.get("customer", customer, param="customer")
    start, end = _span(params)
    if length := meters.WINDOWS.get(params.get("value_grouping_window", "")):
        windows = meters.by_window(world, meter, customer, start, end, length)
        found = [
            _summary(meter, customer, begin, begin + length, value)
            for begin, value in windows
        ]
    else:
        value = meters.usage(world, id, customer, start, end)
        found = [_summary(meter, customer, start, end, value)]
    return pagination.page(found, params, url=world.path)


def _claim(world: World, event_name: str) -> None:
    for meter in world.find(_KIND, event_name=event_name):
        if meter["status"] == "active":
            raise InvalidRequest(
                f"An active meter with the event name '{event_name}' exists already: "
                f"{meter['id']}.",
                param="event_name",
                code="resource_already_exists",
            )


def _in_status(world: World, id: str, status: str) -> Json:
    meter = world.get(_KIND, id)
    if meter["status"] != status:
        raise InvalidRequest(f"The meter {id} is already {meter['status']}.")
    return meter


def _span(params: Json) -> tuple[int, int]:
    window = params.get("value_grouping_window")
    unit = meters.WINDOWS.get(window or "", _MINUTE)
    for name in ("start_time", "end_time"):
        if params[name] % unit:
            raise InvalidRequest(
                f"Invalid `{name}`: it must be aligned with {window or 'minute'} "
                "boundaries (UTC).",
                param=name,
            )
    start, end = params["start_time"], params["end_time"]
    if end <= start:
        raise InvalidRequest("`end_time` must be after `start_time`.", param="end_time")
    return start, end


def _summary(meter: Json, customer: str, start: int, end: int, value: Decimal) -> Json:
    """One figure; the same question gets the same id, so that pages fit together."""
    name = f"{meter['id']} {customer} {start} {end}"
    return {
        **skeleton("billing.meter_event_summary"),
        "id": "mtrusg_test_" + hashlib.sha256(name.encode()).hexdigest()[:24],
        "aggregated_value": float(value),
        "end_time": end,
        "meter": meter["id"],
        "start_time": start,
    }
