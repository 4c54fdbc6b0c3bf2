from __future__ import annotations

import operator
from typing import Any

from wagtail_billing_portal.sandbox.billing import schedules
from wagtail_billing_portal.sandbox.pagination import page
from wagtail_billing_portal.sandbox.routing import operation
from wagtail_billing_portal.sandbox.world import World

Json = dict[str, Any]

KIND = "subscription_schedule"
_COMPARE = {
    "gt": operator.gt,
    "gte": operator.ge,
    "lt": operator.lt,
    "lte": operator.le,
}
_MOMENTS = ("canceled_at", "completed_at", "released_at")


@operation(
    "POST",
    "/v1/subscription_schedules",
    handles={
        "billing_mode",
        "customer",
        "default_settings",
        "end_behavior",
        "from_subscription",
        "metadata",
        "pause_schedules",
        "phases",
        "start_date",
    },
)
def create_subscription_schedule(world: World, params: Json) -> Json:
    """Plan a subscription, or take one that runs under a plan."""
    if "from_subscription" in params:
        return schedules.migrate(world, params)
    return schedules.create(world, params)


@operation("GET", "/v1/subscription_schedules/{schedule}")
def retrieve_subscription_schedule(world: World, params: Json, schedule: str) -> Json:
    return world.get(KIND, schedule)


@operation(
    "POST",
    "/v1/subscription_schedules/{schedule}",
    handles={
        "default_settings",
        "end_behavior",
        "metadata",
        "pause_schedules",
        "phases",
        "proration_behavior",
    },
)
def update_subscription_schedule(world: World, params: Json, schedule: str) -> Json:
    """Replace the phases that are still to come; the current one is restated."""
    return schedules.update(world, world.get(KIND, schedule), params)


@operation(
    "POST",
    "/v1/subscription_schedules/{schedule}/cancel",
    handles={"invoice_now", "prorate"},
)
def cancel_subscription_schedule(world: World, params: Json, schedule: str) -> Json:
    """Drop the plan and end its subscription now."""
    return schedules.cancel(world, world.get(KIND, schedule), params)


@operation(
    "POST",
    "/v1/subscription_schedules/{schedule}/release",
    handles={"preserve_cancel_date"},
)
def release_subscription_schedule(world: World, params: Json, schedule: str) -> Json:
    """Drop the plan; its subscription goes on as it is."""
    keep = bool(params.get("preserve_cancel_date"))
    return schedules.release(world, world.get(KIND, schedule), keep_cancel_date=keep)


@operation(
    "GET",
    "/v1/subscription_schedules",
    handles={"customer", "scheduled", *_MOMENTS},
)
def list_subscription_schedules(world: World, params: Json) -> Json:
    equals: Json = {}
    if "customer" in params:
        equals["customer"] = params["customer"]
    if params.get("scheduled"):
        equals["status"] = "not_started"
    moments = {name: params[name] for name in _MOMENTS if name in params}
    if not moments:
        return world.list(KIND, params, **equals)
    found = [
        schedule
        for schedule in world.find(KIND, **equals)
        if all(_within(schedule[name], moments[name]) for name in moments)
    ]
    return page(found, params, url=world.path)


def _within(moment: int | None, bounds: Json | int) -> bool:
    if moment is None or isinstance(bounds, int):
        return moment == bounds
    return all(_COMPARE[edge](moment, bound) for edge, bound in bounds.items())
