"""What a unit, a package or a step of a price costs, in a member's words."""

from __future__ import annotations

from decimal import Decimal

from django.utils.translation import gettext as _

from ..models import Price
from ..models.tiers import Tier
from ..money import format_count, format_rate


def unit_words(amount: Decimal, price: Price, currency: str) -> str:
    """ "€0.02 per call"; "€0.02 each" where the product does not name its unit."""
    if amount == 0:
        return _("free")
    unit = price.product.unit_label if price.product else ""
    words = {"amount": format_rate(amount, currency), "unit": unit}
    return (
        _("%(amount)s per %(unit)s") % words if unit else _("%(amount)s each") % words
    )


def tier_words(tier: Tier, price: Price, currency: str) -> str:
    """ "€0.02 each", "a flat €5.00", "a flat €5.00, and €0.02 each"."""
    if tier.flat is None:
        return unit_words(tier.unit or Decimal(0), price, currency)
    flat = _("a flat %(amount)s") % {"amount": format_rate(tier.flat, currency)}
    if not tier.unit:
        return flat
    words = {"flat": flat, "each": unit_words(tier.unit, price, currency)}
    return _("%(flat)s, and %(each)s") % words


def package_words(amount: Decimal, size: int, currency: str) -> str:
    """ "€4.00 for every 100": what is sold by the hundred."""
    words = {"amount": format_rate(amount, currency), "size": format_count(size)}
    return _("%(amount)s for every %(size)s") % words


def range_words(tier: Tier, *, in_all: bool = False) -> str:
    """ "The first 2,000", "2,001 to 10,000", "From 10,001 on".

    ``in_all``: where all units cost what their number says, instead of each its own.
    """
    first = format_count(tier.above + 1)
    words = {"first": first, "last": format_count(tier.up_to or 0)}
    if tier.up_to is None:
        if not tier.above:
            return _("All")
        return (_("%(first)s or more") if in_all else _("From %(first)s on")) % words
    if not tier.above:
        return (_("Up to %(last)s") if in_all else _("The first %(last)s")) % words
    return _("%(first)s to %(last)s") % words


def rates_of(price: Price, currency: str) -> list[str]:
    """What it costs, step by step: "The first 2,000: €0.02 each", ...

    One entry where all units cost the same, none where Stripe does not say.
    """
    if tiers := price.tiers_in(currency):
        return [_tier_line(tier, price, currency) for tier in tiers]
    each = price.unit_amount_in(currency)
    if each is None:
        return []
    if packing := price.packing:
        return [package_words(each, packing["divide_by"], currency)]
    return [unit_words(each, price, currency)]


def _tier_line(tier: Tier, price: Price, currency: str) -> str:
    words = {
        "range": range_words(tier, in_all=price.is_by_volume),
        "rate": tier_words(tier, price, currency),
    }
    return _("%(range)s: %(rate)s") % words
