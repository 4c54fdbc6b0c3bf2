"""Dates, intervals, cards and states in words a person would use."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from babel import Locale
from babel.dates import format_date
from babel.numbers import format_percent
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from wagtail_billing_portal.sandbox.pages.money import babel_locale, format_amount

BRANDS = {
    "amex": "American Express",
    "diners": "Diners Club",
    "discover": "Discover",
    "jcb": "JCB",
    "mastercard": "Mastercard",
    "unionpay": "UnionPay",
    "visa": "Visa",
}

KINDS: dict[str, str | Promise] = {
    "acss_debit": _("Pre-authorised debit"),
    "afterpay_clearpay": "Afterpay",
    "amazon_pay": "Amazon Pay",
    "au_becs_debit": _("BECS direct debit"),
    "bacs_debit": _("Bacs direct debit"),
    "blik": "BLIK",
    "card": _("Card"),
    "cashapp": "Cash App Pay",
    "eps": "EPS",
    "fpx": "FPX",
    "ideal": "iDEAL",
    "kakao_pay": "Kakao Pay",
    "kr_card": _("Korean card"),
    "link": "Link",
    "mb_way": "MB WAY",
    "mobilepay": "MobilePay",
    "naver_pay": "Naver Pay",
    "nz_bank_account": _("New Zealand bank account"),
    "oxxo": "OXXO",
    "p24": "Przelewy24",
    "paypal": "PayPal",
    "payto": "PayTo",
    "revolut_pay": "Revolut Pay",
    "sepa_debit": _("SEPA direct debit"),
    "twint": "TWINT",
    "upi": "UPI",
    "us_bank_account": _("US bank account"),
    "wechat_pay": "WeChat Pay",
}

INVOICE_STATES: dict[str, tuple[str | Promise, str]] = {
    "draft": (_("Draft"), "quiet"),
    "open": (_("Open"), "warn"),
    "paid": (_("Paid"), "good"),
    "uncollectible": (_("Uncollectible"), "bad"),
    "void": (_("Void"), "quiet"),
}

SUBSCRIPTION_STATES: dict[str, tuple[str | Promise, str]] = {
    "active": (_("Active"), "good"),
    "trialing": (_("Trial"), "good"),
    "past_due": (_("Past due"), "bad"),
    "unpaid": (_("Unpaid"), "bad"),
    "incomplete": (_("Payment needed"), "warn"),
    "incomplete_expired": (_("Expired"), "quiet"),
    "paused": (_("Paused"), "warn"),
    "canceled": (_("Cancelled"), "quiet"),
}


def on_date(moment: int | None, *, width: str = "long") -> str:
    """Stripe's seconds as a date in the site's time zone: "19 December 2026"."""
    if moment is None:
        return ""
    when = datetime.fromtimestamp(moment, tz=UTC)
    local = timezone.localtime(when).date()
    return format_date(local, format=width, locale=_date_locale())


def period(start: int, end: int) -> str:
    """The stretch of time a line is for, one date when it has no length."""
    first, last = on_date(start, width="medium"), on_date(end, width="medium")
    return first if first == last else f"{first} – {last}"


def rate(amount: str, recurring: dict[str, Any] | None) -> str:
    """What a price costs and how often: "€12.00 a month"."""
    if not recurring:
        return amount
    count = int(recurring.get("interval_count") or 1)
    words = {
        "day": ngettext("%(amount)s a day", "%(amount)s every %(count)s days", count),
        "week": ngettext(
            "%(amount)s a week", "%(amount)s every %(count)s weeks", count
        ),
        "month": ngettext(
            "%(amount)s a month", "%(amount)s every %(count)s months", count
        ),
        "year": ngettext(
            "%(amount)s a year", "%(amount)s every %(count)s years", count
        ),
    }
    pattern: str = words[recurring["interval"]]
    return pattern % {"amount": amount, "count": count}


def duration(interval: dict[str, Any]) -> str:
    """A stretch of time: "3 months"."""
    count = int(interval.get("interval_count") or 1)
    words = {
        "day": ngettext("%(count)s day", "%(count)s days", count),
        "week": ngettext("%(count)s week", "%(count)s weeks", count),
        "month": ngettext("%(count)s month", "%(count)s months", count),
        "year": ngettext("%(count)s year", "%(count)s years", count),
    }
    pattern: str = words[interval["interval"]]
    return pattern % {"count": count}


def coupon_words(coupon: dict[str, Any]) -> str:
    """What a coupon takes off, and for how long: "20 % off for 3 months"."""
    if coupon["percent_off"] is not None:
        share = format_percent(
            coupon["percent_off"] / 100,
            locale=babel_locale(),
            decimal_quantization=False,
        )
    else:
        share = format_amount(coupon["amount_off"], coupon["currency"])
    said = {"amount": share}
    match coupon["duration"]:
        case "forever":
            return gettext("%(amount)s off every payment") % said
        case "once":
            return gettext("%(amount)s off your next payment") % said
    count = coupon["duration_in_months"]
    text = ngettext(
        "%(amount)s off for %(count)s month",
        "%(amount)s off for %(count)s months",
        count,
    )
    return text % {**said, "count": count}


def card_label(payment_method: dict[str, Any] | None) -> str:
    """A payment method the way people name it: "Visa ending 4242"."""
    if not payment_method:
        return ""
    kind: str = payment_method["type"]
    details = payment_method.get(kind) or {}
    brand = BRANDS.get(details.get("brand", ""), kind_label(kind))
    if not details.get("last4"):
        return brand
    return gettext("%(brand)s ending %(last4)s") % {
        "brand": brand,
        "last4": details["last4"],
    }


def kind_label(kind: str) -> str:
    """A kind of payment method, as people call it."""
    return str(KINDS.get(kind) or kind.replace("_", " ").capitalize())


def hinted(email: str) -> str:
    """Enough of an address for its owner: "a•••@example.com"."""
    name, _at, host = email.partition("@")
    return f"{name[:1]}•••@{host}"


def address_lines(address: dict[str, Any] | None) -> list[str]:
    """A postal address, one entry a line, empty parts left out."""
    if not address:
        return []
    town = " ".join(filter(None, (address.get("postal_code"), address.get("city"))))
    country = babel_locale().territories.get(address.get("country") or "", "")
    parts = (
        address.get("line1"),
        address.get("line2"),
        town,
        address.get("state"),
        country,
    )
    return [part for part in parts if part]


def _date_locale() -> Locale:
    """English pages are British: "19 December 2026", not "December 19, 2026"."""
    locale = babel_locale()
    return Locale("en", "GB") if str(locale) == "en" else locale
