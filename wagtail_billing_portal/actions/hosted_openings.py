"""That Stripe's page was opened from here, and what for.

What a member does there bears no mark of it. The schedule of a change that waits could
as well be staff's, and then the member could neither undo it nor leave.
"""

from __future__ import annotations

import logging
from datetime import datetime
from typing import Any

from ..accounts import BillingAccount
from ..exceptions import BillingError, BillingNotConfigured, StripeRefused
from ..gateway import (
    forget_requests,
    keep_anew,
    kept_of,
    known_request,
    new_key,
    options,
    take_request,
)
from ..models import Subscription, SubscriptionSchedule
from ..models.schedules import MADE_BY
from ..policies.hosted import HostedFlow, hosted_prices
from .base import change

logger = logging.getLogger("wagtail_billing_portal.actions")

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
    before: dict[str, Any] | None = None,
) -> None:
    """Write down how it was when Stripe's page was opened for it, and what for.

    ``at`` are Unix seconds by Stripe's clock. Without ``flow``: for all that can be
    done there. ``before`` is the opening before this one.
    """
    name = flow.value if flow else PORTAL
    was = state_of(subscription)
    changes = _open_changes(before, at)
    if name in CHANGES:
        # One that is open in another tab counts as long as it can be used.
        first = changes or {"at": at, "schedule": was["schedule"], "items": []}
        changes = {
            **first,
            "items": [*first["items"], was["items"]],
            "prices": sorted(hosted_prices(account, subscription)),
        }
    opening = {"at": at, "flow": name, "coupon": coupon, "changes": changes, "was": was}
    keep_anew(_purpose(subscription.stripe_account, subscription.pk), opening)


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

    It was made while that page was open, looks like what that page makes of what there
    was, and leads to what it offers. What staff make in the same hours of the same
    plans can't be told from it.
    """
    if not schedule.is_ahead or not _is_made_like_there(schedule):
        return False
    id = schedule.subscription_id
    opening = id and known_request(_purpose(schedule.stripe_account, id))
    changes = opening and opening["changes"]
    if not changes or changes["schedule"] == schedule.pk:
        return False
    now, then = (_items(phase) for phase in schedule.phases)
    is_offered = {price for price, _quantity in then} <= {*changes["prices"]}
    return is_offered and now in changes["items"] and _is_of_then(schedule, changes)


def _is_made_like_there(schedule: SubscriptionSchedule) -> bool:
    has_marks = any(it.get("metadata") for it in (schedule.data, *schedule.phases))
    return (
        not has_marks
        and len(schedule.phases) == 2
        and schedule.next_phase is not None
        and schedule.pause is None
        and schedule.data.get("end_behavior") == "release"
    )


def _is_of_then(schedule: SubscriptionSchedule, changes: dict[str, Any]) -> bool:
    if schedule.data.get("test_clock"):
        # Its time is another than that of Stripe's page.
        return True
    return bool(0 <= schedule.data.get("created", 0) - changes["at"] <= LONGEST_VISIT)


def _items(phase: dict[str, Any]) -> list[list[Any]]:
    return [[it.get("price"), it.get("quantity")] for it in phase.get("items") or []]


def _open_changes(opening: dict[str, Any] | None, at: int) -> dict[str, Any] | None:
    """A page for changes that was opened before, and can still be used."""
    changes: dict[str, Any] | None = opening and opening["changes"]
    if changes is None or at - changes["at"] > LONGEST_VISIT:
        return None
    return changes


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


def claim_left_over(alias: str = "") -> tuple[int, int]:
    """Claim what could not be claimed when Stripe told of it; how many, and not yet.

    ``alias`` names one Stripe account; all are meant unless given.
    """
    ids = [*kept_of("hosted", alias)]
    claimed = left = 0
    for schedule in SubscriptionSchedule.objects.ahead().filter(subscription__in=ids):
        if not is_from_hosted_page(schedule):
            continue
        try:
            claim(schedule)
            claimed += 1
        except (BillingError, BillingNotConfigured) as error:
            logger.warning("%s is not its member's yet: %s", schedule.pk, error)
            left += 1
    return claimed, left


def prune(*, before: datetime) -> int:
    """Forget the pages that were opened until then, from which nobody came back."""
    return forget_requests("hosted:", before=before)


def _purpose(alias: str, subscription: str) -> str:
    return f"hosted:{alias}:{subscription}"
