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
from .savings import savings_of
from .words import amount_words, date_words, length_words


@dataclass(frozen=True)
class DiscountLine:
    """One discount: what it saves, by which code, and until when."""

    id: str
    saves: str
    code: str
    until: str
    #: When it is over by itself; ``None`` where that is not a day.
    end: datetime | None = None
    #: The same in money, where that is exact: "That saves €3.00 of €12.00 a month."
    money: str = ""
    #: Empty where the member may not let go of it.
    remove_url: str = ""


def discounts_of(
    account: BillingAccount, subscription: Subscription
) -> list[DiscountLine]:
    """All that is at work on a subscription."""
    may_remove = bool(may_remove_discount(account, subscription))
    url = address("remove_discount", subscription.pk) if may_remove else ""
    savings = savings_of(subscription)
    return [
        DiscountLine(
            id=it.pk,
            saves=saves_words(it.coupon, subscription.currency),
            code=it.promotion_code.code if it.promotion_code else "",
            until=until_words(it),
            end=it.end,
            money=_money_words(it, subscription, savings.get(it.pk)),
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
    amount = coupon.amount_off_in(currency) if coupon else None
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


def _money_words(
    discount: Discount, subscription: Subscription, saved: int | None
) -> str:
    """ "That saves €3.00 of €12.00 a month.", where its own words don't say so."""
    total, price = subscription.recurring_amount, subscription.price
    coupon, currency = discount.coupon, subscription.currency
    if not (saved and total and price and coupon):
        return ""
    if saved == coupon.amount_off_in(currency):
        return ""
    every = "" if coupon.data.get("duration") == "once" else price.interval_label
    words = {
        "saved": amount_words(saved, currency),
        "price": f"{amount_words(total, currency)} {every}".strip(),
    }
    if price.tax_behavior_in(currency) == "exclusive":
        return _("That saves %(saved)s of %(price)s, before tax.") % words
    return _("That saves %(saved)s of %(price)s.") % words
