"""Prices and what is derived from them."""

from __future__ import annotations

from wagtail_billing_portal.sandbox.billing import pricing
from wagtail_billing_portal.sandbox.billing.fields import (
    Json,
    assign,
    merge_metadata,
    supported,
)
from wagtail_billing_portal.sandbox.contract import skeleton
from wagtail_billing_portal.sandbox.world import World

INLINE_FIELDS = (
    "billing_scheme",
    "currency",
    "currency_options",
    "custom_unit_amount",
    "product",
    "recurring",
    "tax_behavior",
    "tiers",
    "tiers_mode",
    "transform_quantity",
    "unit_amount",
    "unit_amount_decimal",
    "metadata",
)


PRODUCT_FIELDS = (
    "active",
    "description",
    "package_dimensions",
    "shippable",
    "statement_descriptor",
    "tax_code",
    "unit_label",
    "url",
)
PRODUCT_DATA = {
    "active",
    "id",
    "metadata",
    "name",
    "statement_descriptor",
    "tax_code",
    "unit_label",
}
PRODUCT_LISTS = ("images", "marketing_features")


def create_product(world: World, params: Json) -> Json:
    """A product from its parameters."""
    product = {
        **skeleton("product"),
        "id": params.get("id") or world.new_id("prod_"),
        "active": True,
        "created": world.now,
        "images": [],
        "marketing_features": [],
        "name": params["name"],
        "type": params.get("type", "service"),
        "updated": world.now,
    }
    write_product(product, params)
    return world.add(product, "product.created")


def write_product(product: Json, params: Json) -> None:
    """Put what was sent into a product."""
    assign(product, params, PRODUCT_FIELDS)
    for name in PRODUCT_LISTS:
        if name in params:
            product[name] = params[name] or []
    merge_metadata(product, params)


def create_price(world: World, params: Json, *, path: str = "") -> Json:
    """A price from its parameters, which may be nested under ``path``."""
    fields = {*INLINE_FIELDS, "active", "id", "nickname", "lookup_key"}
    supported(params, fields, param=path)
    recurring = params.get("recurring")
    price = {
        **skeleton("price"),
        "id": params.get("id") or world.new_id("price_"),
        "active": params.get("active", True),
        "created": world.now,
        "currency": params["currency"].lower(),
        "lookup_key": params.get("lookup_key"),
        "nickname": params.get("nickname"),
        "product": params["product"],
        "recurring": pricing.recurring(world, recurring) if recurring else None,
        "tax_behavior": params.get("tax_behavior", "unspecified"),
        "type": "recurring" if recurring else "one_time",
        **pricing.scheme(params),
    }
    price["_sandbox"] = {"currency_options": pricing.options(price, params)}
    merge_metadata(price, params)
    price = world.add(price, "price.created")
    if recurring:
        world.emit("plan.created", plan_of(price))
    return price


def plan_of(price: Json) -> Json:
    """The legacy twin that subscription items still carry."""
    same = ("active", "billing_scheme", "created", "currency", "id", "livemode")
    recurring, transform = price["recurring"], price["transform_quantity"]
    return {
        **skeleton("plan"),
        **{name: price[name] for name in (*same, "nickname", "product", "tiers_mode")},
        "amount": price["unit_amount"],
        "amount_decimal": price["unit_amount_decimal"],
        "interval": recurring["interval"],
        "interval_count": recurring["interval_count"],
        "metadata": dict(price["metadata"]),
        "meter": recurring["meter"],
        "transform_usage": transform,
        "trial_period_days": recurring["trial_period_days"],
        "usage_type": recurring["usage_type"],
    }


def currency_options(price: Json) -> Json:
    """What the price costs in each currency that it is offered in."""
    options: Json = price["_sandbox"]["currency_options"]
    return options


def tiers(price: Json) -> list[Json] | None:
    """The tiers of a price in its own currency."""
    found: list[Json] | None = currency_options(price)[price["currency"]].get("tiers")
    return found


def in_currency(price: Json, currency: str | None) -> str | None:
    """The currency to charge in, or ``None`` when the price has it not."""
    if currency is None:
        return str(price["currency"])
    return currency if currency in currency_options(price) else None


def update_currency_options(price: Json, params: Json) -> None:
    """Add or change the price in other currencies."""
    if "currency_options" in params:
        options = currency_options(price)
        added = pricing.other_options(params)
        price["_sandbox"]["currency_options"] = {**options, **added}
