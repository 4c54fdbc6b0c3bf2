"""Beginning, prolonging and ending the trial of a subscription that exists."""

from __future__ import annotations

from wagtail_billing_portal.sandbox.billing import (
    cycles,
    pauses,
    proration,
    standing,
    usage,
)
from wagtail_billing_portal.sandbox.billing.fields import Json, only_one
from wagtail_billing_portal.sandbox.billing.periods import DAY
from wagtail_billing_portal.sandbox.errors import InvalidRequest
from wagtail_billing_portal.sandbox.world import World

_RUNNING = ("active", "past_due", "trialing")


def move(
    world: World, subscription: Json, trial_end: int | str, prorated: bool
) -> Json | None:
    """Let a trial end at another moment; the invoice of what begins now, if any."""
    if subscription["status"] not in _RUNNING:
        raise InvalidRequest(
            "The trial of a subscription that is not running cannot be changed.",
            param="trial_end",
        )
    end = world.now if trial_end == "now" else int(trial_end)
    if end < world.now:
        raise InvalidRequest(
            "Invalid timestamp: `trial_end` must be in the future or `now`.",
            param="trial_end",
        )
    if subscription["status"] == "trialing":
        return _reschedule(world, subscription, end)
    if end == world.now:
        return None
    return _begin(world, subscription, end, prorated)


def from_plan(world: World, subscription: Json, params: Json) -> Json:
    """A request with the trial written out that ``trial_from_plan`` stands for."""
    if not params.get("trial_from_plan"):
        return params
    only_one(params, "trial_end", "trial_from_plan")
    found = [
        item["price"]["recurring"]["trial_period_days"]
        for item in subscription["items"]["data"]
    ]
    days = next((days for days in found if days), None)
    return {**params, "trial_end": world.now + days * DAY} if days else params


def _reschedule(world: World, subscription: Json, end: int) -> Json | None:
    subscription["billing_cycle_anchor"] = subscription["trial_end"] = end
    for item in subscription["items"]["data"]:
        item["current_period_end"] = end
    standing.plan_trial_warning(world, subscription)
    if end > world.now:
        return None
    behavior = subscription["trial_settings"]["end_behavior"]
    pauses_unpaid = behavior["missing_payment_method"] == "pause"
    if pauses_unpaid and not pauses.can_be_paid(world, subscription):
        pauses.pause(world, subscription, "trial_end_without_payment_method")
        return None
    subscription["status"] = "active"
    return _bill(world, subscription)


def _begin(world: World, subscription: Json, end: int, prorated: bool) -> Json:
    for item in reversed(subscription["items"]["data"]):
        if prorated and not usage.is_metered(item):
            unused = proration.credit(world, subscription, item, at=world.now)
            world.add(unused, "invoiceitem.created")
    subscription.update(
        billing_cycle_anchor=end,
        status="trialing",
        trial_end=end,
        trial_start=world.now,
    )
    for item in subscription["items"]["data"]:
        item["current_period_end"] = world.now
    standing.plan_trial_warning(world, subscription)
    return _bill(world, subscription)


def _bill(world: World, subscription: Json) -> Json:
    invoice = cycles.advance(world, subscription, reason="subscription_update")
    return world.add(invoice, "invoice.created")
