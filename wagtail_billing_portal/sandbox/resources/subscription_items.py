from __future__ import annotations

from typing import Any

from wagtail_billing_portal.sandbox.billing import changes, orders
from wagtail_billing_portal.sandbox.billing.fields import need, only_one
from wagtail_billing_portal.sandbox.errors import ResourceMissing
from wagtail_billing_portal.sandbox.pagination import page
from wagtail_billing_portal.sandbox.routing import operation
from wagtail_billing_portal.sandbox.world import World, tombstone

Json = dict[str, Any]


_CHARGING = {
    "off_session",
    "payment_behavior",
    "proration_behavior",
    "proration_date",
}


@operation(
    "POST",
    "/v1/subscription_items",
    handles={*_CHARGING, *orders.ITEM_FIELDS, "plan", "subscription"} - {"off_session"},
)
def create_subscription_item(world: World, params: Json) -> Json:
    """Add an item; billed like the same change to its subscription."""
    need(params, "subscription")
    subscription = world.get(
        "subscription", params["subscription"], param="subscription"
    )
    charging, wish = _parted(params)
    wish.pop("subscription")
    before = {item["id"] for item in subscription["items"]["data"]}
    changed = changes.update(world, subscription, {**charging, "items": [wish]})
    pending = changed["pending_update"] or {}
    present = [
        *changed["items"]["data"],
        *(pending.get("subscription_items") or []),
    ]
    return next(item for item in present if item["id"] not in before)


@operation("GET", "/v1/subscription_items/{item}")
def retrieve_subscription_item(world: World, params: Json, item: str) -> Json:
    return _item_in(_holder_of(world, item), item)


@operation(
    "POST",
    "/v1/subscription_items/{item}",
    handles={*_CHARGING, *orders.ITEM_FIELDS, "plan"},
)
def update_subscription_item(world: World, params: Json, item: str) -> Json:
    """Change one item; billed like the same change to its subscription."""
    return _item_in(_change(world, item, params), item)


@operation(
    "DELETE",
    "/v1/subscription_items/{item}",
    handles={*_CHARGING, "clear_usage"} - {"off_session"},
)
def delete_subscription_item(world: World, params: Json, item: str) -> Json:
    removed = _item_in(_holder_of(world, item), item)
    _change(world, item, {**params, "deleted": True})
    return tombstone(removed)


@operation("GET", "/v1/subscription_items", handles={"subscription"})
def list_subscription_items(world: World, params: Json) -> Json:
    need(params, "subscription")
    subscription_id = params["subscription"]
    subscription = world.get("subscription", subscription_id, param="subscription")
    return page(subscription["items"]["data"], params, url=world.path)


def _change(world: World, item: str, params: Json) -> Json:
    charging, wish = _parted(params)
    order = {**charging, "items": [{"id": item, **wish}]}
    return changes.update(world, _holder_of(world, item), order)


def _parted(params: Json) -> tuple[Json, Json]:
    """How the change is billed, and what is wished for the item."""
    charging = {name: value for name, value in params.items() if name in _CHARGING}
    wish = {name: value for name, value in params.items() if name not in _CHARGING}
    if "plan" in wish:
        # A plan is a price by its old name.
        only_one(wish, "plan", "price")
        wish["price"] = wish.pop("plan")
    return charging, wish


def _holder_of(world: World, item: str) -> Json:
    for subscription in world.mentioning("subscription", item):
        if any(held["id"] == item for held in subscription["items"]["data"]):
            return subscription
    raise ResourceMissing("subscription_item", item)


def _item_in(subscription: Json, item: str) -> Json:
    return next(it for it in subscription["items"]["data"] if it["id"] == item)
