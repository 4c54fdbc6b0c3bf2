from __future__ import annotations

from typing import Any

from wagtail_billing_portal.sandbox.billing import payment_links
from wagtail_billing_portal.sandbox.pagination import page
from wagtail_billing_portal.sandbox.routing import expander, operation
from wagtail_billing_portal.sandbox.world import World

Json = dict[str, Any]


@operation("POST", "/v1/payment_links", handles=payment_links.PARAMS)
def create_payment_link(world: World, params: Json) -> Json:
    return payment_links.create(world, params)


@operation("GET", "/v1/payment_links/{payment_link}")
def retrieve_payment_link(world: World, params: Json, payment_link: str) -> Json:
    return world.get(payment_links.KIND, payment_link)


@operation("GET", "/v1/payment_links", handles={"active"})
def list_payment_links(world: World, params: Json) -> Json:
    equals = {"active": params["active"]} if "active" in params else {}
    return world.list(payment_links.KIND, params, **equals)


@operation(
    "POST",
    "/v1/payment_links/{payment_link}",
    handles={*payment_links.CHANGEABLE, "active"},
)
def update_payment_link(world: World, params: Json, payment_link: str) -> Json:
    """Change a link for those who open it from now on."""
    link = world.get(payment_links.KIND, payment_link)
    payment_links.write(link, params)
    return world.save(link, "payment_link.updated")


@operation("GET", "/v1/payment_links/{payment_link}/line_items")
def list_line_items(world: World, params: Json, payment_link: str) -> Json:
    link = world.get(payment_links.KIND, payment_link)
    return page(link["_sandbox"]["line_items"], params, url=world.path)


@expander(payment_links.KIND, "line_items")
def expand_line_items(world: World, link: Json) -> Json:
    stored = world.get(payment_links.KIND, link["id"])
    url = f"/v1/payment_links/{link['id']}/line_items"
    return page(stored["_sandbox"]["line_items"], {}, url=url)
