from __future__ import annotations

from typing import Any

from wagtail_billing_portal.sandbox.billing.fields import assign, merge_metadata
from wagtail_billing_portal.sandbox.contract import skeleton
from wagtail_billing_portal.sandbox.errors import InvalidRequest
from wagtail_billing_portal.sandbox.routing import operation
from wagtail_billing_portal.sandbox.world import World

Json = dict[str, Any]

_KIND = "entitlements.feature"
_LONGEST_NAME = 80


@operation(
    "POST", "/v1/entitlements/features", handles={"lookup_key", "metadata", "name"}
)
def create_feature(world: World, params: Json) -> Json:
    """Something that a customer may use, known to the site by its lookup key."""
    _check_lengths(params)
    key = params["lookup_key"]
    if world.find(_KIND, lookup_key=key, active=True):
        raise InvalidRequest(
            f"A feature with the lookup key '{key}' exists already.",
            param="lookup_key",
            code="resource_already_exists",
        )
    feature = {
        **skeleton(_KIND),
        "id": world.new_id("feat_test_"),
        "active": True,
        "lookup_key": key,
        "name": params["name"],
    }
    merge_metadata(feature, params)
    return world.add(feature)


@operation("GET", "/v1/entitlements/features/{id}")
def retrieve_feature(world: World, params: Json, id: str) -> Json:
    return world.get(_KIND, id)


@operation(
    "POST", "/v1/entitlements/features/{id}", handles={"active", "metadata", "name"}
)
def update_feature(world: World, params: Json, id: str) -> Json:
    """Rename it, or archive it for good; products show it as it is now."""
    feature = world.get(_KIND, id)
    if not feature["active"]:
        raise InvalidRequest(f"The feature {id} is archived and cannot be changed.")
    _check_lengths(params)
    assign(feature, params, ("active", "name"))
    merge_metadata(feature, params)
    for link in world.find("product_feature", entitlement_feature__id=id):
        world.save({**link, "entitlement_feature": feature})
    return world.save(feature)


@operation("GET", "/v1/entitlements/features", handles={"archived", "lookup_key"})
def list_features(world: World, params: Json) -> Json:
    equals: Json = {}
    if "archived" in params:
        equals["active"] = not params["archived"]
    if "lookup_key" in params:
        equals["lookup_key"] = params["lookup_key"]
    return world.list(_KIND, params, **equals)


def _check_lengths(params: Json) -> None:
    for name in ("lookup_key", "name"):
        if len(params.get(name, "")) > _LONGEST_NAME:
            raise InvalidRequest(
                f"Invalid string: {name} is longer than {_LONGEST_NAME} characters.",
                param=name,
            )
