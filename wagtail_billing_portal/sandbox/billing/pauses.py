"""Subscriptions that stand still: asked for, or because nobody pays."""

from __future__ import annotations

from typing import Literal

from wagtail_billing_portal.sandbox.billing import methods, standing
from wagtail_billing_portal.sandbox.billing.fields import Json
from wagtail_billing_portal.sandbox.world import World

Reason = Literal[
    "final_payment_failure", "pause_requested", "trial_end_without_payment_method"
]


def pause(world: World, subscription: Json, reason: Reason) -> None:
    """Stop a subscription where it is, and say why."""
    standing.drop_pending_update(world, subscription)
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


def is_possible(subscription: Json) -> bool:
    """Whether its kind of billing lets a subscription rest."""
    return bool(
        subscription["billing_mode"]["type"] == "flexible"
        and subscription["collection_method"] == "charge_automatically"
        and not subscription["schedule"]
    )


def can_be_paid(world: World, subscription: Json) -> bool:
    """Whether there is a payment method that its invoices would be charged to."""
    return methods.for_subscription(world, subscription) is not None
