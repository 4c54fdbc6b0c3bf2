"""Where a subscription stands, as far as that forbids something."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from ...models import Feature, Subscription
from ..base import (
    ALLOWED,
    Asker,
    Decision,
    denied,
    feature_is_offered,
    first_denial,
    may_act,
    may_see,
)


def may_view(asker: Asker, subscription: Subscription) -> Decision:
    """Only one's own customer's, whatever the role."""
    if not (seen := may_see(asker)):
        return seen
    if asker.customer is None or subscription.customer_id != asker.customer.pk:
        return denied("not_yours", _("We can't find that subscription."))
    return ALLOWED


def may_take_back(asker: Asker, subscription: Subscription) -> Decision:
    """Whether this person may undo what was begun with it.

    No switch is asked: who began it while the site offered that must not be stuck with
    it, nor somebody for whom staff did it.
    """
    return first_denial(may_view(asker, subscription), may_act(asker))


def may_use(asker: Asker, subscription: Subscription, feature: Feature) -> Decision:
    """Whether this person may do anything of this kind with it."""
    return first_denial(
        may_view(asker, subscription),
        feature_is_offered(asker, feature),
        may_act(asker),
    )


def has_not_ended(subscription: Subscription) -> Decision:
    if subscription.has_ended:
        return denied(
            "ended",
            _("This subscription has ended. Choose a plan to subscribe again."),
        )
    return ALLOWED


def is_complete(subscription: Subscription) -> Decision:
    """Stripe refuses all but payment until the first invoice is paid."""
    if subscription.status == "incomplete":
        return denied(
            "incomplete",
            _(
                "This subscription was never paid for. Without a payment it lapses by "
                "itself within a day."
            ),
        )
    return ALLOWED


def is_awake(subscription: Subscription) -> Decision:
    if subscription.is_resting:
        return denied(
            "paused",
            _("This subscription is paused. Resume it first; then you can change it."),
        )
    return ALLOWED


def is_settled(subscription: Subscription) -> Decision:
    """Nothing is owed, so that a change brings no debt upon a debt."""
    if subscription.needs_payment:
        return denied(
            "payment_due",
            _("A payment is open. Pay it first; then you can change this."),
        )
    return ALLOWED


def is_not_agreed(subscription: Subscription) -> Decision:
    """While a schedule is attached Stripe lets it alone decide about the future."""
    if subscription.is_scheduled_by_others:
        return denied(
            "scheduled",
            _(
                "The terms of this subscription were agreed with you individually. "
                "Please contact us to change them."
            ),
            asks_for_contact=True,
        )
    return ALLOWED


def has_no_plans(subscription: Subscription) -> Decision:
    """Nothing of the member's own making is still to come."""
    if subscription.is_scheduled:
        return denied(
            "change_pending",
            _(
                "A change is already scheduled. Undo it first; then you can change this."
            ),
        )
    if subscription.pending_update is not None:
        return denied(
            "payment_pending",
            _(
                "A change waits for its payment. Finish the payment first, or wait: "
                "without one the change lapses within a day."
            ),
        )
    return ALLOWED


def goes_on(subscription: Subscription) -> Decision:
    if subscription.is_ending:
        return denied(
            "ending",
            _("This subscription is cancelled. Keep it first; then you can change it."),
        )
    return ALLOWED


def can_change(subscription: Subscription) -> Decision:
    """What all changes of what is paid for have in common."""
    return first_denial(
        has_not_ended(subscription),
        is_complete(subscription),
        is_awake(subscription),
        is_settled(subscription),
        is_not_agreed(subscription),
        has_no_plans(subscription),
        goes_on(subscription),
    )
