"""Dates and prices in a member's words."""

from __future__ import annotations

from datetime import date, datetime
from typing import Literal

from babel.core import Locale
from babel.dates import format_date
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from ..models import Price
from ..models.catalog import interval_words
from ..money import babel_locale_of, format_amount

TAX_WORDS = {
    "inclusive": gettext_lazy("tax included"),
    "exclusive": gettext_lazy("plus tax"),
}
EACH_INTERVAL = {
    "day": gettext_lazy("Daily"),
    "week": gettext_lazy("Weekly"),
    "month": gettext_lazy("Monthly"),
    "year": gettext_lazy("Yearly"),
}


def date_words(
    value: date | datetime | None, style: Literal["long", "medium"] = "long"
) -> str:
    """ "19 December 2026" in the active language and time zone."""
    if value is None:
        return ""
    if isinstance(value, datetime):
        value = timezone.localtime(value).date()
    return format_date(value, format=style, locale=_date_locale())


def interval_title(interval: str, count: int) -> str:
    """ "Monthly", "Every 3 months": an interval that stands by itself."""
    if count == 1:
        return str(EACH_INTERVAL.get(interval, ""))
    words = interval_words(interval, count)
    return words[:1].upper() + words[1:]


def tax_words(price: Price | None) -> str:
    """Whether tax is in the price; empty where Stripe was not told."""
    return str(TAX_WORDS.get(price.tax_behavior, "")) if price else ""


def amount_words(amount: int | None, currency: str, *, short: bool = False) -> str:
    """ "€12.00"; for a price without a fixed amount, how it comes about."""
    if amount is None:
        return _("Depends on use")
    if amount == 0 and short:
        return _("Free")
    return format_amount(amount, currency, short=short)


def _date_locale() -> Locale:
    """Plain English is the world's: the day comes first."""
    locale = babel_locale_of()
    return Locale("en", "001") if str(locale) == "en" else locale
