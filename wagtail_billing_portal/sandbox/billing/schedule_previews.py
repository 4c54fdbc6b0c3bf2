"""What the schedule of a subscription leads to; nothing of it is stored."""

from __future__ import annotations

from wagtail_billing_portal.sandbox.billing import (
    previews,
    schedules,
    transitions,
    upcoming,
)
from wagtail_billing_portal.sandbox.billing.fields import Json, need, supported
from wagtail_billing_portal.sandbox.errors import ResourceMissing
from wagtail_billing_portal.sandbox.world import World

_CHANGES = ("end_behavior", "pause_schedules", "phases", "proration_behavior")
_STARTS = ("billing_mode", "end_behavior", "pause_schedules", "phases")
_PATH = "schedule_details"


def of_schedule(world: World, params: Json) -> Json:
    """The next invoice of a schedule, as it is or as ``schedule_details`` change it."""
    schedule = world.get(transitions.KIND, params["schedule"], param="schedule")
    customer = params.get("customer", schedule["customer"])
    if schedule["customer"] != customer:
        raise ResourceMissing(transitions.KIND, schedule["id"], param="schedule")
    details = params.get(_PATH) or {}
    supported(details, _CHANGES, param=_PATH)
    with world.pretend():
        billed = _latest_invoice(world, schedule)
        if details:
            schedule = schedules.update(world, schedule, details)
        return _next(world, schedule, params, but=billed)


def of_new(world: World, params: Json) -> Json:
    """The first invoice of a schedule that does not exist yet."""
    need(params, "customer")
    details = params[_PATH]
    supported(details, _STARTS, param=_PATH)
    need(details, "phases")
    first = details["phases"][0]
    need(first, "start_date")
    order = {**details, "customer": params["customer"]}
    with world.pretend():
        schedule = schedules.create(world, {**order, "start_date": first["start_date"]})
        return _next(world, schedule, params, but=None)


def _next(world: World, schedule: Json, params: Json, *, but: str | None) -> Json:
    """What is billed next; ``but`` is what was billed before."""
    if schedule["status"] == "not_started":
        with world.at(schedule["phases"][0]["start_date"]):
            transitions.begin(world, schedule)
    if not schedule["subscription"]:
        raise upcoming.nothing(schedule["customer"])
    subscription = world.get("subscription", schedule["subscription"])
    billed = subscription["latest_invoice"]
    if upcoming.is_recurring(params) or billed == but:
        return previews.of_running(world, subscription, {}, params)
    return upcoming.as_preview(world, world.get("invoice", billed))


def _latest_invoice(world: World, schedule: Json) -> str | None:
    if not schedule["subscription"]:
        return None
    subscription = world.get("subscription", schedule["subscription"])
    latest: str | None = subscription["latest_invoice"]
    return latest
