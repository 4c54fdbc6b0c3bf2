from __future__ import annotations

from typing import Any

from wagtail_billing_portal.sandbox.billing import tax_ids
from wagtail_billing_portal.sandbox.billing.fields import need, supported_value
from wagtail_billing_portal.sandbox.errors import ResourceMissing
from wagtail_billing_portal.sandbox.pagination import page
from wagtail_billing_portal.sandbox.routing import expander, operation
from wagtail_billing_portal.sandbox.world import World

Json = dict[str, Any]


@operation("POST", "/v1/tax_ids", handles={"owner", "type", "value"})
def create_tax_id(world: World, params: Json) -> Json:
    """A number of the account itself, or of the customer that ``owner`` names."""
    customer = _owner(world, params)
    return tax_ids.create(world, params["type"], params["value"], customer=customer)


@operation("GET", "/v1/tax_ids/{id}")
def retrieve_tax_id(world: World, params: Json, id: str) -> Json:
    return world.get("tax_id", id)


@operation("GET", "/v1/tax_ids", handles={"owner"})
def list_tax_ids(world: World, params: Json) -> Json:
    return world.list("tax_id", params, customer=_owner(world, params))


@operation("DELETE", "/v1/tax_ids/{id}")
def delete_tax_id(world: World, params: Json, id: str) -> Json:
    return tax_ids.delete(world, world.get("tax_id", id))


@operation("POST", "/v1/customers/{customer}/tax_ids", handles={"type", "value"})
def create_customer_tax_id(world: World, params: Json, customer: str) -> Json:
    world.get("customer", customer)
    return tax_ids.create(world, params["type"], params["value"], customer=customer)


@operation("GET", "/v1/customers/{customer}/tax_ids/{id}")
def retrieve_customer_tax_id(
    world: World, params: Json, customer: str, id: str
) -> Json:
    return _of_customer(world, customer, id)


@operation("GET", "/v1/customers/{customer}/tax_ids")
def list_customer_tax_ids(world: World, params: Json, customer: str) -> Json:
    world.get("customer", customer)
    return world.list("tax_id", params, customer=customer)


@operation("DELETE", "/v1/customers/{customer}/tax_ids/{id}")
def delete_customer_tax_id(world: World, params: Json, customer: str, id: str) -> Json:
    return tax_ids.delete(world, _of_customer(world, customer, id))


@expander("customer", "tax_ids")
def expand_tax_ids(world: World, customer: Json) -> Json:
    found = world.find("tax_id", customer=customer["id"])
    return page(found, {}, url=f"/v1/customers/{customer['id']}/tax_ids")


def _owner(world: World, params: Json) -> str | None:
    owner = params.get("owner") or {"type": "self"}
    supported_value(owner["type"], "customer", "self", param="owner[type]")
    if owner["type"] == "self":
        return None
    need(owner, "customer")
    world.get("customer", owner["customer"], param="owner[customer]")
    return str(owner["customer"])


def _of_customer(world: World, customer: str, id: str) -> Json:
    world.get("customer", customer)
    tax_id = world.get("tax_id", id)
    if tax_id["customer"] != customer:
        raise ResourceMissing("tax_id", id)
    return tax_id
