"""Subscription schedules: plans for what a subscription will be, phase by phase."""

from __future__ import annotations

from wagtail_billing_portal.sandbox.billing import (
    attached,
    leaving,
    pause_plans,
    phases,
    schedule_times,
    standing,
    transitions,
)
from wagtail_billing_portal.sandbox.billing.fields import (
    Json,
    merge_metadata,
    need,
    supported,
    supported_value,
)
from wagtail_billing_portal.sandbox.contract import skeleton
from wagtail_billing_portal.sandbox.errors import InvalidRequest
from wagtail_billing_portal.sandbox.world import World

CREATED = "subscription_schedule.created"
_ALONE = {"from_subscription", "pause_schedules"}


def create(world: World, params: Json) -> Json:
    """A plan for a subscription that does not exist yet; it may start at once."""
    need(params, "customer", "phases")
    customer = world.get("customer", params["customer"], param="customer")
    schedule = _blank(world, customer["id"])
    mode = params.get("billing_mode") or {"type": "flexible"}
    supported(mode, {"type"}, param="billing_mode")
    schedule["billing_mode"] = _billing_mode(mode["type"])
    _write(world, schedule, params)
    start = params.get("start_date", "now")
    start = world.now if start == "now" else int(start)
    if start < world.now:
        supported_value("a moment in the past", param="start_date")
    schedule["phases"] = phases.read(world, customer, params["phases"])
    schedule_times.lay_out(
        world, params["phases"], schedule["phases"], start=start, anchor=start
    )
    _check_collection(schedule)
    pause_plans.write(world, schedule, params)
    if start == world.now:
        transitions.begin(world, schedule)
        schedule["status"] = "active"
        pause_plans.run_in_request(world, schedule)
    world.private(schedule)["due_at"] = transitions.next_moment(world, schedule)
    return world.add(schedule, CREATED)


def migrate(world: World, params: Json) -> Json:
    """A plan that takes over a subscription as it is."""
    for name in sorted(set(params) - _ALONE):
        raise InvalidRequest(
            f"You cannot set `{name}` together with `from_subscription`. Create the "
            "schedule first and update it then.",
            param=name,
        )
    subscription = world.get(
        "subscription", params["from_subscription"], param="from_subscription"
    )
    _check_migration(subscription)
    schedule = _blank(world, subscription["customer"])
    phase = phases.of_subscription(subscription)
    settings = schedule["default_settings"]
    settings["collection_method"] = subscription["collection_method"]
    settings["default_payment_method"] = subscription["default_payment_method"]
    settings["automatic_tax"] = dict(subscription["automatic_tax"])
    settings["description"] = subscription["description"]
    settings["invoice_settings"] = {
        **subscription["invoice_settings"],
        "days_until_due": subscription["days_until_due"],
    }
    schedule.update(
        billing_mode=dict(subscription["billing_mode"]),
        end_behavior="cancel" if subscription["cancel_at"] else "release",
        phases=[phase],
        status="active",
        subscription=subscription["id"],
    )
    if subscription["cancel_at"]:
        phase["end_date"] = subscription["cancel_at"]
        world.private(schedule)["ends_subscription"] = True
    transitions.enter(schedule, phase)
    pause_plans.write(world, schedule, params)
    world.private(schedule)["due_at"] = transitions.next_moment(world, schedule)
    world.add(schedule, CREATED)
    subscription["schedule"] = schedule["id"]
    standing.save(world, subscription)
    if pause_plans.run_in_request(world, schedule):
        transitions.save(world, schedule)
    return schedule


def update(world: World, schedule: Json, params: Json) -> Json:
    """Change the plan; what is changed of the current phase happens now."""
    _check_running(schedule, "update")
    _write(world, schedule, params)
    if "phases" in params:
        _replace_phases(world, schedule, params["phases"])
    _check_collection(schedule)
    pause_plans.write(world, schedule, params)
    world.private(schedule)["warned"] = False
    if schedule["status"] == "active":
        transitions.enter(schedule, _current(world, schedule["phases"]))
        transitions.save(world, schedule)
        behavior = params.get("proration_behavior", "create_prorations")
        current = _current(world, schedule["phases"])
        transitions.apply(world, schedule, current, proration_behavior=behavior)
        world.save(schedule)
    elif schedule["phases"][0]["start_date"] == world.now:
        transitions.begin(world, schedule)
        schedule["status"] = "active"
        transitions.save(world, schedule)
    else:
        transitions.save(world, schedule)
    if pause_plans.run_in_request(world, schedule):
        transitions.save(world, schedule)
    return schedule


def cancel(world: World, schedule: Json, params: Json) -> Json:
    """End the plan and its subscription."""
    _check_running(schedule, "cancel")
    subscription_id = schedule["subscription"]
    if not subscription_id:
        return attached.cancel(world, schedule)
    subscription = world.get("subscription", subscription_id)
    leaving.leave(
        world,
        subscription,
        prorate=params.get("prorate", True),
        invoice_now=params.get("invoice_now", True),
    )
    return world.get(phases.KIND, schedule["id"])


def release(world: World, schedule: Json, *, keep_cancel_date: bool) -> Json:
    """End the plan and leave its subscription running."""
    _check_running(schedule, "release")
    return transitions.finish(world, schedule, keep_cancel_date=keep_cancel_date)


def let_go(world: World, subscription: Json) -> None:
    """Release what is attached to a subscription, and would stand in the way."""
    if subscription["schedule"]:
        schedule = world.get("subscription_schedule", subscription["schedule"])
        release(world, schedule, keep_cancel_date=False)


def _blank(world: World, customer: str) -> Json:
    blank = skeleton(phases.KIND)
    settings = {
        **blank["default_settings"],
        "billing_cycle_anchor": "automatic",
        "collection_method": "charge_automatically",
    }
    settings["automatic_tax"] = {
        **skeleton(phases.KIND, "default_settings", "automatic_tax"),
        "enabled": False,
    }
    settings["invoice_settings"] = {
        **settings["invoice_settings"],
        "issuer": {"type": "self"},
    }
    return {
        **blank,
        "id": world.new_id("sub_sched_"),
        "created": world.now,
        "customer": customer,
        "default_settings": settings,
        "end_behavior": "release",
        "status": "not_started",
        "_sandbox": {},
    }


def _billing_mode(kind: str) -> Json:
    flexible = {"proration_discounts": "included"} if kind == "flexible" else None
    return {"flexible": flexible, "type": kind, "updated_at": None}


def _write(world: World, schedule: Json, params: Json) -> None:
    if "end_behavior" in params:
        behavior = params["end_behavior"]
        supported_value(behavior, "cancel", "release", param="end_behavior")
        schedule["end_behavior"] = behavior
    merge_metadata(schedule, params)
    if sent := params.get("default_settings"):
        supported(sent, phases.SETTINGS, param="default_settings")
        phases.write_settings(
            world,
            schedule["default_settings"],
            sent,
            schedule["customer"],
            path="default_settings",
        )


def _replace_phases(world: World, schedule: Json, sent_phases: list[Json]) -> None:
    customer = world.get("customer", schedule["customer"])
    fresh = phases.read(world, customer, sent_phases)
    if "start_date" not in sent_phases[0]:
        raise InvalidRequest(
            "The subscription schedule update is missing at least one phase with a "
            "`start_date` to anchor end dates to.",
            param="phases",
        )
    sent_start = sent_phases[0]["start_date"]
    start = world.now if sent_start == "now" else int(sent_start)
    schedule_times.lay_out(
        world, sent_phases, fresh, start=start, anchor=_anchor(world, schedule, start)
    )
    if schedule["status"] == "not_started":
        _check_start(world, start)
        schedule["phases"] = fresh
        return
    schedule["phases"] = _joined(world, schedule, fresh)


def _joined(world: World, schedule: Json, fresh: list[Json]) -> list[Json]:
    now_in = schedule["current_phase"]
    past = [it for it in schedule["phases"] if it["end_date"] <= now_in["start_date"]]
    known = {(it["start_date"], it["end_date"]) for it in past}
    ahead = [it for it in fresh if (it["start_date"], it["end_date"]) not in known]
    if not ahead or ahead[0]["start_date"] != now_in["start_date"]:
        raise InvalidRequest(
            "You can not modify the start date of the current phase.",
            param="phases[0][start_date]",
        )
    if ahead[-1]["end_date"] <= world.now:
        raise InvalidRequest("The last phase must end in the future.", param="phases")
    return [*past, *ahead]


def _anchor(world: World, schedule: Json, start: int) -> int:
    if not schedule["subscription"]:
        return start
    subscription = world.get("subscription", schedule["subscription"])
    return int(subscription["billing_cycle_anchor"])


def _current(world: World, present: list[Json]) -> Json:
    return next((it for it in present if it["end_date"] > world.now), present[-1])


def _check_start(world: World, start: int) -> None:
    if start < world.now:
        supported_value("a moment in the past", param="phases[0][start_date]")


def _check_collection(schedule: Json) -> None:
    defaults = schedule["default_settings"]
    for index, phase in enumerate(schedule["phases"]):
        method = phase["collection_method"] or defaults["collection_method"]
        own = (phase["invoice_settings"] or {}).get("days_until_due")
        days = own or defaults["invoice_settings"]["days_until_due"]
        if method == "send_invoice" and not days:
            raise InvalidRequest(
                "`invoice_settings[days_until_due]` must be set when "
                "`collection_method` is `send_invoice`.",
                param=f"phases[{index}][invoice_settings][days_until_due]",
            )


def _check_migration(subscription: Json) -> None:
    if subscription["schedule"]:
        raise InvalidRequest(
            "You cannot migrate a subscription that is already attached to a "
            f"schedule: {subscription['schedule']}.",
            param="from_subscription",
        )
    if subscription["status"] in (*standing.ENDED, "incomplete", "paused"):
        raise InvalidRequest(
            "You cannot migrate a subscription that is in the "
            f"`{subscription['status']}` status.",
            param="from_subscription",
        )


def _check_running(schedule: Json, verb: str) -> None:
    if schedule["status"] not in attached.RUNNING:
        done = {"cancel": "canceled", "release": "released", "update": "updated"}[verb]
        raise InvalidRequest(
            f"You cannot {verb} a subscription schedule that is currently in the "
            f"`{schedule['status']}` status. It must be in `not_started, active` "
            f"status to be {done}."
        )
