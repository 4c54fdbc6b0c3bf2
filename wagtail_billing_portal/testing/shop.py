from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from ..mirror.backfill import backfill
from .stripe_side import StripeSide

INTERVALS: tuple[Literal["month", "year"], ...] = ("month", "year")


@dataclass(frozen=True)
class Shop:
    """What the seeded world sells: ids at Stripe, mirrored on the site."""

    reader: str
    """Reader, 5.00 a month."""
    reader_yearly: str
    """Reader, 50.00 a year."""
    supporter: str
    """Supporter, 12.00 a month."""
    supporter_yearly: str
    """Supporter, 120.00 a year."""
    team: str
    """Bakery team, 4.00 a seat and month."""
    coupon: str
    """A quarter off, for three months."""
    promotion_code: str
    """The code WELCOME, which redeems the coupon."""


def open_shop(stripe_side: StripeSide) -> Shop:
    """Fill an empty world: three products, five prices in euros, a code to redeem."""
    reader, reader_yearly = _plan(stripe_side, "Reader", 500, 5000)
    supporter, supporter_yearly = _plan(stripe_side, "Supporter", 1200, 12000)
    [team] = _plan(stripe_side, "Bakery team", 400)
    v1 = stripe_side.client.v1
    coupon = v1.coupons.create(
        {"percent_off": 25, "duration": "repeating", "duration_in_months": 3}
    ).id
    code = v1.promotion_codes.create(
        {"promotion": {"type": "coupon", "coupon": coupon}, "code": "WELCOME"}
    ).id
    list(backfill(stripe_side.alias, only=["product", "price"]))
    # The site has read it all, so that no event of it is news.
    for event in stripe_side.waiting():
        stripe_side.lose(event)
    return Shop(reader, reader_yearly, supporter, supporter_yearly, team, coupon, code)


def _plan(stripe_side: StripeSide, product: str, *amounts: int) -> list[str]:
    """Prices of one product: the first by the month, the second by the year."""
    v1 = stripe_side.client.v1
    made = v1.products.create({"name": product})
    return [
        v1.prices.create(
            {
                "product": made.id,
                "unit_amount": amount,
                "currency": "eur",
                "recurring": {"interval": interval},
                "tax_behavior": "inclusive",
            }
        ).id
        for amount, interval in zip(amounts, INTERVALS, strict=False)
    ]
