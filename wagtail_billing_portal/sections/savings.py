"""What discounts take off a regular invoice, where that is exact without asking."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import ROUND_HALF_UP, Decimal

from ..models import Coupon, Discount, Subscription


def savings_of(subscription: Subscription) -> Mapping[str, int | None]:
    """Minor units that each discount takes off the next regular invoice, by its id.

    One comes after the other, as Stripe has them. ``None``: it is not known here how
    much that one takes, nor any after it. What has ended by then is left out.
    """
    total, at = subscription.recurring_amount, subscription.next_charge_at
    if total is None or at is None:
        return {}
    lasting = [it for it in subscription.current_discounts if it.lasts_until(at)]
    found: dict[str, int | None] = {}
    left: int | None = total
    for discount in lasting:
        off = None if left is None else _taken_by(discount, subscription, left, total)
        found[discount.pk] = off
        left = None if left is None or off is None else left - off
    return found


def _taken_by(
    discount: Discount, subscription: Subscription, left: int, total: int
) -> int | None:
    coupon = discount.coupon
    if coupon is None or coupon.is_stub or coupon.needs_refresh:
        return None
    covered = _covered(coupon, subscription)
    if covered not in (0, total) and left != total:
        # How the others share what came before is Stripe's to say.
        return None
    exact = coupon.taken_off(min(left, covered), subscription.currency)
    if exact is None:
        return None
    is_whole = exact == exact.to_integral_value()
    if not is_whole and len(subscription.items.all()) > 1:
        # Stripe rounds for each of the items.
        return None
    return int(exact.quantize(Decimal(1), rounding=ROUND_HALF_UP))


def _covered(coupon: Coupon, subscription: Subscription) -> int:
    """What is paid for the products that a coupon is for."""
    products = coupon.products
    return sum(
        item.amount or 0
        for item in subscription.items.all()
        if not products or (item.price and item.price.product_id in products)
    )
