from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from ...models import Price, Subscription, SubscriptionItem
from ..base import ALLOWED, Decision, denied, first_denial
from ..catalog import may_buy_beside, may_subscribe
from ..plans import Chooser
from .standing import may_take_back


def may_resubscribe(
    asker: Chooser, subscription: Subscription, price: Price | None = None
) -> Decision:
    """Begin anew after the end, with the same plan or with ``price``."""
    may_begin = first_denial(
        may_take_back(asker, subscription), _has_ended(subscription)
    )
    if not may_begin:
        return may_begin
    price = price or subscription.price
    if price is None:
        return denied("not_for_sale", _("This plan is no longer sold."))
    return may_subscribe(asker, price)


def comes_back_beside(
    asker: Chooser, subscription: Subscription
) -> list[SubscriptionItem]:
    """What else was in it and can still be had."""
    others = list(subscription.items.all())[1:]
    return [it for it in others if it.price and may_buy_beside(asker, it.price)]


def _has_ended(subscription: Subscription) -> Decision:
    if not subscription.has_ended:
        return denied("running", _("This subscription is still running."))
    return ALLOWED
