"""What customers may use: the features of the products they subscribe to."""

from __future__ import annotations

from wagtail_billing_portal.sandbox.billing.fields import Json
from wagtail_billing_portal.sandbox.contract import skeleton
from wagtail_billing_portal.sandbox.world import World

_ENTITLING = ("active", "trialing", "past_due")
_KIND = "entitlements.active_entitlement"
_MOST_IN_AN_EVENT = 10


def refresh(world: World, customer_id: str) -> None:
    """Bring a customer's entitlements in line with their subscriptions.

    Call it whenever a subscription was saved; it tells the endpoints of a change.
    """
    if not world.find("entitlements.feature"):
        return
    held = {
        active["feature"]: active
        for active in world.find(_KIND, _sandbox__customer=customer_id)
    }
    features = _features(world, customer_id)
    lost = [active for id, active in held.items() if id not in features]
    gained = [feature for id, feature in features.items() if id not in held]
    for active in lost:
        world.delete(active)
    for feature in gained:
        world.add(_active(world, customer_id, feature))
    if lost or gained:
        _announce(world, customer_id)


def _features(world: World, customer_id: str) -> dict[str, Json]:
    subscriptions = world.find("subscription", customer=customer_id, status=_ENTITLING)
    products = {
        item["price"]["product"]
        for subscription in subscriptions
        for item in subscription["items"]["data"]
    }
    attached = [
        link
        for link in reversed(world.find("product_feature"))
        if link["_sandbox"]["product"] in products
    ]
    return {
        link["entitlement_feature"]["id"]: link["entitlement_feature"]
        for link in attached
    }


def _active(world: World, customer_id: str, feature: Json) -> Json:
    return {
        **skeleton(_KIND),
        "id": world.new_id("ent_test_"),
        "feature": feature["id"],
        "lookup_key": feature["lookup_key"],
        "_sandbox": {"customer": customer_id},
    }


def _announce(world: World, customer_id: str) -> None:
    url = f"/v1/customer/{customer_id}/entitlements"
    found = world.find(_KIND, _sandbox__customer=customer_id)
    summary = {
        **skeleton("entitlements.active_entitlement_summary"),
        "customer": customer_id,
        "entitlements": {
            "object": "list",
            "data": found[:_MOST_IN_AN_EVENT],
            "has_more": len(found) > _MOST_IN_AN_EVENT,
            "url": url,
        },
    }
    world.emit("entitlements.active_entitlement_summary.updated", summary)
