"""What follows a failed renewal: when to try again, and what in the end."""

from __future__ import annotations

from typing import Literal

from wagtail_billing_portal.sandbox.billing import ending, invoicing, standing
from wagtail_billing_portal.sandbox.billing.fields import Json
from wagtail_billing_portal.sandbox.billing.periods import DAY
from wagtail_billing_portal.sandbox.world import World

FinalAction = Literal["cancel", "unpaid", "past_due"]

SETTINGS = "_dunning"
RETRY_AFTER_DAYS = (3, 5, 7)


def configure(
    world: World,
    *,
    final_action: FinalAction = "cancel",
    retry_after_days: tuple[int, ...] = RETRY_AFTER_DAYS,
) -> None:
    """What Stripe's dashboard sets: the retries, and what becomes of the rest."""
    settings = {
        "id": SETTINGS,
        "object": SETTINGS,
        "final_action": final_action,
        "retry_after_days": list(retry_after_days),
    }
    if world.find(SETTINGS):
        world.save(settings)
    else:
        world.add(settings)


def plan_next(world: World, invoice: Json) -> None:
    """Set the next automatic attempt, or none when they are used up."""
    subscription = invoicing.subscription_of(world, invoice)
    days = _settings(world)["retry_after_days"]
    private = world.private(invoice)
    if subscription is None or subscription["status"] in (
        *standing.ENDED,
        "incomplete",
    ):
        invoicing.stop_collecting(world, invoice)
    elif invoice["attempt_count"] <= len(days):
        wait = days[invoice["attempt_count"] - 1] * DAY
        invoice["next_payment_attempt"] = private["due_at"] = world.now + wait
    else:
        invoicing.stop_collecting(world, invoice)
        private["given_up"] = True


def give_up(world: World, invoice: Json) -> None:
    """Do what is set for a subscription whose last retry failed."""
    subscription = invoicing.subscription_of(world, invoice)
    if subscription is None or subscription["status"] in standing.ENDED:
        return
    match _settings(world)["final_action"]:
        case "cancel":
            ending.end(world, subscription, reason=ending.PAYMENT_FAILED)
        case "unpaid":
            subscription["status"] = "unpaid"
            standing.save(world, subscription)


def _settings(world: World) -> Json:
    found = world.find(SETTINGS)
    default = {"final_action": "cancel", "retry_after_days": RETRY_AFTER_DAYS}
    return found[0] if found else default
