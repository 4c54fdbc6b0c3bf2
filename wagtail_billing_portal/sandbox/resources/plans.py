"""Plans: what recurring prices were called before, still spoken by older programs."""

from __future__ import annotations

from typing import Any

from wagtail_billing_portal.sandbox.billing import catalog, items
from wagtail_billing_portal.sandbox.billing.fields import (
    assign,
    merge_metadata,
    need,
    supported,
)
from wagtail_billing_portal.sandbox.errors import ResourceMissing
from wagtail_billing_portal.sandbox.routing import operation
from wagtail_billing_portal.sandbox.world import World, tombstone

Json = dict[str, Any]

_RHYTHM = ("interval", "interval_count", "meter", "trial_period_days", "usage_type")
_SAME = ("active", "billing_scheme", "id", "metadata", "nickname", "tiers_mode")


@operation(
    "POST",
    "/v1/plans",
    handles={
        "amount",
        "amount_decimal",
        "currency",
        "product",
        "tiers",
        "transform_usage",
        *_RHYTHM,
        *_SAME,
    },
)
def create_plan(world: World, params: Json) -> Json:
    """A recurring price by its old name; both names lead to the same row."""
    need(params, "product")
    product = params["product"]
    if isinstance(product, dict):
        supported(product, catalog.PRODUCT_DATA, param="product")
        product = catalog.create_product(world, product)["id"]
    else:
        world.get("product", product, param="product")
    order = {
        **{name: params[name] for name in (*_SAME, "tiers") if name in params},
        "currency": params["currency"],
        "product": product,
        "recurring": {name: params[name] for name in _RHYTHM if name in params},
    }
    old_names = {
        "amount": "unit_amount",
        "amount_decimal": "unit_amount_decimal",
        "transform_usage": "transform_quantity",
    }
    order |= {new: params[old] for old, new in old_names.items() if old in params}
    return catalog.plan_of(catalog.create_price(world, order))


@operation("GET", "/v1/plans/{plan}")
def retrieve_plan(world: World, params: Json, plan: str) -> Json:
    return catalog.plan_of(_price_of(world, plan))


@operation(
    "POST",
    "/v1/plans/{plan}",
    handles={"active", "metadata", "nickname", "product", "trial_period_days"},
)
def update_plan(world: World, params: Json, plan: str) -> Json:
    """Change its labels; what it costs stays for ever."""
    price = _price_of(world, plan)
    before = catalog.plan_of(price)
    assign(price, params, ("active", "nickname"))
    if "product" in params:
        world.get("product", params["product"], param="product")
        price["product"] = params["product"]
    if "trial_period_days" in params:
        days = params["trial_period_days"] or None
        price["recurring"] = {**price["recurring"], "trial_period_days": days}
    merge_metadata(price, params)
    saved = world.save(price, "price.updated")
    items.refresh_price(world, saved)
    after = catalog.plan_of(saved)
    changed = {name: old for name, old in before.items() if after[name] != old}
    if changed:
        world.emit("plan.updated", after, changed)
    return catalog.plan_of(saved)


@operation("GET", "/v1/plans", handles={"active", "product"})
def list_plans(world: World, params: Json) -> Json:
    equals = {name: params[name] for name in ("active", "product") if name in params}
    prices = world.list("price", params, type="recurring", **equals)
    return {**prices, "data": [catalog.plan_of(price) for price in prices["data"]]}


@operation("DELETE", "/v1/plans/{plan}")
def delete_plan(world: World, params: Json, plan: str) -> Json:
    """Take it off sale for good; whoever subscribed keeps it."""
    price = _price_of(world, plan)
    twin = catalog.plan_of(price)
    world.delete(price, "price.deleted")
    world.emit("plan.deleted", twin)
    return tombstone(twin)


def _price_of(world: World, plan: str) -> Json:
    found = world.find("price", id=plan, type="recurring")
    if not found:
        raise ResourceMissing("plan", plan)
    return found[0]
