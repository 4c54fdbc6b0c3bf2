"""Prices and what is derived from them."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from wagtail_billing_portal.sandbox.billing.amounts import plain
from wagtail_billing_portal.sandbox.billing.fields import (
    Json,
    assign,
    merge_metadata,
    only_one,
    supported,
)
from wagtail_billing_portal.sandbox.contract import skeleton
from wagtail_billing_portal.sandbox.errors import InvalidRequest
from wagtail_billing_portal.sandbox.world import World

_LONGEST = {"day": 1095, "week": 156, "month": 36, "year": 3}
_OPTION_FIELDS = ("tax_behavior", "unit_amount", "unit_amount_decimal")
INLINE_FIELDS = (
    "currency",
    "currency_options",
    "product",
    "recurring",
    "tax_behavior",
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
    supported(params, {*INLINE_FIELDS, "active", "nickname", "lookup_key"}, param=path)
    recurring = params.get("recurring")
    price = {
        **skeleton("price"),
        "id": world.new_id("price_"),
        "active": params.get("active", True),
        "billing_scheme": "per_unit",
        "created": world.now,
        "currency": params["currency"].lower(),
        "lookup_key": params.get("lookup_key"),
        "nickname": params.get("nickname"),
        "product": params["product"],
        "recurring": _recurring(recurring) if recurring else None,
        "tax_behavior": params.get("tax_behavior", "unspecified"),
        "type": "recurring" if recurring else "one_time",
        **_amount(params),
    }
    price["_sandbox"] = {"currency_options": _options(price, params)}
    merge_metadata(price, params)
    price = world.add(price, "price.created")
    if recurring:
        world.emit("plan.created", plan_of(price))
    return price


def plan_of(price: Json) -> Json:
    """The legacy twin that subscription items still carry."""
    same = ("active", "billing_scheme", "created", "currency", "id", "livemode")
    recurring = price["recurring"]
    return {
        **skeleton("plan"),
        **{name: price[name] for name in same},
        "amount": price["unit_amount"],
        "amount_decimal": price["unit_amount_decimal"],
        "interval": recurring["interval"],
        "interval_count": recurring["interval_count"],
        "metadata": dict(price["metadata"]),
        "nickname": price["nickname"],
        "product": price["product"],
        "trial_period_days": recurring["trial_period_days"],
        "usage_type": recurring["usage_type"],
    }


def currency_options(price: Json) -> Json:
    """What the price costs in each currency that it is offered in."""
    options: Json = price["_sandbox"]["currency_options"]
    return options


def in_currency(price: Json, currency: str | None) -> str | None:
    """The currency to charge in, or ``None`` when the price has it not."""
    if currency is None:
        return str(price["currency"])
    return currency if currency in currency_options(price) else None


def update_currency_options(price: Json, params: Json) -> None:
    """Add or change the price in other currencies."""
    if "currency_options" in params:
        options = currency_options(price)
        price["_sandbox"]["currency_options"] = {**options, **_others(params)}


def _options(price: Json, params: Json) -> Json:
    own = {
        "custom_unit_amount": None,
        "tax_behavior": price["tax_behavior"],
        "unit_amount": price["unit_amount"],
        "unit_amount_decimal": price["unit_amount_decimal"],
    }
    return {price["currency"]: own, **_others(params)}


def _others(params: Json) -> Json:
    others = {}
    for currency, option in (params.get("currency_options") or {}).items():
        path = f"currency_options[{currency}]"
        supported(option, _OPTION_FIELDS, param=path)
        others[currency.lower()] = {
            "custom_unit_amount": None,
            "tax_behavior": option.get("tax_behavior", "unspecified"),
            **_amount(option),
        }
    return others


def _amount(params: Json) -> Json:
    only_one(params, "unit_amount", "unit_amount_decimal")
    sent: Any = params.get("unit_amount", params.get("unit_amount_decimal"))
    if sent is None:
        raise InvalidRequest(
            "You must specify either `unit_amount` or `unit_amount_decimal`.",
            param="unit_amount",
            code="parameter_missing",
        )
    exact = Decimal(str(sent))
    if exact < 0:
        raise InvalidRequest(
            "This value must be greater than or equal to 0.",
            param="unit_amount",
            code="parameter_invalid_integer",
        )
    whole = exact == exact.to_integral_value()
    return {
        "unit_amount": int(exact) if whole else None,
        "unit_amount_decimal": plain(exact),
    }


def _recurring(params: Json) -> Json:
    supported(
        params,
        {"interval", "interval_count", "usage_type", "trial_period_days"},
        param="recurring",
    )
    if params.get("usage_type", "licensed") != "licensed":
        supported({"usage_type": None}, (), param="recurring")
    count = params.get("interval_count", 1)
    if not 1 <= count <= _LONGEST[params["interval"]]:
        raise InvalidRequest(
            "Invalid `recurring[interval_count]`: the longest interval is three years.",
            param="recurring[interval_count]",
        )
    return {
        "interval": params["interval"],
        "interval_count": count,
        "meter": None,
        "trial_period_days": params.get("trial_period_days"),
        "usage_type": "licensed",
    }
