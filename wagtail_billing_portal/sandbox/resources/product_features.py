from __future__ import annotations

from typing import Any

from wagtail_billing_portal.sandbox.contract import skeleton
from wagtail_billing_portal.sandbox.errors import InvalidRequest, ResourceMissing
from wagtail_billing_portal.sandbox.routing import operation
from wagtail_billing_portal.sandbox.world import World

Json = dict[str, Any]

_KIND = "product_feature"


@operation("POST", "/v1/products/{product}/features", handles={"entitlement_feature"})
def attach_feature(world: World, params: Json, product: str) -> Json:
    """Let whoever subscribes to a product use a feature, from the next change on."""
    world.get("product", product)
    feature_id = params["entitlement_feature"]
    feature = world.get("entitlements.feature", feature_id, param="entitlement_feature")
    if not feature["active"]:
        raise InvalidRequest(
            f"The feature {feature_id} is archived.", param="entitlement_feature"
        )
    if any(
        link["entitlement_feature"]["id"] == feature_id for link in _of(world, product)
    ):
        raise InvalidRequest(
            f"The feature {feature_id} is attached to the product {product} already.",
            param="entitlement_feature",
            code="resource_already_exists",
        )
    link = {
        **skeleton(_KIND),
        "id": world.new_id("prodft_"),
        "entitlement_feature": feature,
        "_sandbox": {"product": product},
    }
    return world.add(link)


@operation("GET", "/v1/products/{product}/features/{id}")
def retrieve_product_feature(world: World, params: Json, product: str, id: str) -> Json:
    return _link(world, product, id)


@operation("GET", "/v1/products/{product}/features")
def list_product_features(world: World, params: Json, product: str) -> Json:
    world.get("product", product)
    return world.list(_KIND, params, _sandbox__product=product)


@operation("DELETE", "/v1/products/{product}/features/{id}")
def detach_feature(world: World, params: Json, product: str, id: str) -> Json:
    return world.delete(_link(world, product, id))


def _of(world: World, product: str) -> list[Json]:
    return world.find(_KIND, _sandbox__product=product)


def _link(world: World, product: str, id: str) -> Json:
    world.get("product", product)
    link = world.get(_KIND, id)
    if link["_sandbox"]["product"] != product:
        raise ResourceMissing(_KIND, id)
    return link
