"""How much discounts take off, and from which lines."""

from __future__ import annotations

from decimal import Decimal

from wagtail_billing_portal.sandbox.billing.fields import Json
from wagtail_billing_portal.sandbox.billing.rounding import allocate, whole


def reduction_by(coupon: Json, amount: int, currency: str) -> int:
    """What one coupon takes off ``amount``; of a credit it takes a part back."""
    if coupon["percent_off"] is not None:
        return whole(Decimal(str(coupon["percent_off"])) * amount / 100)
    off = off_in(coupon, currency) or 0
    return min(off, amount) if amount >= 0 else max(-off, amount)


def off_in(coupon: Json, currency: str) -> int | None:
    """The fixed amount that a coupon takes off in a currency, if it has it."""
    if coupon["amount_off"] is not None and coupon["currency"] == currency:
        return int(coupon["amount_off"])
    option = (coupon.get("_sandbox") or {}).get("currency_options", {}).get(currency)
    return int(option["amount_off"]) if option else None


def applies_to(coupon: Json, product: str | None) -> bool:
    """Whether a coupon is good for a product."""
    products = (coupon.get("_sandbox") or {}).get("products")
    return not products or product in products


def take_off(lines: list[Json], discount: Json, coupon: Json, currency: str) -> None:
    """Share one discount over lines, after those that came before it."""
    fitting = [line for line in lines if _fits(line, coupon)]
    left = [_left(line) for line in fitting]
    off = reduction_by(coupon, sum(left), currency)
    for line, amount in zip(fitting, allocate(off, left), strict=True):
        line["discount_amounts"].append({"amount": amount, "discount": discount["id"]})


def _fits(line: Json, coupon: Json) -> bool:
    details = (line.get("pricing") or {}).get("price_details") or {}
    return (
        line["discountable"]
        and line["amount"] >= 0
        and applies_to(coupon, details.get("product"))
    )


def _left(line: Json) -> int:
    off = sum(taken["amount"] for taken in line["discount_amounts"])
    return int(line["amount"] - off)
