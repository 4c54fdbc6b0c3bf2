"""Arithmetic on money: whole minor units, rounded half up."""

from __future__ import annotations

from decimal import Decimal

from wagtail_billing_portal.sandbox.billing import tiers
from wagtail_billing_portal.sandbox.billing.fields import Json
from wagtail_billing_portal.sandbox.billing.rounding import (
    allocate,
    plain,
    share,
    whole,
)
from wagtail_billing_portal.sandbox.currencies import exponent_of

__all__ = [
    "allocate",
    "display",
    "line_amount",
    "plain",
    "share",
    "unit_amount",
    "whole",
]


def unit_amount(price: Json, currency: str) -> Decimal:
    """What one unit costs in ``currency``: in the first tier, where there are any."""
    option = price["_sandbox"]["currency_options"][currency]
    if price["billing_scheme"] == "tiered":
        option = option["tiers"][0]
    return Decimal(option["unit_amount_decimal"] or 0)


def line_amount(price: Json, currency: str, quantity: int | Decimal) -> int:
    """What ``quantity`` units of a price cost in ``currency``."""
    return sum(part.amount for part in tiers.parts(price, currency, quantity))


def display(amount: int, currency: str) -> str:
    """An amount inside an English sentence, as invoice lines carry it."""
    digits = exponent_of(currency)
    number = Decimal(amount).scaleb(-digits)
    symbol = {"eur": "€", "gbp": "£", "jpy": "¥", "usd": "$"}.get(currency)
    text = f"{number:.{digits}f}"
    return f"{symbol}{text}" if symbol else f"{currency.upper()} {text}"
