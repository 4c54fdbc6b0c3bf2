from __future__ import annotations

from typing import Protocol

from django.utils.translation import gettext_lazy as _

from ...models import (
    Coupon,
    Feature,
    RetentionOffer,
    Subscription,
    SubscriptionItem,
)
from ...models.portal_choices import OfferKind
from ..base import ALLOWED, Decision, denied, first_denial
from ..plans import Chooser, changeable_items, may_have, options_for, units_in_place_of
from ..timing import Change
from .cancelling import may_leave
from .changing import may_change_plan
from .pausing import Pauser, may_pause
from .standing import goes_on, has_no_plans, is_settled, may_use

#: A coupon counts months, so a longer period would be free as a whole.
COUNTED_IN_MONTHS = ("day", "week", "month")


class Leaver(Chooser, Pauser, Protocol):
    """An asker who knows what kept this member before."""

    def has_accepted_within_a_year(self) -> bool: ...


def may_take(
    asker: Leaver, subscription: Subscription, offer: RetentionOffer
) -> Decision:
    """Stay, for what the site offers those who leave."""
    return first_denial(
        may_use(asker, subscription, Feature.CANCEL),
        may_leave(asker, subscription),
        _is_the_first(asker),
        _suits(asker, subscription, offer),
    )


def first_offer(
    asker: Leaver, subscription: Subscription, reason: str
) -> RetentionOffer | None:
    """The first offer for this reason that this member can have."""
    offers = asker.settings.retention_offers.select_related("coupon")
    fitting = (it for it in offers if it.fits(reason))
    found = (it for it in fitting if may_take(asker, subscription, it))
    return next(found, None)


def followed_offer(
    asker: Leaver, subscription: Subscription, id: str, *, kind: str, reason: str
) -> RetentionOffer | None:
    """The offer of this kind that an address names, if this member can have it."""
    offers = asker.settings.retention_offers.select_related("coupon").filter(kind=kind)
    named = (it for it in offers if str(it.pk) == id and it.fits(reason))
    found = (it for it in named if may_take(asker, subscription, it))
    return next(found, None)


def cheaper_plan(asker: Chooser, subscription: Subscription) -> Change | None:
    """The cheapest plan for the same period, if all of it costs less than now.

    Of several items that could be something else, the first that has a cheaper one.
    """
    items = changeable_items(asker, subscription)
    found = (_cheaper_than(asker, subscription, item) for item in items)
    return next((change for change in found if change), None)


def _cheaper_than(
    asker: Chooser, subscription: Subscription, item: SubscriptionItem
) -> Change | None:
    if item.price is None or (now := item.amount) is None:
        return None
    costs = []
    for place, option in enumerate(options_for(asker, subscription, item)):
        price = option.price
        count = units_in_place_of(asker, item, price)
        amount = price.amount_for(count, item.currency)
        if (
            amount is not None
            and amount < now
            and price.period == item.price.period
            and may_have(asker, price, count, held=item.quantity)
            and may_change_plan(asker, subscription, item, price)
        ):
            costs.append((amount, place, Change(item, price, count)))
    return min(costs, key=lambda it: it[:2])[2] if costs else None


def _is_the_first(asker: Leaver) -> Decision:
    if asker.has_accepted_within_a_year():
        return denied("accepted", _("You have accepted an offer already."))
    return ALLOWED


def _suits(
    asker: Leaver, subscription: Subscription, offer: RetentionOffer
) -> Decision:
    if offer.kind == OfferKind.PAUSE:
        return may_pause(asker, subscription)
    if offer.kind == OfferKind.CHEAPER_PLAN:
        return ALLOWED if cheaper_plan(asker, subscription) else _nothing()
    return first_denial(
        is_settled(subscription),
        # What a schedule says of discounts would undo it.
        has_no_plans(subscription),
        goes_on(subscription),
        _is_charged(subscription),
        _is_had(subscription, offer),
    )


def _is_charged(subscription: Subscription) -> Decision:
    return ALLOWED if subscription.next_charge_at else _nothing()


def _is_had(subscription: Subscription, offer: RetentionOffer) -> Decision:
    if offer.kind == OfferKind.FREE_MONTHS:
        price = subscription.price
        counts = price is not None and price.interval in COUNTED_IN_MONTHS
        return ALLOWED if offer.months and counts else _nothing()
    coupon = offer.coupon
    if coupon is None or not coupon.valid or coupon.deleted_at is not None:
        return _nothing()
    held = {it.coupon_id for it in subscription.current_discounts}
    is_new = coupon.pk not in held and _applies(coupon, subscription)
    counts = coupon.counts_in(subscription.currency)
    return ALLOWED if is_new and counts else _nothing()


def _applies(coupon: Coupon, subscription: Subscription) -> bool:
    products = {it.price.product_id for it in subscription.items.all() if it.price}
    is_ours = coupon.stripe_account == subscription.stripe_account
    return is_ours and (not coupon.products or bool(products & {*coupon.products}))


def _nothing() -> Decision:
    return denied("no_offer", _("This offer doesn't suit your subscription."))
