from __future__ import annotations

from typing import Any

from wagtail_billing_portal.sandbox.contract import skeleton
from wagtail_billing_portal.sandbox.errors import InvalidRequest
from wagtail_billing_portal.sandbox.routing import operation
from wagtail_billing_portal.sandbox.world import World

Json = dict[str, Any]

KIND = "billing.feedback_option"


@operation("POST", "/v1/billing/feedback_options", handles={"description"})
def create_feedback_option(world: World, params: Json) -> Json:
    """A reason for leaving in the seller's own words."""
    option = {
        **skeleton(KIND),
        "id": world.new_id("fdbk_"),
        "description": params["description"],
        "status": "active",
    }
    return world.add(option)


@operation("GET", "/v1/billing/feedback_options/{id}")
def retrieve_feedback_option(world: World, params: Json, id: str) -> Json:
    return world.get(KIND, id)


@operation("POST", "/v1/billing/feedback_options/{id}", handles={"description"})
def update_feedback_option(world: World, params: Json, id: str) -> Json:
    option = world.get(KIND, id)
    option["description"] = params.get("description", option["description"])
    return world.save(option)


@operation("POST", "/v1/billing/feedback_options/{id}/deactivate")
def deactivate_feedback_option(world: World, params: Json, id: str) -> Json:
    """Offer it no more; what was said stays said."""
    option = world.get(KIND, id)
    if option["status"] == "inactive":
        raise InvalidRequest("This feedback option is already inactive.")
    option.update(status="inactive", status_transitions={"deactivated_at": world.now})
    return world.save(option)


@operation("GET", "/v1/billing/feedback_options", handles={"status"})
def list_feedback_options(world: World, params: Json) -> Json:
    equals = {"status": params["status"]} if "status" in params else {}
    return world.list(KIND, params, **equals)
