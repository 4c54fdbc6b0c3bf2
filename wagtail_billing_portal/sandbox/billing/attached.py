"""What a subscription's end means for the schedule that manages it."""

from __future__ import annotations

from wagtail_billing_portal.sandbox.billing.fields import Json
from wagtail_billing_portal.sandbox.world import World

KIND = "subscription_schedule"
RUNNING = ("active", "not_started")
RESUMING = ("pending", "requires_action")


def subscription_ended(world: World, subscription: Json, *, delinquent: bool) -> None:
    """A schedule does not outlive its subscription."""
    if not subscription["schedule"]:
        return
    schedule = world.get(KIND, subscription["schedule"])
    if schedule["status"] in RUNNING:
        cancel(world, schedule, aborted=delinquent)


def cancel(world: World, schedule: Json, *, aborted: bool = False) -> Json:
    """Nothing will happen by this schedule any more."""
    schedule.update(canceled_at=world.now, current_phase=None, status="canceled")
    world.private(schedule)["due_at"] = None
    event = "aborted" if aborted else "canceled"
    return world.save(schedule, f"subscription_schedule.{event}")


def resumed(world: World, subscription: Json) -> None:
    """A subscription runs again that its schedule was about to resume."""
    if not subscription["schedule"]:
        return
    schedule = world.get(KIND, subscription["schedule"])
    for entry in schedule.get("pause_schedules") or []:
        plan = entry["resume"]
        if plan and plan["status"]["type"] in RESUMING:
            plan["status"] = {"error": None, "type": "succeeded"}
            if schedule["current_phase"]["end_date"] <= world.now:
                world.private(schedule)["due_at"] = world.now
            world.save(schedule, "subscription_schedule.updated")
