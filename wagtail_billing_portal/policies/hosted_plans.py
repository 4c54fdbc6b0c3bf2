"""Which plans Stripe's own page can offer, and which it can't."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext_lazy as _

from ..models import GroupedPrice, PlanGroup, Price

if TYPE_CHECKING:
    from django.utils.functional import _StrOrPromise

#: Stripe's page lists no more.
MOST_PRODUCTS = 10


@dataclass(frozen=True)
class Difference:
    """What Stripe's page does otherwise than the portal, in a sentence for editors."""

    code: str
    sentence: _StrOrPromise


@dataclass(frozen=True)
class HostedPlans:
    """A plan group as far as Stripe's page has room for it."""

    #: What a portal configuration takes as ``products``.
    products: list[dict[str, Any]]
    differences: list[Difference]

    def allows(self, price: Price, quantity: int, *, held: int | None) -> bool:
        """Whether so many of a price can be had there by somebody who has ``held``."""
        listed = (it for it in self.products if price.pk in it["prices"])
        if (product := next(listed, None)) is None:
            return False
        limits = product["adjustable_quantity"]
        if not limits["enabled"]:
            return quantity == (held or 1)
        return bool(limits["minimum"] <= quantity <= limits["maximum"])

    @property
    def prices(self) -> set[str]:
        """All that one can switch to there."""
        return {price for it in self.products for price in it["prices"]}

    @property
    def has_quantities(self) -> bool:
        """Whether there is anything to count."""
        return any(it["adjustable_quantity"]["enabled"] for it in self.products)


def hosted_plans(group: PlanGroup) -> HostedPlans:
    """The group's plans in its order, and a sentence on each that is left out."""
    kept: dict[str | None, list[GroupedPrice]] = {}
    differences = []
    for plan in group.plans.all():
        price = plan.price
        if not _is_sold(price):
            # Nobody can switch to it in the portal either.
            continue
        if why := _why_not(kept, price):
            differences.append(why)
        else:
            kept.setdefault(price.product_id, []).append(plan)
    products = []
    for product, plans in kept.items():
        if any(_bounds(it) != _bounds(plans[0]) for it in plans):
            differences.append(_several_bounds(plans[0].price))
        prices = [it.price_id for it in plans]
        products.append(
            {
                "product": product,
                "prices": prices,
                "adjustable_quantity": _quantity(plans),
            }
        )
    return HostedPlans(products, differences)


def _is_sold(price: Price) -> bool:
    is_known = price.tax_behavior != "unspecified"
    return price.is_for_sale and price.is_recurring and is_known


def _why_not(
    kept: dict[str | None, list[GroupedPrice]], price: Price
) -> Difference | None:
    beside = [it.price for it in kept.get(price.product_id, [])]
    if price.is_metered:
        return Difference(
            "metered",
            _("“%(plan)s” is left out: that page lets nobody switch to metered use.")
            % {"plan": price},
        )
    if any(_rhythm(it) == _rhythm(price) for it in beside):
        return Difference(
            "one_price_an_interval",
            _("“%(plan)s” is left out: that page has one price a product and interval.")
            % {"plan": price},
        )
    if not beside and len(kept) >= MOST_PRODUCTS:
        return Difference(
            "ten_products",
            _("“%(plan)s” is left out: that page has room for %(number)s products.")
            % {"plan": price, "number": MOST_PRODUCTS},
        )
    return None


def _rhythm(price: Price) -> tuple[str, str, int]:
    return price.currency, *price.period


def _bounds(plan: GroupedPrice) -> tuple[int, int]:
    return plan.minimum, plan.maximum


def _quantity(plans: list[GroupedPrice]) -> dict[str, Any]:
    """Bounds that keep every plan's own."""
    least = max(it.minimum for it in plans)
    most = min(it.maximum for it in plans)
    if most <= least:
        return {"enabled": False}
    return {"enabled": True, "minimum": least, "maximum": most}


def _several_bounds(price: Price) -> Difference:
    return Difference(
        "several_bounds",
        _(
            "The plans of “%(product)s” differ in how many can be had; that page "
            "allows only what fits them all."
        )
        % {"product": price.product},
    )
