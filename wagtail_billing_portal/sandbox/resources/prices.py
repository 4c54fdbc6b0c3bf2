from __future__ import annotations

from typing import Any

from wagtail_billing_portal.sandbox.billing import catalog, items
from wagtail_billing_portal.sandbox.billing.fields import (
    assign,
    merge_metadata,
    need,
    only_one,
    supported,
)
from wagtail_billing_portal.sandbox.errors import InvalidRequest
from wagtail_billing_portal.sandbox.routing import expander, operation
from wagtail_billing_portal.sandbox.world import World

Json = dict[str, Any]


@operation(
    "POST",
    "/v1/prices",
    handles={
        "active",
        "lookup_key",
        "nickname",
        "product_data",
        "transfer_lookup_key",
        *catalog.INLINE_FIELDS,
    },
)
def create_price(world: World, params: Json) -> Json:
    """What a product costs, once or per interval; its amount never changes."""
    params = dict(params)
    only_one(params, "product", "product_data")
    if data := params.pop("product_data", None):
        supported(data, catalog.PRODUCT_DATA, param="product_data")
        params["product"] = catalog.create_product(world, data)["id"]
    need(params, "product")
    world.get("product", params["product"], param="product")
    _claim_lookup_key(world, params)
    params.pop("transfer_lookup_key", None)
    return catalog.create_price(world, params)


@operation("GET", "/v1/prices/{id}")
def retrieve_price(world: World, params: Json, id: str) -> Json:
    return world.get("price", id)


@operation(
    "POST",
    "/v1/prices/{id}",
    handles={
        "active",
        "currency_options",
        "lookup_key",
        "metadata",
        "nickname",
        "tax_behavior",
        "transfer_lookup_key",
    },
)
def update_price(world: World, params: Json, id: str) -> Json:
    """Change its labels, or retire it by ``active=false``."""
    price = world.get("price", id)
    before = price["tax_behavior"]
    if before not in ("unspecified", params.get("tax_behavior", before)):
        raise InvalidRequest(
            "You cannot change the tax behavior of a price once it is set.",
            param="tax_behavior",
        )
    if params.get("lookup_key") != price["lookup_key"]:
        _claim_lookup_key(world, params)
    assign(price, params, ("active", "lookup_key", "nickname", "tax_behavior"))
    catalog.update_currency_options(price, params)
    merge_metadata(price, params)
    saved = world.save(price, "price.updated")
    items.refresh_price(world, saved)
    if saved["recurring"]:
        world.emit("plan.updated", catalog.plan_of(saved), {})
    return saved


@operation(
    "GET",
    "/v1/prices",
    handles={"active", "currency", "lookup_keys", "product", "recurring", "type"},
)
def list_prices(world: World, params: Json) -> Json:
    same = ("active", "currency", "product", "type")
    equals = {name: params[name] for name in same if name in params}
    if "lookup_keys" in params:
        equals["lookup_key"] = params["lookup_keys"]
    recurring = params.get("recurring", {})
    equals |= {f"recurring__{name}": value for name, value in recurring.items()}
    return world.list("price", params, **equals)


@expander("price", "tiers")
def expand_tiers(world: World, price: Json) -> list[Json] | None:
    return catalog.tiers(world.get("price", price["id"]))


@expander("price", "currency_options")
def expand_currency_options(world: World, price: Json) -> Json:
    stored = world.get("price", price["id"])
    return catalog.currency_options(stored)


def _claim_lookup_key(world: World, params: Json) -> None:
    key = params.get("lookup_key")
    for holder in world.find("price", lookup_key=key) if key else []:
        if not params.get("transfer_lookup_key"):
            raise InvalidRequest(
                f"A price (`{holder['id']}`) already uses that lookup key.",
                param="lookup_key",
                code="resource_already_exists",
            )
        holder["lookup_key"] = None
        world.save(holder, "price.updated")
