"""How a subscription is told to end."""

from __future__ import annotations

import logging
from typing import Any

from ..exceptions import BillingError, StripeRefused
from ..models import Subscription
from .base import once, see_whole, update_subscription
from .schedules import schedule_end, set_free

logger = logging.getLogger("wagtail_billing_portal.actions")


def end_with_period(
    subscription: Subscription, *, key: str, said: dict[str, Any] | None = None
) -> None:
    """Have it end when all that was paid for is used up, whatever was scheduled.

    ``said`` is what the member said of it, as parameters. Raises ``BillingError``; then
    nothing was changed, as far as Stripe said.
    """
    if subscription.data.get("schedule") and subscription.schedule is None:
        # The mirror has not heard of it yet.
        see_whole(subscription)
    schedule = subscription.schedule
    if schedule is None or not schedule.is_ahead:
        _end(subscription, said, key)
        return
    try:
        schedule_end(subscription, schedule, key=key)
    except StripeRefused as refusal:
        # What a phase has, such as a price that is archived, may not be taken again;
        # nobody has to stay for that.
        logger.warning("%s can't end %s: %s", schedule, subscription.pk, refusal)
        see_whole(subscription)
        set_free(subscription, key=key)
        _end(subscription, said, key)
        return
    if said:
        _add(subscription, said, key)


def _end(subscription: Subscription, said: dict[str, Any] | None, key: str) -> None:
    params = {**_end_of(subscription), **(said or {})}
    update_subscription(subscription, params, once(subscription, key))


def _end_of(subscription: Subscription) -> dict[str, Any]:
    """When it ends, as parameters: Stripe's period is that of what is paid most often."""
    if len(subscription.period_ends) > 1 or subscription.data.get("cancel_at"):
        return {"cancel_at": "max_period_end"}
    return {"cancel_at_period_end": True}


def _add(subscription: Subscription, said: dict[str, Any], key: str) -> None:
    """Add what the member said to an end that has been made already."""
    try:
        update_subscription(subscription, said, once(subscription, key))
    except BillingError as error:
        logger.warning("Why %s ends was not kept: %s", subscription.pk, error)
