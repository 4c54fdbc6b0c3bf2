"""Amounts as people read them: Stripe's exponents, Babel's spelling."""

from __future__ import annotations

import re
from decimal import Decimal

from babel import Locale, UnknownLocaleError
from babel.numbers import get_currency_precision, parse_pattern
from django.utils import translation

from wagtail_billing_portal.sandbox.currencies import exponent_of

CODE_BEFORE_DIGIT = re.compile(r"([^\W\d_])(?=\d)")


def format_amount(amount: int | Decimal, currency: str) -> str:
    """``1200, "eur"`` as "€12.00" in the active language."""
    value = Decimal(amount).scaleb(-exponent_of(currency))
    code = currency.upper()
    digits = _digits_shown(value, currency)
    locale = babel_locale()
    pattern = parse_pattern(locale.currency_formats["standard"].pattern)
    pattern.frac_prec = (digits, digits)
    text = pattern.apply(value, locale, currency=code, currency_digits=False)
    spaced = CODE_BEFORE_DIGIT.sub("\\1\N{NO-BREAK SPACE}", text)
    return spaced.replace("-", "\N{MINUS SIGN}")


def babel_locale() -> Locale:
    """The active language as Babel's locale, English when Babel has none."""
    name = translation.to_locale(translation.get_language() or "en")
    try:
        return Locale.parse(name)
    except (UnknownLocaleError, ValueError):
        return Locale.parse("en")


def _digits_shown(value: Decimal, currency: str) -> int:
    """The locale data's decimals, more when they would round something away."""
    usual = get_currency_precision(currency.upper())
    exponent = value.normalize().as_tuple().exponent
    used = -exponent if isinstance(exponent, int) else 0
    return usual if used <= usual else max(used, exponent_of(currency))
