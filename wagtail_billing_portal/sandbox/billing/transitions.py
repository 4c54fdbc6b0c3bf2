"""From one phase of a schedule to the next."""

from __future__ import annotations

from wagtail_billing_portal.sandbox.billing import (
    attached,
    collection_pauses,
    cycles,
    drafts,
    ending,
    item_changes,
    lifecycle,
    orders,
    pause_plans,
    phase_terms,
    proration,
    standing,
    usage,
)
from wagtail_billing_portal.sandbox.billing.fields import Json, merge_metadata
from wagtail_billing_portal.sandbox.billing.periods import DAY
from wagtail_billing_portal.sandbox.clock import due_work
from wagtail_billing_portal.sandbox.world import World

KIND = attached.KIND
UPDATED = "subscription_schedule.updated"
NOTICE = 7 * DAY


@due_work(KIND)
def schedule_due(world: World, schedule: Json) -> None:
    """Start, warn of the end, go on to the next phase, or end: what is due now."""
    if schedule["status"] == "not_started":
        begin(world, schedule)
        schedule["status"] = "active"
        save(world, schedule)
    elif _move(world, schedule):
        return
    else:
        world.private(schedule)["warned"] = True
        save(world, schedule)
        world.emit("subscription_schedule.expiring", schedule)


def catch_up(world: World, subscription: Json) -> bool:
    """Whether a phase ends or a pause is due at this moment: before a renewal."""
    if not subscription["schedule"]:
        return False
    schedule = world.get(KIND, subscription["schedule"])
    if schedule["status"] != "active":
        return False
    return _move(world, schedule)


def begin(world: World, schedule: Json) -> None:
    """Subscribe the customer to the first phase; its first bill is a draft."""
    phase = schedule["phases"][0]
    prices = [world.get("price", item["price"]) for item in phase["items"]]
    order = {
        "billing_mode": {"type": schedule["billing_mode"]["type"]},
        "currency": phase["currency"],
        "customer": schedule["customer"],
        "items": [_wish(world, item) for item in phase["items"]],
        "metadata": dict(phase["metadata"] or {}),
        **({"trial_end": phase["trial_end"]} if phase["trial_end"] else {}),
    }
    subscription = orders.build(world, order, prices=prices)
    subscription["schedule"] = schedule["id"]
    _write_settings(subscription, schedule, phase)
    phase_terms.apply(world, subscription, schedule, phase)
    _plan_end(world, subscription, schedule)
    if subscription["status"] == "incomplete":
        subscription["status"] = "active"
    invoice = lifecycle.first_invoice(world, subscription)
    drafts.hold_for_an_hour(world, invoice)
    lifecycle.announce(world, subscription, invoice)
    schedule["subscription"] = subscription["id"]
    enter(schedule, phase)


def enter(schedule: Json, phase: Json) -> None:
    """Say which phase a schedule is in."""
    schedule["current_phase"] = {
        name: phase[name] for name in ("end_date", "start_date")
    }


def save(world: World, schedule: Json, event: str | None = UPDATED) -> Json:
    """Store a schedule together with the next moment it waits for."""
    world.private(schedule)["due_at"] = next_moment(world, schedule)
    return world.save(schedule, event)


def next_moment(world: World, schedule: Json) -> int | None:
    """When something will happen to a schedule by itself."""
    if schedule["status"] == "not_started":
        return int(schedule["phases"][0]["start_date"])
    if schedule["status"] != "active":
        return None
    warning = int(schedule["phases"][-1]["end_date"]) - NOTICE
    end = int(schedule["current_phase"]["end_date"])
    moments = (
        [end] if end > world.now or not pause_plans.is_unfinished(schedule) else []
    )
    if not schedule["_sandbox"].get("warned") and warning > world.now:
        moments.append(warning)
    if (pause_or_resume := pause_plans.due_at(schedule)) is not None:
        moments.append(pause_or_resume)
    return min(moments, default=None)


def apply(
    world: World, schedule: Json, phase: Json, *, proration_behavior: str
) -> None:
    """Make the subscription what a phase says, and bill what that costs."""
    subscription = world.get("subscription", schedule["subscription"])
    standing.drop_pending_update(world, subscription)
    _write_settings(subscription, schedule, phase)
    phase_terms.apply(world, subscription, schedule, phase)
    merge_metadata(subscription, {"metadata": dict(phase["metadata"] or {})})
    if subscription["status"] == "paused":
        _change_items(world, subscription, phase, behavior="none")
        _plan_end(world, subscription, schedule)
        standing.save(world, subscription)
        return
    _change_trial(world, subscription, phase)
    pending = _change_items(world, subscription, phase, behavior=proration_behavior)
    for item in reversed(pending):
        world.add(item, "invoiceitem.created")
    _plan_end(world, subscription, schedule)
    invoice = _bill(world, subscription, pending, proration_behavior)
    standing.save(world, subscription)
    if invoice:
        collection_pauses.hold(world, subscription, invoice)
        world.add(invoice, "invoice.created")


def finish(world: World, schedule: Json, *, keep_cancel_date: bool = False) -> Json:
    """Leave the subscription to itself."""
    subscription_id = schedule["subscription"]
    schedule.update(
        current_phase=None,
        released_at=world.now,
        released_subscription=subscription_id,
        status="released",
        subscription=None,
    )
    save(world, schedule)
    if subscription_id:
        subscription = world.get("subscription", subscription_id)
        subscription["schedule"] = None
        if schedule["end_behavior"] == "cancel" and not keep_cancel_date:
            _take_end_back(subscription)
        standing.save(world, subscription)
    world.emit("subscription_schedule.released", schedule)
    return schedule


def _move(world: World, schedule: Json) -> bool:
    """Pause, resume and go on to the next phase; whether any of it was due."""
    moved = pause_plans.run(world, schedule)
    if moved:
        save(world, schedule)
    if schedule["current_phase"]["end_date"] > world.now:
        return moved
    _go_on(world, schedule)
    return True


def _go_on(world: World, schedule: Json) -> None:
    coming = [it for it in schedule["phases"] if it["start_date"] >= world.now]
    if coming:
        enter(schedule, coming[0])
        save(world, schedule)
        behavior = coming[0]["proration_behavior"]
        apply(world, schedule, coming[0], proration_behavior=behavior)
    elif schedule["end_behavior"] == "cancel":
        schedule.update(current_phase=None, completed_at=world.now, status="completed")
        save(world, schedule)
        ending.end(world, world.get("subscription", schedule["subscription"]))
        world.emit("subscription_schedule.completed", schedule)
    elif pause_plans.is_unfinished(schedule):
        save(world, schedule)
    else:
        finish(world, schedule)


def _wish(world: World, item: Json) -> Json:
    wish = {name: item[name] for name in ("metadata", "price", "quantity")}
    wish["tax_rates"] = phase_terms.rates_in_use(world, item["tax_rates"])
    return {name: value for name, value in wish.items() if value is not None}


def _write_settings(subscription: Json, schedule: Json, phase: Json) -> None:
    defaults = schedule["default_settings"]
    for name in ("collection_method", "default_payment_method", "description"):
        if (value := phase[name] or defaults[name]) is not None:
            subscription[name] = value
    own = phase["invoice_settings"] or {}
    days = own.get("days_until_due") or defaults["invoice_settings"]["days_until_due"]
    sends = subscription["collection_method"] == "send_invoice"
    subscription["days_until_due"] = days if sends else None


def _plan_end(world: World, subscription: Json, schedule: Json) -> None:
    if schedule["end_behavior"] != "cancel":
        if schedule["_sandbox"].pop("ends_subscription", None):
            _take_end_back(subscription)
        return
    end = schedule["phases"][-1]["end_date"]
    world.private(schedule)["ends_subscription"] = True
    if subscription["cancel_at"] != end:
        subscription.update(cancel_at=end, canceled_at=world.now)


def _take_end_back(subscription: Json) -> None:
    subscription.update(cancel_at=None, cancel_at_period_end=False, canceled_at=None)


def _change_trial(world: World, subscription: Json, phase: Json) -> None:
    trial_end = phase["trial_end"]
    if trial_end and trial_end > world.now:
        if subscription["status"] != "trialing":
            subscription.update(status="trialing", trial_start=world.now)
        subscription.update(trial_end=trial_end, billing_cycle_anchor=trial_end)
        standing.plan_trial_warning(world, subscription)
        for item in subscription["items"]["data"]:
            item["current_period_end"] = trial_end
        return
    over = not trial_end or (subscription["trial_end"] or 0) <= world.now
    if subscription["status"] == "trialing" and over:
        subscription.update(status="active", trial_end=world.now)
        subscription["billing_cycle_anchor"] = world.now
        for item in subscription["items"]["data"]:
            item["current_period_end"] = world.now


def _change_items(
    world: World, subscription: Json, phase: Json, *, behavior: str
) -> list[Json]:
    """Change the items as an update would; what is pending for it afterwards."""
    before = list(subscription["items"]["data"])
    begins_anew = phase["billing_cycle_anchor"] == "phase_start"
    order = {
        "items": _order(world, before, phase["items"]),
        # Where the cycle begins anew, what is unused is credited as a whole.
        "proration_behavior": "none" if begins_anew else behavior,
    }
    pending = item_changes.change_items(world, subscription, order)
    if begins_anew and subscription["status"] not in ("paused", "trialing"):
        unused = _start_anew(world, subscription, before)
        pending = pending if behavior == "none" else [*unused, *pending]
    return pending


def _order(world: World, present: list[Json], wanted: list[Json]) -> list[Json]:
    """The update that turns one list of items into the other.

    Items become those of the same price, then one another in their order.
    """
    by_price = {item["price"]["id"]: item for item in present}
    same = {wish["price"] for wish in wanted} & set(by_price)
    others = [item for item in present if item["price"]["id"] not in same]
    order, kept = [], set()
    for wish in wanted:
        old = by_price.get(wish["price"]) or (others.pop(0) if others else None)
        if old is None:
            order.append(_wish(world, wish))
        else:
            kept.add(old["id"])
            order.append({"id": old["id"], **_wish(world, wish)})
    gone = [item["id"] for item in present if item["id"] not in kept]
    return [*order, *({"id": item_id, "deleted": True} for item_id in gone)]


def _start_anew(world: World, subscription: Json, left: list[Json]) -> list[Json]:
    unused = [
        proration.credit(world, subscription, item, at=world.now)
        for item in left
        if not _is_over(world, item) and not usage.is_metered(item)
    ]
    subscription["billing_cycle_anchor"] = world.now
    for item in subscription["items"]["data"]:
        item["current_period_end"] = world.now
    return unused


def _bill(
    world: World, subscription: Json, prorations: list[Json], behavior: str
) -> Json | None:
    present = subscription["items"]["data"]
    if any(_is_over(world, item) for item in present):
        return cycles.advance(world, subscription, reason="subscription_cycle")
    if not prorations or behavior != "always_invoice":
        return None
    invoice = cycles.bill(world, subscription, prorations, reason="subscription_update")
    subscription["latest_invoice"] = invoice["id"]
    return invoice


def _is_over(world: World, item: Json) -> bool:
    return bool(item["current_period_end"] <= world.now)
