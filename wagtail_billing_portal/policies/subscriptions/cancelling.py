from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from ...models import Feature, Subscription
from ..base import ALLOWED, Asker, Decision, denied, first_denial
from .standing import (
    has_not_ended,
    is_complete,
    is_not_agreed,
    may_take_back,
    may_use,
)


def may_cancel(asker: Asker, subscription: Subscription) -> Decision:
    """Have it end when what was paid for is used up."""
    return first_denial(
        may_use(asker, subscription, Feature.CANCEL),
        _can_end(subscription),
        _has_a_period(subscription),
        _allows(asker, now=False),
    )


def may_cancel_now(asker: Asker, subscription: Subscription) -> Decision:
    """Have it end at once."""
    return first_denial(
        may_use(asker, subscription, Feature.CANCEL),
        _can_end(subscription),
        # Who pauses pays for nothing that could be used up first.
        ALLOWED if subscription.status == "paused" else _allows(asker, now=True),
    )


def may_leave(asker: Asker, subscription: Subscription) -> Decision:
    """Have it end, in whichever way the site allows."""
    at_end = may_cancel(asker, subscription)
    now = may_cancel_now(asker, subscription)
    # Where it ends at once, the answer to that question is the one that helps.
    return now if not at_end and (now or at_end.code == "at_once") else at_end


def may_undo_cancel(asker: Asker, subscription: Subscription) -> Decision:
    """Go on after all, as long as it has not ended."""
    return first_denial(
        may_take_back(asker, subscription),
        has_not_ended(subscription),
        _is_ending(subscription),
        is_not_agreed(subscription),
    )


def _can_end(subscription: Subscription) -> Decision:
    if subscription.has_ended:
        return denied("ended", _("This subscription has already ended."))
    if subscription.is_ending:
        return denied("already_ending", _("This subscription is already cancelled."))
    return first_denial(is_complete(subscription), is_not_agreed(subscription))


def _has_a_period(subscription: Subscription) -> Decision:
    if subscription.status == "paused":
        return denied(
            "paused",
            _("Nothing is paid for while it is paused. You can end it at once."),
        )
    return ALLOWED


def _allows(asker: Asker, *, now: bool) -> Decision:
    settings = asker.settings
    if settings.allows_cancel_now if now else settings.allows_cancel_at_end:
        return ALLOWED
    if now:
        return denied(
            "not_at_once", _("Subscriptions end with the period that was paid for.")
        )
    return denied("at_once", _("Subscriptions end as soon as they are cancelled."))


def _is_ending(subscription: Subscription) -> Decision:
    if not subscription.is_ending:
        return denied("not_ending", _("This subscription isn't cancelled."))
    return ALLOWED
