from __future__ import annotations

from typing import Any

from wagtail_billing_portal.sandbox.billing import (
    portal,
    portal_features,
    web_addresses,
)
from wagtail_billing_portal.sandbox.billing.fields import (
    assign,
    merge_metadata,
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
    web_addresses.check(params.get("default_return_url"), param="default_return_url")
    assign(configuration, params, ("default_return_url", "name"))
    if profile := params.get("business_profile"):
        merged = dict(configuration["business_profile"])
        assign(merged, profile, _PROFILE)
        for name in ("privacy_policy_url", "terms_of_service_url"):
            web_addresses.check(merged[name], param=f"business_profile[{name}]")
        configuration["business_profile"] = merged
    if login_page := params.get("login_page"):
        enabled = bool(login_page["enabled"])
        portal.write_login_page(world, configuration, enabled=enabled)
    portal_features.write(world, configuration, params.get("features", {}))
    merge_metadata(configuration, params)
