"""What a member may do with a subscription on Stripe's own page.

Never more than on the site's pages: that page's limits come on top of ours.
"""

from __future__ import annotations

from enum import Enum

from django.utils.translation import gettext_lazy as _

from ..models import CancelMode, Subscription
from .base import ALLOWED, Asker, Decision, denied, first_denial
from .customers import may_open_hosted_portal
from .hosted_plans import HostedPlans, hosted_plans
from .hosted_rules import hosted_cancels, hosted_changes, hosted_pauses
from .plans import Chooser, group_of
from .subscriptions import (
    may_cancel,
    may_cancel_now,
    may_change_plan,
    may_change_quantity,
    may_pause,
    pauses_fully,
)
from .subscriptions.pausing import Pauser
from .timing import Change


class HostedFlow(Enum):
    """What Stripe's page is opened for, by Stripe's name for it."""

    CHANGE = "subscription_update"
    CONFIRM = "subscription_update_confirm"
    CANCEL = "subscription_cancel"
    PAUSE = "subscription_pause"


def may_change_hosted(
    asker: Chooser, subscription: Subscription, change: Change | None = None
) -> Decision:
    """Choose another plan or quantity there; with ``change``: confirm that one."""
    plans = _plans_for(asker, subscription)
    return first_denial(
        may_open_hosted_portal(asker),
        _may_change(asker, subscription, change),
        _offers(bool(hosted_changes(asker.settings, plans))),
        _is_simple(subscription),
        _is_charged(subscription),
        _has_it(plans, change),
    )


def may_cancel_hosted(asker: Asker, subscription: Subscription) -> Decision:
    """Leave there."""
    at_once = asker.settings.cancel_mode == CancelMode.IMMEDIATELY
    may_end = may_cancel_now if at_once else may_cancel
    return first_denial(
        may_open_hosted_portal(asker),
        may_end(asker, subscription),
        _offers(hosted_cancels(asker.settings)),
        _is_free(subscription),
        ALLOWED if at_once else _ends_with_all(subscription),
    )


def may_pause_hosted(asker: Pauser, subscription: Subscription) -> Decision:
    """Rest, and choose there for how long."""
    if not (offered := _offers(hosted_pauses(asker.settings))):
        return offered
    return first_denial(
        may_open_hosted_portal(asker),
        may_pause(asker, subscription),
        _is_flexible(subscription),
        _is_free(subscription, idle=False),
    )


def hosted_prices(asker: Chooser, subscription: Subscription) -> set[str]:
    """All that one can switch to there, by Stripe's ids."""
    return _plans_for(asker, subscription).prices


def _may_change(
    asker: Chooser, subscription: Subscription, change: Change | None
) -> Decision:
    if change is None:
        plan = may_change_plan(asker, subscription)
        # Either is done on the same page.
        return ALLOWED if may_change_quantity(asker, subscription) else plan
    if change.is_of_quantity:
        return may_change_quantity(asker, subscription, change.item, change.quantity)
    return may_change_plan(asker, subscription, change.item, change.price)


def _plans_for(asker: Chooser, subscription: Subscription) -> HostedPlans:
    group = group_of(asker, subscription.price) if subscription.price else None
    return hosted_plans(group) if group else HostedPlans([], [])


def _offers(is_offered: bool) -> Decision:
    if is_offered:
        return ALLOWED
    return denied(
        "not_there", _("Stripe's page can't do this here. Please use this site's.")
    )


def _is_simple(subscription: Subscription) -> Decision:
    items = subscription.items.all()
    if len(items) > 1 or any(item.is_metered for item in items):
        return denied(
            "not_simple",
            _(
                "Stripe's page changes only subscriptions to one thing at a fixed "
                "price. Please use this site's."
            ),
        )
    return ALLOWED


def _is_charged(subscription: Subscription) -> Decision:
    if subscription.is_paid_by_invoice:
        return denied(
            "by_invoice",
            _(
                "Stripe's page changes only subscriptions that are charged "
                "automatically. Please use this site's."
            ),
        )
    return ALLOWED


def _has_it(plans: HostedPlans, change: Change | None) -> Decision:
    if change is None or (
        change.item is not None
        and change.price is not None
        and plans.allows(change.price, change.quantity, held=change.item.quantity)
    ):
        return ALLOWED
    return denied(
        "not_listed", _("Stripe's page doesn't have this plan. Please use this site's.")
    )


def _ends_with_all(subscription: Subscription) -> Decision:
    """What is paid for the year isn't lost with what is paid for the month."""
    if len(subscription.period_ends) > 1:
        return denied(
            "several_periods",
            _(
                "Stripe's page would end this before all that was paid for is used "
                "up. Please use this site's."
            ),
        )
    return ALLOWED


def _is_flexible(subscription: Subscription) -> Decision:
    if pauses_fully(subscription):
        return ALLOWED
    return denied(
        "not_flexible",
        _("Stripe's page can't pause this subscription. Please use this site's."),
    )


def _is_free(subscription: Subscription, *, idle: bool = True) -> Decision:
    """Nothing is scheduled; without ``idle``, no schedule is attached at all."""
    is_attached = subscription.data.get("schedule") is not None
    if subscription.is_scheduled or (is_attached and not idle):
        return denied(
            "scheduled_there",
            _("Stripe's page can't do this while a change is scheduled."),
        )
    return ALLOWED
