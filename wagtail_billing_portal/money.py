"""Amounts: integers of Stripe's minor units in, words for a person out."""

from __future__ import annotations

from decimal import Decimal

from babel.core import Locale, UnknownLocaleError
from babel.numbers import format_currency, format_decimal
from django.utils.translation import get_language, to_locale
from djmoney.money import Money

# Stripe's own table, https://docs.stripe.com/currencies: CLDR's digits differ
# (ISK and UGX look whole but travel in hundredths).
ZERO_DECIMAL = frozenset(
    [
        "bif",
        "clp",
        "djf",
        "gnf",
        "jpy",
        "kmf",
        "krw",
        "mga",
        "pyg",
        "rwf",
        "vnd",
        "vuv",
        "xaf",
        "xof",
        "xpf",
    ]
)
THREE_DECIMAL = frozenset(["bhd", "jod", "kwd", "omr", "tnd"])

# The smallest charge, https://docs.stripe.com/currencies#minimum-and-maximum-charge-amounts;
# less is left to the next invoice.
SMALLEST_CHARGE = {
    **dict.fromkeys(
        ["aud", "brl", "cad", "chf", "eur", "inr", "nzd", "sgd", "usd"], 50
    ),
    "aed": 200,
    "bgn": 100,
    "czk": 1500,
    "dkk": 250,
    "gbp": 30,
    "hkd": 400,
    "huf": 17500,
    "jpy": 50,
    "mxn": 1000,
    "myr": 200,
    "nok": 300,
    "pln": 200,
    "ron": 200,
    "sek": 300,
    "thb": 1000,
}


def charged_of(amount: int, currency: str) -> int:
    """What Stripe charges of ``amount``: all of it, or nothing where it is too small."""
    return 0 if amount < SMALLEST_CHARGE.get(currency.lower(), 1) else amount


def exponent_of(currency: str) -> int:
    """How many decimals of ``currency`` Stripe's minor unit has: 0, 2 or 3."""
    code = currency.lower()
    if code in ZERO_DECIMAL:
        return 0
    return 3 if code in THREE_DECIMAL else 2


def money_of(amount: int, currency: str) -> Money:
    """``amount`` minor units as a ``Money`` in the currency's major unit."""
    return Money(Decimal(amount).scaleb(-exponent_of(currency)), currency.upper())


def format_amount(
    amount: int, currency: str, locale: str | None = None, *, short: bool = False
) -> str:
    """``1200, "eur"`` as "€12.00" in ``locale`` (Django's code; default: active).

    ``short`` drops the decimals of a round amount: "€12".
    """
    money = money_of(amount, currency)
    where = babel_locale_of(locale)
    pattern = where.currency_formats["standard"].pattern
    whole = money.amount == money.amount.to_integral_value()
    if short and whole:
        pattern = pattern.replace(".00", "")
    return format_currency(
        money.amount,
        money.currency.code,
        locale=where,
        format=pattern,
        currency_digits=not (short and whole),
    )


def format_rate(amount: Decimal, currency: str, locale: str | None = None) -> str:
    """``Decimal("0.5"), "eur"`` as "€0.005": what one unit costs, unrounded."""
    code = currency.upper()
    return format_currency(
        amount.scaleb(-exponent_of(currency)),
        code,
        locale=babel_locale_of(locale),
        decimal_quantization=False,
    )


def format_count(count: Decimal | int, locale: str | None = None) -> str:
    """``Decimal("1240.5")`` as "1,240.5": how many, unrounded."""
    where = babel_locale_of(locale)
    return format_decimal(count, locale=where, decimal_quantization=False)


def babel_locale_of(language: str | None = None) -> Locale:
    """Babel's locale for a Django language code; English for what it lacks."""
    code = to_locale(language or get_language() or "en")
    for candidate in (code, code.split("_")[0], "en"):
        try:
            return Locale.parse(candidate)
        except (UnknownLocaleError, ValueError):
            continue
    raise AssertionError("Babel always knows English.")
