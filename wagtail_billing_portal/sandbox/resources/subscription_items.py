from __future__ import annotations

from typing import Any

from wagtail_billing_portal.sandbox.billing.fields import need
from wagtail_billing_portal.sandbox.errors import ResourceMissing
from wagtail_billing_portal.sandbox.pagination import page
from wagtail_billing_portal.sandbox.routing import operation
from wagtail_billing_portal.sandbox.world import World

Json = dict[str, Any]


@operation("GET", "/v1/subscription_items/{item}")
def retrieve_subscription_item(world: World, params: Json, item: str) -> Json:
    for subscription in world.find("subscription"):
        for found in subscription["items"]["data"]:
            if found["id"] == item:
                return dict(found)
    raise ResourceMissing("subscription_item", item)


@operation("GET", "/v1/subscription_items", handles={"subscription"})
def list_subscription_items(world: World, params: Json) -> Json:
    need(params, "subscription")
    subscription_id = params["subscription"]
    subscription = world.get("subscription", subscription_id, param="subscription")
    return page(subscription["items"]["data"], params, url=world.path)
