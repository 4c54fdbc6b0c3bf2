"""Subscriptions that stand still because nobody pays."""

from __future__ import annotations

from typing import Literal

from wagtail_billing_portal.sandbox.billing import standing
from wagtail_billing_portal.sandbox.billing.fields import Json
from wagtail_billing_portal.sandbox.world import World

Reason = Literal["final_payment_failure", "trial_end_without_payment_method"]


def pause(world: World, subscription: Json, reason: Reason) -> None:
    """Pause a subscription without anybody having asked for it."""
    subscription["status"] = "paused"
    subscription["status_details"] = {
        "paused": {
            "subscription": {"type": reason},
            "transitioned_at": world.now,
            "type": "subscription",
        }
    }
    standing.save(world, subscription)
    world.emit("customer.subscription.paused", subscription)
