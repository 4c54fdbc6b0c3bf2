"""What a checkout session offers: its line items and what they come to."""

from __future__ import annotations

from wagtail_billing_portal.sandbox.billing import amounts, catalog, items, lines
from wagtail_billing_portal.sandbox.billing.fields import (
    Json,
    merge_metadata,
    need,
    supported,
)
from wagtail_billing_portal.sandbox.contract import skeleton
from wagtail_billing_portal.sandbox.errors import InvalidRequest
from wagtail_billing_portal.sandbox.world import World

_FIELDS = ("adjustable_quantity", "metadata", "price", "price_data", "quantity")
_PRODUCT_FIELDS = ("description", "images", "metadata", "name", "tax_code")


def prices_of(world: World, sent: list[Json], *, mode: str) -> list[Json]:
    """The prices that the line items name, fit for the session's mode."""
    prices = [
        _price(world, one, param=f"line_items[{index}]")
        for index, one in enumerate(sent)
    ]
    recurring = [price["recurring"] is not None for price in prices]
    if mode == "subscription" and not all(recurring):
        if any(recurring):
            raise InvalidRequest(
                "The sandbox does not support one-time prices beside recurring ones "
                "in `subscription` mode yet.",
                param="line_items",
            )
        raise InvalidRequest(
            "You must provide at least one recurring price in `subscription` mode "
            "when using prices.",
            param="line_items",
        )
    if mode == "payment" and any(recurring):
        raise InvalidRequest(
            "You specified `payment` mode but passed a recurring price. Either switch "
            "to `subscription` mode or use only one-time prices.",
            param="mode",
        )
    return prices


def line_item(
    world: World, sent: Json, price: Json, currency: str, *, free: bool
) -> Json:
    """One line of the offer."""
    quantity = sent.get("quantity", 1)
    amount = 0 if free else amounts.line_amount(price, currency, quantity)
    item = {
        **skeleton("item"),
        "id": world.new_id("li_"),
        "amount_discount": 0,
        "amount_subtotal": amount,
        "amount_tax": 0,
        "amount_total": amount,
        "currency": currency,
        "description": lines.product_name(world, price),
        "price": price,
        "quantity": quantity,
    }
    merge_metadata(item, sent)
    return item


def _price(world: World, sent: Json, *, param: str) -> Json:
    supported(sent, _FIELDS, param=param)
    if (sent.get("adjustable_quantity") or {}).get("enabled"):
        supported(sent, set(_FIELDS) - {"adjustable_quantity"}, param=param)
    data = sent.get("price_data")
    if data and "product_data" in data:
        path = f"{param}[price_data]"
        supported(data, {*items.PRICE_DATA, "product_data"}, param=path)
        product = data["product_data"]
        supported(product, _PRODUCT_FIELDS, param=f"{path}[product_data]")
        need(product, "name")
        made = catalog.create_product(world, {**product, "active": False})
        rest = {name: value for name, value in data.items() if name != "product_data"}
        sent = {**sent, "price_data": {**rest, "product": made["id"]}}
    return items.priced(world, sent, param=param)
