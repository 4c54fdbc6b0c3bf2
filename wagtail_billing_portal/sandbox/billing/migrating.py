"""From classic to flexible billing."""

from __future__ import annotations

from wagtail_billing_portal.sandbox.billing import standing
from wagtail_billing_portal.sandbox.billing.fields import Json, supported
from wagtail_billing_portal.sandbox.errors import InvalidRequest
from wagtail_billing_portal.sandbox.world import World


def to_flexible(world: World, subscription: Json, mode: Json) -> Json:
    """Bill a subscription flexibly from now on; what was billed stays as it is."""
    supported(mode, ("flexible", "type"), param="billing_mode")
    if mode.get("type") != "flexible":
        raise InvalidRequest(
            "A subscription can only be migrated to `flexible` billing.",
            param="billing_mode[type]",
        )
    if subscription["billing_mode"]["type"] == "flexible":
        raise InvalidRequest(
            f"Subscription {subscription['id']} already uses the flexible billing "
            "mode.",
            param="billing_mode",
        )
    if subscription["status"] in (*standing.ENDED, "incomplete"):
        raise InvalidRequest(
            f"A subscription that is {subscription['status']} cannot be migrated."
        )
    if subscription["schedule"]:
        raise InvalidRequest(
            "The subscription is managed by the subscription schedule "
            f"`{subscription['schedule']}` and cannot be migrated by itself."
        )
    asked = (mode.get("flexible") or {}).get("proration_discounts", "included")
    subscription["billing_mode"] = {
        **subscription["billing_mode"],
        "flexible": {"proration_discounts": asked},
        "type": "flexible",
        "updated_at": world.now,
    }
    return standing.save(world, subscription)
