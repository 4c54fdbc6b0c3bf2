from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from ...models import Feature, Subscription
from ..base import ALLOWED, Asker, Decision, denied, first_denial
from .standing import (
    goes_on,
    has_no_plans,
    has_not_ended,
    is_complete,
    is_not_agreed,
    may_take_back,
    may_use,
)


def may_apply_code(asker: Asker, subscription: Subscription) -> Decision:
    """Redeem a promotion code for the invoices to come."""
    return first_denial(
        may_use(asker, subscription, Feature.PROMOTION_CODES),
        has_not_ended(subscription),
        is_complete(subscription),
        is_not_agreed(subscription),
        # What a schedule says of discounts would undo it.
        has_no_plans(subscription),
        goes_on(subscription),
    )


def may_remove_discount(asker: Asker, subscription: Subscription) -> Decision:
    """Let go of a promotion code."""
    return first_denial(
        may_take_back(asker, subscription),
        has_not_ended(subscription),
        is_complete(subscription),
        is_not_agreed(subscription),
        has_no_plans(subscription),
        _has_a_code(subscription),
    )


def _has_a_code(subscription: Subscription) -> Decision:
    if not any(it.promotion_code_id for it in subscription.current_discounts):
        return denied("no_code", _("No promotion code is applied."))
    return ALLOWED
