"""Promotion codes: taking one, and letting go of it."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _

from ..accounts import BillingAccount
from ..exceptions import (
    CodeUnusable,
    KeyReused,
    NotAllowed,
    StripeRefused,
)
from ..gateway import rows_of_page, stripe_for
from ..models import Act, Discount, Subscription
from ..policies.subscriptions import may_apply_code, may_remove_discount
from .acts import note
from .base import once, update_subscription
from .schedules import set_free

#: What a page says of a discount: also for which products, and in other currencies.
EXPANDED = [
    "discounts.source.coupon.applies_to",
    "discounts.source.coupon.currency_options",
    "discounts.promotion_code",
]


def apply_code(
    account: BillingAccount, subscription: Subscription, code: str, *, key: str
) -> Subscription:
    """Redeem what a member typed in, beside the discounts there are.

    Raises ``CodeUnusable`` whatever is wrong with the code, ``NotAllowed`` or another
    ``BillingError``.
    """
    may_apply_code(account, subscription).require()
    if _applied(subscription, code):
        return subscription
    found = _usable(subscription, code)
    set_free(subscription, key=key)
    kept = [{"discount": id} for id in subscription.data.get("discounts") or []]
    try:
        _update(subscription, [*kept, {"promotion_code": found}], key)
    except KeyReused:
        raise
    except StripeRefused as refusal:
        raise CodeUnusable(str(refusal)) from refusal
    note(account, subscription, Act.DISCOUNTED, code)
    return subscription


def remove_discount(
    account: BillingAccount, subscription: Subscription, discount: str, *, key: str
) -> Subscription:
    """Let go of a promotion code; the site's own discounts stay.

    Raises ``NotAllowed`` or another ``BillingError``.
    """
    may_remove_discount(account, subscription).require()
    gone = _removable(subscription, discount)
    set_free(subscription, key=key)
    ids = subscription.data.get("discounts") or []
    kept = [{"discount": id} for id in ids if id != discount]
    _update(subscription, kept or "", key)
    note(account, subscription, Act.UNDISCOUNTED, str(gone.promotion_code))
    return subscription


def _update(subscription: Subscription, discounts: Any, key: str) -> None:
    params = {"discounts": discounts, "expand": EXPANDED}
    update_subscription(subscription, params, once(subscription, key))


def _applied(subscription: Subscription, code: str) -> bool:
    codes = [str(it.promotion_code) for it in _with_codes(subscription)]
    return code.casefold() in map(str.casefold, codes)


def _with_codes(subscription: Subscription) -> list[Discount]:
    return [it for it in subscription.current_discounts if it.promotion_code]


def _removable(subscription: Subscription, id: str) -> Discount:
    found = next((it for it in _with_codes(subscription) if it.pk == id), None)
    if found is None:
        raise NotAllowed(code="no_code", reason=_("That discount isn't there."))
    return found


def _usable(subscription: Subscription, code: str) -> str:
    """The id of the code that this customer may redeem for this subscription."""
    params: Any = {
        "code": code,
        "active": True,
        "expand": ["data.promotion.coupon.applies_to"],
    }
    with stripe_for(subscription.stripe_account) as client:
        found = [it.data for it in rows_of_page(client.v1.promotion_codes.list(params))]
    for one in found:
        if _fits(subscription, one):
            return str(one["id"])
    raise CodeUnusable(f"{len(found)} codes are called so, and none can be used.")


def _fits(subscription: Subscription, code: dict[str, Any]) -> bool:
    """Whether nothing speaks against it that is known here; Stripe knows the rest."""
    coupon = (code.get("promotion") or {}).get("coupon") or {}
    return (
        code.get("customer") in (None, subscription.customer_id)
        and bool(coupon.get("valid"))
        and _covers(subscription, coupon)
        and _is_dear_enough(subscription, code.get("restrictions") or {})
        and _is_first(subscription, code.get("restrictions") or {})
    )


def _covers(subscription: Subscription, coupon: dict[str, Any]) -> bool:
    products = (coupon.get("applies_to") or {}).get("products") or []
    held = {it.price.product_id for it in subscription.items.all() if it.price}
    return not products or bool(held & set(products))


def _is_dear_enough(subscription: Subscription, limits: dict[str, Any]) -> bool:
    options = (limits.get("currency_options") or {}).get(subscription.currency) or {}
    least = options.get("minimum_amount")
    if limits.get("minimum_amount_currency") == subscription.currency:
        least = limits.get("minimum_amount")
    amount = subscription.recurring_amount
    return least is None or amount is None or amount >= int(least)


def _is_first(subscription: Subscription, limits: dict[str, Any]) -> bool:
    if not limits.get("first_time_transaction") or subscription.customer is None:
        return True
    paid = subscription.customer.invoices.filter(status="paid")
    return not paid.filter(data__amount_paid__gt=0).exists()
