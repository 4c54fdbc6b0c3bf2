"""Which subscriptions the hosted portal lets customers change, pause or cancel."""

from __future__ import annotations

from wagtail_billing_portal.sandbox.billing import standing, usage
from wagtail_billing_portal.sandbox.billing.fields import Json
from wagtail_billing_portal.sandbox.world import World

_CHANGEABLE = ("active", "past_due", "trialing")
_PAUSABLE = ("active", "past_due", "unpaid")


def why_not_update(world: World, subscription: Json) -> str | None:
    """What keeps a customer from changing a subscription, in Stripe's words."""
    if subscription["status"] not in _CHANGEABLE:
        return f"its status is `{subscription['status']}`"
    items = subscription["items"]["data"]
    if len(items) > 1:
        return "it has multiple items"
    if usage.is_metered(items[0]):
        return "it is billed by usage"
    if subscription["collection_method"] != "charge_automatically":
        return "its `collection_method` is `send_invoice`"
    if subscription["cancel_at"] is not None:
        return "it is set to be canceled"
    if is_planned(world, subscription):
        return "it is managed by a subscription schedule"
    return None


def why_not_cancel(world: World, subscription: Json) -> str | None:
    """What keeps a customer from cancelling a subscription."""
    if subscription["status"] in (*standing.ENDED, "incomplete"):
        return f"its status is `{subscription['status']}`"
    if is_planned(world, subscription):
        return "it is managed by a subscription schedule"
    return None


def why_not_pause(subscription: Json) -> str | None:
    """What keeps a customer from pausing a subscription."""
    if subscription["status"] not in _PAUSABLE:
        return f"its status is `{subscription['status']}`"
    if subscription["billing_mode"]["type"] != "flexible":
        return "its `billing_mode` is not `flexible`"
    if subscription["collection_method"] != "charge_automatically":
        return "its `collection_method` is `send_invoice`"
    if subscription["schedule"]:
        return "it is managed by a subscription schedule"
    if subscription["cancel_at"] is not None:
        return "it is set to be canceled"
    return None


def is_planned(world: World, subscription: Json) -> bool:
    """Whether a schedule still has something to come for a subscription."""
    if not subscription["schedule"]:
        return False
    schedule = world.get("subscription_schedule", subscription["schedule"])
    last = schedule["phases"][-1]
    return bool(last["start_date"] > world.now or schedule["end_behavior"] == "cancel")
