from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from ..adapter import get_adapter
from ..models import Feature, Price
from .base import (
    ALLOWED,
    Asker,
    Decision,
    denied,
    feature_is_offered,
    first_denial,
    may_act,
)
from .plans import Chooser, group_of


def may_subscribe(asker: Chooser, price: Price) -> Decision:
    """Start a new subscription to ``price``."""
    return first_denial(
        feature_is_offered(asker, Feature.SUBSCRIBE),
        _is_for_sale(asker, price),
        _is_known(asker),
        _holds_none_of_its_kind(asker, price),
        _is_eligible(asker, price),
    )


def may_buy_beside(asker: Chooser, price: Price) -> Decision:
    """Have ``price`` in a subscription that begins with another one."""
    return first_denial(_is_for_sale(asker, price), _is_eligible(asker, price))


def _is_for_sale(asker: Asker, price: Price) -> Decision:
    is_ours = price.stripe_account == asker.settings.stripe_account
    if not (price.is_for_sale and price.is_recurring and is_ours):
        return denied("not_for_sale", _("This plan is no longer sold."))
    return ALLOWED


def _is_known(asker: Asker) -> Decision:
    if not asker.is_member:
        return denied("anonymous", _("Log in or sign up to subscribe."))
    # Nobody has acted for a customer that is still to be made.
    return may_act(asker) if asker.customer else ALLOWED


def _holds_none_of_its_kind(asker: Chooser, price: Price) -> Decision:
    """One plan of each group; a price that is in none of them goes with none."""
    current = asker.current_subscriptions
    group = group_of(asker, price)
    held = [
        item.price
        for subscription in current
        for item in subscription.items.all()
        if item.price is not None
    ]
    kinds = [group_of(asker, it) for it in held]
    if not current or (group is not None and held and group not in kinds):
        return ALLOWED
    return denied(
        "already_subscribed",
        _("You already have a subscription. Manage it in your account instead."),
    )


def _is_eligible(asker: Chooser, price: Price) -> Decision:
    user = asker.user
    if user.is_anonymous:
        return denied("anonymous", _("Log in or sign up to subscribe."))
    reason = get_adapter().why_not_subscribe(user, price, asker.current_subscriptions)
    return denied("not_eligible", reason) if reason else ALLOWED
