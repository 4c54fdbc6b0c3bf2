from __future__ import annotations

from typing import Any

from wagtail_billing_portal.sandbox.billing import sources
from wagtail_billing_portal.sandbox.billing.fields import need
from wagtail_billing_portal.sandbox.errors import InvalidRequest
from wagtail_billing_portal.sandbox.pagination import page
from wagtail_billing_portal.sandbox.routing import expander, operation
from wagtail_billing_portal.sandbox.world import World

Json = dict[str, Any]


@operation("POST", "/v1/tokens", handles={"card"})
def create_token(world: World, params: Json) -> Json:
    """Something that stands for a typed-in card, once."""
    need(params, "card")
    if not isinstance(params["card"], dict):
        raise InvalidRequest(
            "The sandbox does not support cards of connected accounts yet.",
            param="card",
        )
    return sources.create_token(world, params["card"])


@operation("GET", "/v1/tokens/{token}")
def retrieve_token(world: World, params: Json, token: str) -> Json:
    return world.get(sources.STAND_IN, token)


@operation("POST", "/v1/customers/{customer}/sources", handles={"metadata", "source"})
def create_source(world: World, params: Json, customer: str) -> Json:
    """Add a card to a customer."""
    return sources.keep(world, customer, params["source"], params.get("metadata") or {})


@operation("GET", "/v1/customers/{customer}/sources", handles={"object"})
def list_sources(world: World, params: Json, customer: str) -> Json:
    world.get("customer", customer)
    if params.get("object", "card") != "card":
        return page([], params, url=world.path)
    return world.list(sources.CARD, params, customer=customer)


@operation("GET", "/v1/customers/{customer}/sources/{source}")
def retrieve_source(world: World, params: Json, customer: str, source: str) -> Json:
    world.get("customer", customer)
    return sources.of(world, customer, source)


@operation(
    "POST",
    "/v1/customers/{customer}/sources/{source}",
    handles={*sources.ADDRESS, "exp_month", "exp_year", "metadata", "name"},
)
def update_source(world: World, params: Json, customer: str, source: str) -> Json:
    world.get("customer", customer)
    return sources.update(world, sources.of(world, customer, source), params)


@operation("DELETE", "/v1/customers/{customer}/sources/{source}")
def delete_source(world: World, params: Json, customer: str, source: str) -> Json:
    world.get("customer", customer)
    return sources.remove(world, sources.of(world, customer, source))


@expander("customer", "sources")
def expand_sources(world: World, customer: Json) -> Json:
    found = world.find(sources.CARD, customer=customer["id"])
    return page(found, {}, url=f"/v1/customers/{customer['id']}/sources")
