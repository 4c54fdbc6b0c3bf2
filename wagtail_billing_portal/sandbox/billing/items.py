"""The items of subscriptions: which price, how many, until when."""

from __future__ import annotations

from wagtail_billing_portal.sandbox.billing import catalog
from wagtail_billing_portal.sandbox.billing.fields import (
    Json,
    merge_metadata,
    need,
    supported,
)
from wagtail_billing_portal.sandbox.contract import skeleton
from wagtail_billing_portal.sandbox.errors import InvalidRequest
from wagtail_billing_portal.sandbox.world import World

MOST = 20
PRICE_DATA = (
    "currency",
    "product",
    "recurring",
    "tax_behavior",
    "unit_amount",
    "unit_amount_decimal",
)


def recurring_price(world: World, sent: Json, *, param: str) -> Json:
    """The price that an item asks for; it must be on sale and repeat."""
    price = priced(world, sent, param=param)
    if price["recurring"] is None:
        raise InvalidRequest(
            "The price specified is set to `type=one_time` but this field only accepts "
            "prices with `type=recurring`.",
            param=f"{param}[price]",
        )
    return price


def priced(world: World, sent: Json, *, param: str) -> Json:
    """The price behind ``price`` or ``price_data``."""
    if data := sent.get("price_data"):
        supported(data, PRICE_DATA, param=f"{param}[price_data]")
        product_param = f"{param}[price_data][product]"
        need(data, "product")
        world.get("product", data["product"], param=product_param)
        return catalog.create_price(world, {**data, "active": False})
    if not sent.get("price"):
        raise InvalidRequest(
            f"Missing required param: {param}[price].",
            param=f"{param}[price]",
            code="parameter_missing",
        )
    price = world.get("price", sent["price"], param=f"{param}[price]")
    if not price["active"]:
        raise InvalidRequest(
            "The price specified is inactive. This field only accepts active prices.",
            param=f"{param}[price]",
        )
    return price


def common_currency(
    customer: Json | None, prices: list[Json], requested: str | None, *, param: str
) -> str:
    """The one currency that all prices can be charged in."""
    locked = customer["currency"] if customer else None
    currency = requested or locked or prices[0]["currency"]
    for index, price in enumerate(prices):
        if catalog.in_currency(price, currency) is None:
            raise _no_such_currency(
                price, currency, param=f"{param}[{index}][price]", locked=locked
            )
    return str(currency)


def check(present: list[Json], mode: str) -> None:
    """Refuse a set of items that one subscription cannot have."""
    if len(present) > MOST:
        raise InvalidRequest(
            f"A subscription can have at most {MOST} items.", param="items"
        )
    seen = set()
    for item in present:
        if item["price"]["id"] in seen:
            raise InvalidRequest(
                "Cannot add multiple subscription items with the same plan: "
                f"{item['price']['id']}",
                param="items",
            )
        seen.add(item["price"]["id"])
    if mode == "classic" and len({rhythm(item["price"]) for item in present}) > 1:
        raise InvalidRequest(
            "All prices on a subscription must have the same `recurring.interval` and "
            "`recurring.interval_count`. If you meant to update an existing "
            "subscription item instead of creating a new one, make sure to include "
            "the subscription item ID in your request.",
            param="items",
        )


def rhythm(price: Json) -> tuple[str, int]:
    """How often a price is charged."""
    recurring = price["recurring"]
    return recurring["interval"], recurring["interval_count"]


def create(
    world: World,
    subscription_id: str,
    sent: Json,
    price: Json,
    *,
    start: int,
    end: int,
) -> Json:
    """One item of a subscription, for the period that begins now."""
    item = {
        **skeleton("subscription_item"),
        "id": world.new_id("si_"),
        "created": world.now,
        "current_period_end": end,
        "current_period_start": start,
        "discounts": [],
        "plan": catalog.plan_of(price),
        "price": price,
        "quantity": quantity_of(sent, price),
        "subscription": subscription_id,
        "tax_rates": [],
    }
    merge_metadata(item, sent)
    return item


def quantity_of(sent: Json, price: Json, *, param: str = "items[0]") -> int | None:
    """How many; of what is metered, nobody can say beforehand."""
    if price["recurring"]["usage_type"] != "metered":
        return int(sent.get("quantity", 1))
    if sent.get("quantity") is not None:
        raise InvalidRequest(
            "Quantity should not be specified where usage_type is `metered`.",
            param=f"{param}[quantity]",
        )
    return None


def refresh_price(world: World, price: Json) -> None:
    """Items show their price as it is now; that is no event of the subscription."""
    for subscription in world.mentioning("subscription", price["id"]):
        shown = [
            item
            for item in subscription["items"]["data"]
            if item["price"]["id"] == price["id"]
        ]
        for item in shown:
            item.update(plan=catalog.plan_of(price), price=price)
        if shown:
            world.save(subscription)


def page_of(items: list[Json], subscription_id: str) -> Json:
    """Items as a subscription carries them."""
    return {
        "object": "list",
        "data": items,
        "has_more": False,
        "url": f"/v1/subscription_items?subscription={subscription_id}",
    }


def _no_such_currency(
    price: Json, currency: str, *, param: str, locked: str | None
) -> InvalidRequest:
    if currency == locked:
        return InvalidRequest(
            "You cannot combine currencies on a single customer. This customer has "
            "an active subscription, subscription schedule, discount, quote, or "
            f"invoice item with currency {currency}.",
            param=param,
        )
    return InvalidRequest(
        f"The price specified only supports `{price['currency']}`. This doesn't match "
        f"the expected currency: `{currency}`.",
        param=param,
    )
