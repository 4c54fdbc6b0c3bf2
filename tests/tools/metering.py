"""What is counted: meters, prices by use, and use."""

from __future__ import annotations

from typing import Any

from tests.tools.shop import sold, subscribed
from wagtail_billing_portal.models import Price, Subscription
from wagtail_billing_portal.testing import StripeSide

#: Two cents each up to 2,000, one cent from there to 10,000, and half a cent after.
IN_THREE_STEPS = [
    {"up_to": 2000, "unit_amount": 2},
    {"up_to": 10000, "unit_amount": 1},
    {"up_to": "inf", "unit_amount_decimal": "0.5"},
]
CALLS = "calls"


def graduated(*tiers: dict[str, Any]) -> dict[str, Any]:
    """Each unit at the price of its own step."""
    return _tiered("graduated", *tiers)


def by_volume(*tiers: dict[str, Any]) -> dict[str, Any]:
    """All units at the price of the last one."""
    return _tiered("volume", *tiers)


def in_packages(amount: int, size: int, rounded: str = "up") -> dict[str, Any]:
    """So many at once, for one amount."""
    packing = {"divide_by": size, "round": rounded}
    return {"unit_amount": amount, "transform_quantity": packing}


def a_metered_price(stripe_side: StripeSide, **terms: Any) -> Price:
    """A monthly price of what is counted as calls, mirrored."""
    (price,) = sold(stripe_side, 0, **metered(stripe_side, **terms))
    return price


def metered(stripe_side: StripeSide, **terms: Any) -> dict[str, Any]:
    """The terms of a price by use; ``unit_amount=None`` where others say the cost."""
    recurring = {
        "interval": "month",
        "usage_type": "metered",
        "meter": _meter(stripe_side),
    }
    product = {"name": "API calls", "unit_label": "call"}
    return {"recurring": recurring, "product_data": product, **terms}


def subscribed_to_calls(
    stripe_side: StripeSide, member: Any, *, params: Any = None, **terms: Any
) -> Subscription:
    """A member's subscription to what is counted, with its clock stopped."""
    stripe_side.stop_clock()
    price = a_metered_price(stripe_side, **terms)
    return subscribed(stripe_side, member, price, **(params or {}))


def use(stripe_side: StripeSide, subscription: Subscription, count: Any) -> None:
    """Count so many calls, a minute later."""
    stripe_side.advance(seconds=60)
    stripe_side.client.v1.billing.meter_events.create(
        {
            "event_name": CALLS,
            "payload": {
                "stripe_customer_id": str(subscription.customer_id),
                "value": str(count),
            },
        }
    )
    stripe_side.advance(seconds=60)


def _tiered(mode: str, *tiers: dict[str, Any]) -> dict[str, Any]:
    return {
        "unit_amount": None,
        "billing_scheme": "tiered",
        "tiers_mode": mode,
        "tiers": list(tiers),
    }


def _meter(stripe_side: StripeSide) -> str:
    meters = stripe_side.client.v1.billing.meters
    for meter in meters.list({"limit": 1}):
        return meter.id
    return meters.create(
        {
            "display_name": "Calls",
            "event_name": CALLS,
            "default_aggregation": {"formula": "sum"},
        }
    ).id
