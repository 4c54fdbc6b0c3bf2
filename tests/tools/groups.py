"""Plan groups as an editor sets them up."""

from __future__ import annotations

from tests.tools.shop import the_settings
from wagtail_billing_portal.models import GroupedPrice, PlanGroup


def group(
    *prices: str, minimum: int = 1, maximum: int = 1, are_extras: bool = False
) -> PlanGroup:
    """A group of these prices, each with the same bounds."""
    made = PlanGroup.objects.create(
        settings=the_settings(), name="Plans", are_extras=are_extras
    )
    for place, price in enumerate(prices):
        GroupedPrice.objects.create(
            group=made,
            price_id=price,
            minimum=minimum,
            maximum=maximum,
            sort_order=place,
        )
    return made
