from __future__ import annotations

from typing import Any

from wagtail_billing_portal.sandbox.billing import (
    breakdowns,
    checkout,
    checkout_sessions,
    reorders,
)
from wagtail_billing_portal.sandbox.billing.fields import merge_metadata
from wagtail_billing_portal.sandbox.errors import InvalidRequest
from wagtail_billing_portal.sandbox.pagination import page
from wagtail_billing_portal.sandbox.routing import expander, operation
from wagtail_billing_portal.sandbox.world import World

Json = dict[str, Any]

_FILTERS = ("customer", "payment_intent", "payment_link", "status", "subscription")


@operation("POST", "/v1/checkout/sessions", handles=checkout_sessions.PARAMS)
def create_session(world: World, params: Json) -> Json:
    return checkout_sessions.create(world, params)


@operation("GET", "/v1/checkout/sessions/{session}")
def retrieve_session(world: World, params: Json, session: str) -> Json:
    return world.get(checkout.KIND, session)


@operation(
    "GET",
    "/v1/checkout/sessions",
    handles={*_FILTERS, "customer_details"},
)
def list_sessions(world: World, params: Json) -> Json:
    equals = {name: params[name] for name in _FILTERS if name in params}
    if about := params.get("customer_details"):
        equals["customer_details__email"] = about["email"]
    return world.list(checkout.KIND, params, **equals)


@operation(
    "POST",
    "/v1/checkout/sessions/{session}",
    handles={"line_items", "metadata", "payment_intent_data"},
)
def update_session(world: World, params: Json, session: str) -> Json:
    """Change what an open session sells, or note something; nobody is told of it."""
    stored = world.get(checkout.KIND, session)
    if params.keys() - {"metadata"}:
        checkout.open_session(world, session)
    if "payment_intent_data" in params:
        checkout_sessions.change_payment(world, stored, params["payment_intent_data"])
    if "line_items" in params:
        reorders.reorder(world, stored, params["line_items"])
    merge_metadata(stored, params)
    return world.save(stored)


@operation("GET", "/v1/checkout/sessions/{session}/line_items")
def list_line_items(world: World, params: Json, session: str) -> Json:
    stored = world.get(checkout.KIND, session)
    return page(stored["_sandbox"]["line_items"], params, url=world.path)


@operation("POST", "/v1/checkout/sessions/{session}/expire")
def expire_session(world: World, params: Json, session: str) -> Json:
    """Take the offer back; who is on the page cannot pay any more."""
    stored = world.get(checkout.KIND, session)
    if stored["status"] != "open":
        raise InvalidRequest(
            'Only Checkout Sessions with a status in ["open"] can be expired. This '
            f"Checkout Session has a status of {stored['status']}."
        )
    return checkout.expire(world, stored)


@expander(checkout.KIND, "line_items")
def expand_line_items(world: World, session: Json) -> Json:
    stored = world.get(checkout.KIND, session["id"])
    url = f"/v1/checkout/sessions/{session['id']}/line_items"
    return page(stored["_sandbox"]["line_items"], {}, url=url)


@expander(checkout.KIND, "total_details.breakdown")
def expand_breakdown(world: World, session: Json) -> Json:
    return {
        "discounts": breakdowns.discounts_in(world, session),
        "taxes": breakdowns.taxes_in(world, session),
    }


@expander("item", "discounts")
def expand_discounts_of_item(world: World, item: Json) -> list[Json]:
    return breakdowns.discounts_in(world, item)


@expander("item", "taxes")
def expand_taxes_of_item(world: World, item: Json) -> list[Json]:
    return breakdowns.taxes_in(world, item)
