from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

from django.utils.translation import gettext_lazy as _

from ..adapter import get_adapter
from ..models import Feature, Price, Subscription
from .base import (
    ALLOWED,
    Asker,
    Decision,
    denied,
    feature_is_offered,
    first_denial,
    may_act,
)

if TYPE_CHECKING:
    from django.contrib.auth.models import AbstractBaseUser, AnonymousUser


class Buyer(Asker, Protocol):
    """An asker who may hold subscriptions already."""

    @property
    def user(self) -> AbstractBaseUser | AnonymousUser: ...
    @property
    def current_subscriptions(self) -> list[Subscription]: ...


def may_subscribe(asker: Buyer, price: Price) -> Decision:
    """Start a new subscription to ``price``."""
    return first_denial(
        feature_is_offered(asker, Feature.SUBSCRIBE),
        _is_for_sale(asker, price),
        _is_known(asker),
        _is_eligible(asker, price),
    )


def _is_for_sale(asker: Asker, price: Price) -> Decision:
    product = price.product
    on_sale = (
        price.active
        and price.is_recurring
        and price.deleted_at is None
        and product is not None
        and product.active
        and product.deleted_at is None
        and price.stripe_account == asker.settings.stripe_account
    )
    return (
        ALLOWED
        if on_sale
        else denied("not_for_sale", _("This plan is no longer sold."))
    )


def _is_known(asker: Asker) -> Decision:
    if not asker.is_member:
        return denied("anonymous", _("Log in or sign up to subscribe."))
    # Nobody has acted for a customer that is still to be made.
    return may_act(asker) if asker.customer else ALLOWED


def _is_eligible(asker: Buyer, price: Price) -> Decision:
    user = asker.user
    if user.is_anonymous:
        return denied("anonymous", _("Log in or sign up to subscribe."))
    reason = get_adapter().why_not_subscribe(user, price, asker.current_subscriptions)
    return denied("not_eligible", reason) if reason else ALLOWED
