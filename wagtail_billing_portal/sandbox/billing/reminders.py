"""Telling in time that a renewal comes, or that a bill must be paid."""

from __future__ import annotations

from wagtail_billing_portal.sandbox.billing import account_settings
from wagtail_billing_portal.sandbox.billing.fields import Json
from wagtail_billing_portal.sandbox.billing.periods import DAY
from wagtail_billing_portal.sandbox.world import World

UPCOMING = "upcoming"
_RENEWS = ("active", "past_due", "trialing")


def plan(world: World, subscription: Json) -> None:
    """Note when to tell of the next renewal; once per period, if there is time."""
    moments = world.private(subscription).setdefault("moments", {})
    moments.pop(UPCOMING, None)
    days = account_settings.settings_of(world)["upcoming_days"]
    if days is None or not _renews(subscription):
        return
    period_end = _period_end(subscription)
    moment = period_end - days * DAY
    told = world.private(subscription).get("told_of") == period_end
    if moment > world.now and not told:
        moments[UPCOMING] = moment


def is_due(world: World, subscription: Json) -> bool:
    """Whether it is time to tell of a renewal."""
    moment = subscription["_sandbox"].get("moments", {}).get(UPCOMING)
    return moment is not None and bool(moment <= world.now)


def told(world: World, subscription: Json) -> None:
    """Remember that this renewal was told of."""
    world.private(subscription)["told_of"] = _period_end(subscription)


def first_moment(world: World, invoice: Json) -> int:
    """When an invoice that was sent does something by itself: warn, or be late."""
    due_date = int(invoice["due_date"])
    days = account_settings.settings_of(world)["will_be_due_days"]
    warning = due_date - (days or 0) * DAY
    return warning if warning > world.now else due_date


def _renews(subscription: Json) -> bool:
    cancel_at = subscription["cancel_at"]
    ends = cancel_at is not None and cancel_at <= _period_end(subscription)
    return subscription["status"] in _RENEWS and not ends


def _period_end(subscription: Json) -> int:
    items = subscription["items"]["data"]
    return min(int(item["current_period_end"]) for item in items)
