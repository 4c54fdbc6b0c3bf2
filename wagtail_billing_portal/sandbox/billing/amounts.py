"""Arithmetic on money: whole minor units, rounded half up."""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from wagtail_billing_portal.sandbox.currencies import exponent_of


def whole(amount: Decimal) -> int:
    """To the nearest minor unit, halves away from zero."""
    return int(amount.quantize(Decimal(1), rounding=ROUND_HALF_UP))


def share(amount: int, *, part: int, of: int) -> int:
    """``amount`` for ``part`` seconds out of ``of``."""
    return whole(Decimal(amount) * part / of)


def plain(amount: Decimal) -> str:
    """A decimal as the API writes it: no exponent, no trailing zeros."""
    text = format(amount, "f")
    return text.rstrip("0").rstrip(".") if "." in text else text


def unit_amount(price: dict[str, Any], currency: str) -> Decimal:
    """What one unit of a price costs in ``currency``."""
    option = price["_sandbox"]["currency_options"][currency]
    return Decimal(option["unit_amount_decimal"])


def line_amount(price: dict[str, Any], currency: str, quantity: int) -> int:
    """What ``quantity`` units of a price cost in ``currency``."""
    return whole(unit_amount(price, currency) * quantity)


def display(amount: int, currency: str) -> str:
    """An amount inside an English sentence, as invoice lines carry it."""
    digits = exponent_of(currency)
    number = Decimal(amount).scaleb(-digits)
    symbol = {"eur": "€", "gbp": "£", "jpy": "¥", "usd": "$"}.get(currency)
    text = f"{number:.{digits}f}"
    return f"{symbol}{text}" if symbol else f"{currency.upper()} {text}"
