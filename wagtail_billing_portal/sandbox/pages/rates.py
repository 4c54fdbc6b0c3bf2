"""What prices cost, in words: by the unit, and for as many as are had."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext

from wagtail_billing_portal.sandbox.billing import amounts
from wagtail_billing_portal.sandbox.pages.money import format_amount
from wagtail_billing_portal.sandbox.pages.words import rate

Json = dict[str, Any]


def unit_of(price: Json, currency: str) -> str:
    """What one costs; where that depends on how many, what the first one does."""
    amount = format_amount(amounts.unit_amount(price, currency), currency)
    if price["billing_scheme"] == "tiered":
        return gettext("from %(amount)s") % {"amount": amount}
    return amount


def rate_of(price: Json, currency: str, quantity: int | None = 1) -> str:
    """A price with its rhythm: "2 × €12.00 a month"."""
    every = rate(unit_of(price, currency), price["recurring"])
    return every if quantity in (None, 1) else f"{quantity} × {every}"
