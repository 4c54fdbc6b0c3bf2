from __future__ import annotations

from typing import Any

from wagtail_billing_portal.sandbox.billing import portal, portal_flows, web_addresses
from wagtail_billing_portal.sandbox.billing.fields import need
from wagtail_billing_portal.sandbox.errors import InvalidRequest
from wagtail_billing_portal.sandbox.routing import operation
from wagtail_billing_portal.sandbox.world import World

Json = dict[str, Any]


@operation(
    "POST",
    "/v1/billing_portal/sessions",
    handles={
        "after_expiration",
        "configuration",
        "customer",
        "flow_data",
        "locale",
        "return_url",
    },
)
def create_session(world: World, params: Json) -> Json:
    """An address that lets its bearer into the hosted portal for a short while."""
    need(params, "customer")
    world.get("customer", params["customer"], param="customer")
    configuration = portal.configuration_for(world, params.get("configuration"))
    web_addresses.check(params.get("return_url"), param="return_url")
    return_url = params.get("return_url") or configuration["default_return_url"]
    if not return_url:
        raise InvalidRequest(
            "The `return_url` parameter is required when the portal configuration has "
            "no `default_return_url`.",
            param="return_url",
            code="parameter_missing",
        )
    return portal.open_session(
        world,
        params["customer"],
        configuration["id"],
        after_expiration=portal.read_after_expiration(world, params),
        flow=portal_flows.read(world, params, configuration),
        locale=params.get("locale"),
        return_url=return_url,
    )
