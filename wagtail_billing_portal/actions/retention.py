"""What is offered to a member who is about to leave, and taking it."""

from __future__ import annotations

from typing import Any

from ..accounts import BillingAccount
from ..exceptions import UnknownStripeObject
from ..gateway import kept_request, options, stripe_for
from ..models import Act, RetentionOffer, Subscription
from ..models.portal_choices import OfferKind
from ..policies.subscriptions import may_take
from .acts import note, note_once
from .base import once, see, update_subscription
from .discounts import EXPANDED
from .figures import Bill, bill_of
from .upcoming import invoice_to_come
from .waiting import await_payment


def preview_coupon(subscription: Subscription, offer: RetentionOffer) -> Bill:
    """What an offered coupon makes of the next invoice. Nothing is changed.

    Raises ``BillingError``.
    """
    discounts = [*_restated(subscription), {"coupon": str(offer.coupon_id)}]
    return bill_of(invoice_to_come(subscription, discounts=discounts).data)


def take_offer(
    account: BillingAccount,
    subscription: Subscription,
    offer: RetentionOffer,
    *,
    key: str,
) -> Subscription:
    """Apply the discount that keeps the member, beside those there are.

    Raises ``NotAllowed`` or another ``BillingError``; then nothing was changed.
    """
    may_take(account, subscription, offer).require()
    coupon = coupon_of(subscription, offer)
    # An earlier answer may have been lost.
    see(subscription)
    if coupon not in {it.coupon_id for it in subscription.current_discounts}:
        params: Any = {
            "discounts": [*_restated(subscription), {"coupon": coupon}],
            "expand": EXPANDED,
        }
        update_subscription(subscription, params, once(subscription, key))
    # However often the form was sent, it is one offer that was taken.
    form = options(key, "offer", subscription.pk)
    note_once(account, subscription, Act.ACCEPTED, coupon, request=form)
    return subscription


def note_acceptance(
    account: BillingAccount, subscription: Subscription, offer: RetentionOffer
) -> None:
    """Write down that somebody stayed for what another act has done: a pause, a plan."""
    tell = note if subscription.pending_update is None else await_payment
    tell(account, subscription, Act.ACCEPTED, offer.kind)


def coupon_of(subscription: Subscription, offer: RetentionOffer) -> str:
    """The coupon that an offer comes to; made at Stripe where it is still missing."""
    if offer.kind == OfferKind.COUPON:
        return str(offer.coupon_id)
    return _free_months(subscription.stripe_account, offer.months or 1)


def _free_months(alias: str, months: int) -> str:
    """The coupon that makes so many months free, made at Stripe the first time."""
    key, params = kept_request(
        f"free_months:{alias}:{months}",
        {
            "id": f"wagtail_billing_portal_{months}_free_months",
            "percent_off": 100,
            "duration": "repeating",
            "duration_in_months": months,
        },
    )
    try:
        with stripe_for(alias) as client:
            client.v1.coupons.retrieve(params["id"])
    except UnknownStripeObject:
        with stripe_for(alias) as client:
            client.v1.coupons.create(params, options(key, "coupon"))
    return str(params["id"])


def _restated(subscription: Subscription) -> list[dict[str, str]]:
    """The discounts that stay: Stripe replaces them all."""
    return [{"discount": id} for id in subscription.data.get("discounts") or []]
