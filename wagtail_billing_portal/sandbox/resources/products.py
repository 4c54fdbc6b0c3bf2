from __future__ import annotations

from typing import Any

from wagtail_billing_portal.sandbox.billing import catalog
from wagtail_billing_portal.sandbox.billing.fields import assign
from wagtail_billing_portal.sandbox.errors import InvalidRequest
from wagtail_billing_portal.sandbox.routing import operation
from wagtail_billing_portal.sandbox.world import World

Json = dict[str, Any]

_FIELDS = (*catalog.PRODUCT_FIELDS, *catalog.PRODUCT_LISTS)


@operation(
    "POST",
    "/v1/products",
    handles={"id", "name", "metadata", "default_price_data", "type", *_FIELDS},
)
def create_product(world: World, params: Json) -> Json:
    """Something to sell; ``default_price_data`` makes its first price too."""
    product = catalog.create_product(world, params)
    if data := params.get("default_price_data"):
        price = catalog.create_price(
            world, {**data, "product": product["id"]}, path="default_price_data"
        )
        product["default_price"] = price["id"]
        product = world.save(product, "product.updated")
    return product


@operation("GET", "/v1/products/{id}")
def retrieve_product(world: World, params: Json, id: str) -> Json:
    return world.get("product", id)


@operation(
    "POST",
    "/v1/products/{id}",
    handles={"name", "metadata", "default_price", *_FIELDS},
)
def update_product(world: World, params: Json, id: str) -> Json:
    """Change what is shown; whoever bought it keeps it."""
    product = world.get("product", id)
    if price_id := params.get("default_price"):
        price = world.get("price", price_id, param="default_price")
        if price["product"] != id:
            raise InvalidRequest(
                f"The price {price_id} does not belong to the product {id}.",
                param="default_price",
            )
    assign(product, params, ("name", "default_price"))
    catalog.write_product(product, params)
    product["updated"] = world.now
    return world.save(product, "product.updated")


@operation("GET", "/v1/products", handles={"active", "ids", "shippable", "url"})
def list_products(world: World, params: Json) -> Json:
    equals = {name: params[name] for name in ("active", "shippable") if name in params}
    if "ids" in params:
        equals["id"] = params["ids"]
    if "url" in params:
        equals["url"] = params["url"]
    return world.list("product", params, **equals)


@operation("DELETE", "/v1/products/{id}")
def delete_product(world: World, params: Json, id: str) -> Json:
    product = world.get("product", id)
    if world.find("price", product=id):
        raise InvalidRequest(
            "This product cannot be deleted because it has one or more "
            "user-created prices."
        )
    return world.delete(product, "product.deleted")
