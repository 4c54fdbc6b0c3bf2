"""Dates and prices in a member's words."""

from __future__ import annotations

from datetime import date, datetime
from typing import Literal

from babel.core import Locale
from babel.dates import format_date
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from ..models import Price
from ..models.catalog import interval_words
from ..money import babel_locale_of, format_amount, format_rate
from .rates import rates_of

TAX_WORDS = {
    "inclusive": gettext_lazy("tax included"),
    "exclusive": gettext_lazy("plus tax"),
}
TAX_SENTENCES = {
    "inclusive": gettext_lazy("Prices include tax."),
    "exclusive": gettext_lazy("Tax is added to these prices."),
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


def plan_words(price: Price | None) -> str:
    """A plan and how often it is paid: "Supporter · monthly"."""
    if price is None:
        return ""
    name = str(price.product or price.pk)
    every = interval_title(price.interval, price.interval_count)
    return f"{name} · {every.lower()}" if every else name


def length_words(interval: str, count: int) -> str:
    """ "1 month", "2 weeks": so much time."""
    words = {
        "day": ngettext("%(count)s day", "%(count)s days", count),
        "week": ngettext("%(count)s week", "%(count)s weeks", count),
        "month": ngettext("%(count)s month", "%(count)s months", count),
        "year": ngettext("%(count)s year", "%(count)s years", count),
    }
    return words.get(interval, interval) % {"count": count}


def tax_words(price: Price | None, currency: str) -> str:
    """Whether tax is in the price; empty where Stripe was not told."""
    return str(TAX_WORDS.get(price.tax_behavior_in(currency), "")) if price else ""


def tax_sentence(price: Price | None, currency: str) -> str:
    """The same as a sentence, about every price on a page."""
    return str(TAX_SENTENCES.get(price.tax_behavior_in(currency), "")) if price else ""


def price_words(price: Price | None, currency: str, quantity: int = 1) -> str:
    """So many of a price, to somebody who pays in ``currency``.

    "€12.00 a month, tax included", "€12.00 a month (3 × €4.00), tax included". Where
    that depends on use, what one costs: "€0.02 per call, tax included".
    """
    if price is None:
        return ""
    total = price.amount_for(quantity, currency)
    if total is None:
        words = "; ".join(rates_of(price, currency)) or by_usage(price)
        return ", ".join(part for part in (words, tax_words(price, currency)) if part)
    each = price.unit_amount_in(currency)
    is_plain = each is not None and quantity > 1 and total == each * quantity
    words = f"{amount_words(total, currency)} {price.interval_label}".strip()
    if is_plain and each is not None:
        words += f" ({quantity} × {format_rate(each, currency)})"
    return ", ".join(part for part in (words, tax_words(price, currency)) if part)


def each_words(price: Price, currency: str) -> str:
    """What one of a price costs: "€4.00 a month"; step by step where it has steps."""
    each = price.unit_amount_in(currency)
    if each is None or price.packing:
        return "; ".join(rates_of(price, currency))
    return f"{format_rate(each, currency)} {price.interval_label}".strip()


def by_usage(price: Price) -> str:
    """That it depends on use; nothing where the amount is merely not known here."""
    return _("Depends on use") if price.is_metered else ""


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
