from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from ..models import Feature, Subscription
from .base import (
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


def may_cancel(asker: Asker, subscription: Subscription) -> Decision:
    """Ask Stripe to end it when what was paid for is used up."""
    return first_denial(
        may_view(asker, subscription),
        feature_is_offered(asker, Feature.CANCEL),
        may_act(asker),
        _goes_on(subscription),
        _is_not_scheduled(subscription),
    )


def may_undo_cancel(asker: Asker, subscription: Subscription) -> Decision:
    """Go on after all, as long as it has not ended."""
    return first_denial(
        may_view(asker, subscription),
        feature_is_offered(asker, Feature.CANCEL),
        may_act(asker),
        _is_ending(subscription),
        _is_not_scheduled(subscription),
    )


def _goes_on(subscription: Subscription) -> Decision:
    if subscription.has_ended:
        return denied("ended", _("This subscription has already ended."))
    if subscription.is_ending:
        return denied("already_ending", _("This subscription is already cancelled."))
    if subscription.status == "incomplete":
        # Stripe refuses the flag here; without payment it lapses within a day.
        return denied(
            "incomplete",
            _(
                "This subscription was never paid for. Without a payment it lapses by "
                "itself within a day."
            ),
        )
    return ALLOWED


def _is_ending(subscription: Subscription) -> Decision:
    if subscription.has_ended:
        return denied(
            "ended",
            _("This subscription has ended. Choose a plan to subscribe again."),
        )
    if not subscription.is_ending:
        return denied("not_ending", _("This subscription isn't cancelled."))
    return ALLOWED


def _is_not_scheduled(subscription: Subscription) -> Decision:
    # While a schedule is attached Stripe lets it alone decide about the end.
    if subscription.data.get("schedule"):
        return denied(
            "scheduled",
            _(
                "The terms of this subscription were agreed with you individually. "
                "Please contact us to change them."
            ),
        )
    return ALLOWED
