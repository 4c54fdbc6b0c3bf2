"""Amounts as Stripe's error messages write them."""

from __future__ import annotations

from wagtail_billing_portal.sandbox.currencies import exponent_of

SYMBOLS = {"usd": "$", "eur": "€", "gbp": "£", "jpy": "¥", "aud": "A$", "cad": "CA$"}


def spelled(amount: int, currency: str) -> str:
    """``€12.01``, ``¥500``, ``CHF 3.00``."""
    places = exponent_of(currency)
    whole, part = divmod(amount, 10**places)
    decimals = f".{part:0{places}d}" if places else ""
    return f"{SYMBOLS.get(currency, currency.upper() + ' ')}{whole:,}{decimals}"
