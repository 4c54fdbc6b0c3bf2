"""What a seller sets in Stripe's dashboard about renewals and failed payments."""

from __future__ import annotations

from typing import Literal

from wagtail_billing_portal.sandbox.billing.fields import Json
from wagtail_billing_portal.sandbox.world import World

FinalAction = Literal["cancel", "pause", "past_due", "unpaid"]

KIND = "_dunning"
RETRY_AFTER_DAYS = (3, 5, 7)
UPCOMING_DAYS = 7
WILL_BE_DUE_DAYS = 3


def configure(
    world: World,
    *,
    final_action: FinalAction = "cancel",
    retry_after_days: tuple[int, ...] = RETRY_AFTER_DAYS,
    upcoming_days: int | None = UPCOMING_DAYS,
    will_be_due_days: int | None = WILL_BE_DUE_DAYS,
) -> None:
    """Set the retries, what becomes of the rest, and who is told how early.

    ``None`` days mean that nobody is told of a renewal, or of a bill to pay.
    """
    settings = {
        "id": KIND,
        "object": KIND,
        "final_action": final_action,
        "retry_after_days": list(retry_after_days),
        "upcoming_days": upcoming_days,
        "will_be_due_days": will_be_due_days,
    }
    if world.find(KIND):
        world.save(settings)
    else:
        world.add(settings)


def settings_of(world: World) -> Json:
    """What is set for an account, or what Stripe begins with."""
    found = world.find(KIND)
    usual: Json = {
        "final_action": "cancel",
        "retry_after_days": list(RETRY_AFTER_DAYS),
        "upcoming_days": UPCOMING_DAYS,
        "will_be_due_days": WILL_BE_DUE_DAYS,
    }
    return {**usual, **found[0]} if found else usual
