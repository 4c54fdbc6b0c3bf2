from __future__ import annotations

from typing import Any

from wagtail_billing_portal.sandbox.billing import portal
from wagtail_billing_portal.sandbox.billing.fields import (
    assign,
    merge_metadata,
    supported_value,
)
from wagtail_billing_portal.sandbox.errors import InvalidRequest
from wagtail_billing_portal.sandbox.routing import operation
from wagtail_billing_portal.sandbox.world import World

Json = dict[str, Any]

_FIELDS = {
    "business_profile",
    "default_return_url",
    "features",
    "login_page",
    "metadata",
    "name",
}
_PROFILE = ("headline", "privacy_policy_url", "terms_of_service_url")


@operation("POST", "/v1/billing_portal/configurations", handles=_FIELDS)
def create_configuration(world: World, params: Json) -> Json:
    """What the hosted portal offers to those who are sent there with it."""
    configuration = portal.create_configuration(world)
    _write(world, configuration, params)
    return world.add(configuration, "billing_portal.configuration.created")


@operation("GET", "/v1/billing_portal/configurations/{configuration}")
def retrieve_configuration(world: World, params: Json, configuration: str) -> Json:
    return world.get(portal.KIND, configuration)


@operation(
    "POST",
    "/v1/billing_portal/configurations/{configuration}",
    handles={*_FIELDS, "active"},
)
def update_configuration(world: World, params: Json, configuration: str) -> Json:
    stored = world.get(portal.KIND, configuration)
    if params.get("active") is False and stored["is_default"]:
        raise InvalidRequest(
            "You cannot deactivate the default configuration.", param="active"
        )
    assign(stored, params, ("active",))
    _write(world, stored, params)
    stored["updated"] = world.now
    return world.save(stored, "billing_portal.configuration.updated")


@operation("GET", "/v1/billing_portal/configurations", handles={"active", "is_default"})
def list_configurations(world: World, params: Json) -> Json:
    same = ("active", "is_default")
    equals = {name: params[name] for name in same if name in params}
    return world.list(portal.KIND, params, **equals)


def _write(world: World, configuration: Json, params: Json) -> None:
    assign(configuration, params, ("default_return_url", "name"))
    if profile := params.get("business_profile"):
        merged = dict(configuration["business_profile"])
        assign(merged, profile, _PROFILE)
        configuration["business_profile"] = merged
    if login_page := params.get("login_page"):
        enabled = login_page["enabled"]
        supported_value(enabled, False, param="login_page[enabled]")
    portal.write_features(world, configuration, params.get("features", {}))
    merge_metadata(configuration, params)
