"""That Stripe's page was opened from here, and what for.

What a member does there bears no mark of it. The schedule of a change that waits could
as well be staff's, and then the member could neither undo it nor leave.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from ..accounts import BillingAccount
from ..exceptions import StripeRefused
from ..gateway import (
    forget_request,
    forget_requests,
    kept_request,
    known_request,
    new_key,
    options,
    take_request,
)
from ..models import Subscription, SubscriptionSchedule
from ..models.schedules import MADE_BY
from ..policies.hosted import HostedFlow, hosted_prices
from .base import change

#: Stripe's portal as a whole, among the flows.
PORTAL = "portal"
#: What a change can be made on, and so be scheduled.
CHANGES = {HostedFlow.CHANGE.value, HostedFlow.CONFIRM.value, PORTAL}
#: Seconds: Stripe closes its page an hour after the last click.
LONGEST_VISIT = 2 * 60 * 60


def remember_opening(
    account: BillingAccount,
    subscription: Subscription,
    *,
    at: int,
    flow: HostedFlow | None = None,
    coupon: str = "",
) -> None:
    """Write down how it was when Stripe's page was opened for it, and what for.

    ``at`` are Unix seconds by Stripe's clock. Without ``flow``: for all that can be
    done there.
    """
    opening = {
        "at": at,
        "flow": flow.value if flow else PORTAL,
        "coupon": coupon,
        "prices": sorted(hosted_prices(account, subscription)),
        "was": state_of(subscription),
    }
    forget_request(_purpose(subscription.stripe_account, subscription.pk))
    kept_request(_purpose(subscription.stripe_account, subscription.pk), opening)


def last_opening(subscription: Subscription) -> dict[str, Any] | None:
    """How it was then; ``None`` where nothing was opened, or somebody was back since."""
    found = known_request(_purpose(subscription.stripe_account, subscription.pk))
    return found or None


def take_opening(subscription: Subscription) -> bool:
    """Close it, for one caller alone."""
    purpose = _purpose(subscription.stripe_account, subscription.pk)
    return take_request(purpose) is not None


def state_of(it: Subscription) -> dict[str, Any]:
    """What can become different on Stripe's page."""
    return {
        "items": [[item.price_id, item.quantity] for item in it.items.all()],
        "schedule": it.data.get("schedule"),
        "coupons": [discount.coupon_id for discount in it.current_discounts],
        "rests": it.is_resting,
        "ends": it.is_ending,
        "has_ended": it.has_ended,
    }


def is_from_hosted_page(schedule: SubscriptionSchedule) -> bool:
    """Whether a member had Stripe's page make it, who came there from here.

    It was made while that page was open, looks like what that page makes, and leads to
    what it offers.
    """
    phase = schedule.next_phase
    if phase is None or schedule.metadata or not schedule.is_ahead:
        return False
    if len(schedule.phases) != 2 or schedule.pause is not None:
        return False
    id = schedule.subscription_id
    opening = id and known_request(_purpose(schedule.stripe_account, id))
    if not opening or opening["flow"] not in CHANGES:
        return False
    is_new = opening["was"]["schedule"] != schedule.pk
    took = schedule.data.get("created", 0) - opening["at"]
    is_offered = {item.get("price") for item in phase["items"]} <= {*opening["prices"]}
    return is_new and 0 <= took <= LONGEST_VISIT and is_offered


def claim(schedule: SubscriptionSchedule) -> None:
    """Mark what a member had Stripe's page make as their own, to be undone.

    Raises ``StripeUnavailable``, and can be asked again.
    """
    if not is_from_hosted_page(schedule):
        return
    try:
        change(
            schedule,
            lambda client: client.v1.subscription_schedules.update(
                schedule.pk, {"metadata": MADE_BY}, options(new_key())
            ),
        )
    except StripeRefused:
        # It is gone by now, or over: then there is nothing to undo.
        return


def prune(*, before: datetime) -> int:
    """Forget the pages that were opened until then, from which nobody came back."""
    return forget_requests("hosted:", before=before)


def _purpose(alias: str, subscription: str) -> str:
    return f"hosted:{alias}:{subscription}"
