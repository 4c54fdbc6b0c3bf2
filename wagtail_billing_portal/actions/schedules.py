"""Schedules that decide for a while what becomes of a subscription."""

from __future__ import annotations

import logging

from ..exceptions import BillingError
from ..gateway import Params, answer_of, options, stripe_for
from ..mirror.ingest import version_of
from ..mirror.refresh import let_in
from ..models import Subscription, SubscriptionSchedule
from ..models.schedules import MADE_BY
from ..policies.timing import Change
from .base import change as change_row
from .base import once, see
from .phases import last_phase, phases_of_change

logger = logging.getLogger("wagtail_billing_portal.actions")


def set_free(subscription: Subscription, *, key: str) -> None:
    """Let the subscription decide about itself, whatever schedule is attached."""
    schedule = subscription.schedule
    if schedule is not None and schedule.is_ahead:
        _release(subscription, schedule, key)


def schedule_change(
    subscription: Subscription, change: Change, *, about: str, key: str
) -> None:
    """Put a schedule in charge that makes the change when the period ends.

    Stripe takes the phases only in a second call. When that fails, the schedule is
    released again; one that is left over has no plans, and stands in nobody's way.
    ``about`` is what the schedule is marked with, for staff.
    """
    seen = version_of(subscription)
    with stripe_for(subscription.stripe_account) as client:
        made = answer_of(
            client.v1.subscription_schedules.create(
                {"from_subscription": subscription.pk},
                options(key, "schedule", str(seen.as_of), seen.digest),
            )
        )
    wanted: Params = {
        "metadata": {**MADE_BY, "about": about},
        "end_behavior": "release",
        "proration_behavior": "none",
        "phases": phases_of_change(made.data, subscription, change),
    }
    id = made.data["id"]
    try:
        with stripe_for(subscription.stripe_account) as client:
            planned = answer_of(
                client.v1.subscription_schedules.update(
                    id, wanted, options(key, "phases", id)
                )
            )
    except BillingError:
        _take_back(subscription, id, key)
        raise
    let_in(planned, account=subscription.stripe_account)
    see(subscription)


def schedule_end(
    subscription: Subscription, schedule: SubscriptionSchedule, *, key: str
) -> None:
    """Have the attached schedule end it with the period, instead of what it planned.

    In one request: Stripe lets nobody else end it meanwhile, and where that fails the
    plans are still there. Then the subscription keeps its end without the schedule.
    """
    wanted: Params = {
        # Whoever has it attached yet can take the end back like one of their own.
        "metadata": {**MADE_BY, "about": ""},
        "end_behavior": "cancel",
        "proration_behavior": "none",
        "phases": last_phase(schedule.data, subscription),
    }
    if method := subscription.default_payment_method_id:
        # Else it would again be the one of when the schedule was made.
        wanted["default_settings"] = {"default_payment_method": method}
    change_row(
        schedule,
        lambda client: client.v1.subscription_schedules.update(
            schedule.pk, wanted, once(schedule, key)
        ),
    )
    try:
        _release(subscription, schedule, key, keeps_end=True)
    except BillingError as error:
        logger.warning("%s ends %s and stays: %s", schedule, subscription.pk, error)
        see(subscription)


def _release(
    subscription: Subscription,
    schedule: SubscriptionSchedule,
    key: str,
    *,
    keeps_end: bool = False,
) -> None:
    wanted: Params = {"preserve_cancel_date": True} if keeps_end else {}
    change_row(
        schedule,
        lambda client: client.v1.subscription_schedules.release(
            schedule.pk, wanted, options(key, "release", schedule.pk)
        ),
    )
    see(subscription)


def _take_back(subscription: Subscription, schedule: str, key: str) -> None:
    """Release a schedule that got no phases; left over, it stands in nobody's way."""
    try:
        with stripe_for(subscription.stripe_account) as client:
            client.v1.subscription_schedules.release(
                schedule, {}, options(key, "back", schedule)
            )
    except BillingError as error:
        logger.warning("%s is left over, without plans: %s", schedule, error)
    see(subscription)
