"""Rests that customers take in the hosted portal, and how they end them."""

from __future__ import annotations

from dataclasses import dataclass

from wagtail_billing_portal.sandbox.billing import (
    pause_plans,
    pausing,
    portal_updates,
    schedule_times,
    schedules,
)
from wagtail_billing_portal.sandbox.billing.fields import Json
from wagtail_billing_portal.sandbox.billing.outcomes import Outcome
from wagtail_billing_portal.sandbox.world import World

FEATURE = "subscription_pause"
RESUME = {"payment_behavior": "resume_on_payment_success"}


@dataclass(frozen=True)
class Credit:
    """What a pause gives back: an amount that the next invoice takes off."""

    amount: int
    currency: str


def durations(feature: Json) -> list[Json]:
    """How long a customer may choose to pause; nothing where it has no end."""
    duration = feature["duration"]
    options: list[Json] = duration["interval_options"]
    return options if duration["type"] == "interval_options" else []


def end_of(world: World, option: Json) -> int:
    """When a pause of a chosen length would be over."""
    return schedule_times.later(world.now, option, anchor=world.now)


def pause(world: World, subscription: Json, option: Json | None) -> None:
    """Let a subscription rest, until its customer or a chosen length ends it."""
    if option is None:
        pausing.pause(world, subscription, {})
        return
    plan = {
        "pause": {"pause_at": {"type": "now"}},
        "resume": {"resume_at": {"duration": dict(option), "type": "duration"}},
    }
    wish = {"from_subscription": subscription["id"], pause_plans.FIELD: [plan]}
    schedules.migrate(world, wish)


def credit(world: World, subscription: Json) -> Credit:
    """What pausing now would give back."""
    customer = subscription["customer"]
    with world.pretend():
        before = {item["id"] for item in world.find("invoiceitem", customer=customer)}
        pausing.pause(world, world.get("subscription", subscription["id"]), {})
        back = [
            item["amount"]
            for item in world.find("invoiceitem", customer=customer)
            if item["id"] not in before
        ]
    return Credit(sum(back), subscription["currency"])


def resumed_bill(world: World, subscription: Json) -> Json | None:
    """The invoice that resuming now would bring."""
    copy = world.get("subscription", subscription["id"])
    with world.pretend():
        changed = pausing.resume(world, copy, {})
        latest = changed["latest_invoice"]
        if latest is None or latest == subscription["latest_invoice"]:
            return None
        return world.get("invoice", latest)


def resume(world: World, subscription: Json) -> Outcome:
    """Run again, once the invoice of the new period is paid."""
    before = subscription["latest_invoice"]
    # Else it would still be there to resume what runs already.
    schedules.let_go(world, subscription)
    changed = pausing.resume(
        world, world.get("subscription", subscription["id"]), RESUME
    )
    return portal_updates.outcome_of(world, changed, before=before)
