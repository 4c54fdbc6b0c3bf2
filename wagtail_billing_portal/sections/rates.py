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


def range_words(tier: Tier) -> str:
    """ "The first 2,000", "2,001 to 10,000", "From 10,001 on"."""
    first = format_count(tier.above + 1)
    if tier.up_to is None:
        return _("From %(first)s on") % {"first": first} if tier.above else _("All")
    last = format_count(tier.up_to)
    if not tier.above:
        return _("The first %(last)s") % {"last": last}
    return _("%(first)s to %(last)s") % {"first": first, "last": last}
