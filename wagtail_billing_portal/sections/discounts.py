"""What is taken off a subscription's invoices, in a member's words."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from babel.numbers import format_percent
from django.utils.translation import gettext as _

from ..accounts import BillingAccount
from ..models import Coupon, Discount, Subscription
from ..money import babel_locale_of, format_amount
from ..policies.subscriptions import may_remove_discount
from .base import address
from .words import date_words, length_words


@dataclass(frozen=True)
class DiscountLine:
    """One discount: what it saves, by which code, and until when."""

    id: str
    saves: str
    code: str
    until: str
    #: When it is over by itself; ``None`` where that is not a day.
    end: datetime | None = None
    #: Empty where the member may not let go of it.
    remove_url: str = ""


def discounts_of(
    account: BillingAccount, subscription: Subscription
) -> list[DiscountLine]:
    """All that is at work on a subscription."""
    may_remove = bool(may_remove_discount(account, subscription))
    url = address("remove_discount", subscription.pk) if may_remove else ""
    return [
        DiscountLine(
            id=it.pk,
            saves=saves_words(it.coupon, subscription.currency),
            code=it.promotion_code.code if it.promotion_code else "",
            until=until_words(it),
            end=it.end,
            remove_url=url if it.promotion_code else "",
        )
        for it in subscription.current_discounts
    ]


def saves_words(coupon: Coupon | None, currency: str) -> str:
    """ "25% off", "€3.00 off"; its name where the coupon was not copied yet."""
    data = coupon.data if coupon else {}
    if percent := data.get("percent_off"):
        words = format_percent(
            Decimal(str(percent)) / 100,
            locale=babel_locale_of(),
            decimal_quantization=False,
        )
        return _("%(amount)s off") % {"amount": words}
    amount = _amount_off(coupon, currency) if coupon else None
    if amount is not None:
        return _("%(amount)s off") % {"amount": format_amount(amount, currency)}
    return str(coupon or _("Discount"))


def until_words(discount: Discount) -> str:
    """ "until 24 February 2027", "for good", "on the next invoice"."""
    if discount.end is not None:
        return _("until %(date)s") % {"date": date_words(discount.end)}
    return lasts_words(discount.coupon)


def lasts_words(coupon: Coupon | None) -> str:
    """ "for 3 months", "for good", "on the next invoice"."""
    data = coupon.data if coupon else {}
    if months := data.get("duration_in_months"):
        return _("for %(length)s") % {"length": length_words("month", months)}
    words = {"forever": _("for good"), "once": _("on the next invoice")}
    return words.get(data.get("duration") or "", "")


def _amount_off(coupon: Coupon, currency: str) -> int | None:
    options = coupon.on_request.get("currency_options") or {}
    amount: int | None = (options.get(currency) or {}).get("amount_off")
    if coupon.data.get("currency") == currency:
        amount = coupon.data.get("amount_off")
    return amount
