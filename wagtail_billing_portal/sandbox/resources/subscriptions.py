from __future__ import annotations

from typing import Any

from wagtail_billing_portal.sandbox.billing import (
    changes,
    discounts,
    leaving,
    lifecycle,
    migrating,
    pausing,
    standing,
    terms,
)
from wagtail_billing_portal.sandbox.billing.cancellation import write_details
from wagtail_billing_portal.sandbox.billing.fields import (
    need,
    only_one,
    supported_value,
)
from wagtail_billing_portal.sandbox.errors import InvalidRequest, ResourceMissing
from wagtail_billing_portal.sandbox.pagination import is_within, page
from wagtail_billing_portal.sandbox.routing import operation
from wagtail_billing_portal.sandbox.world import World

Json = dict[str, Any]

_WITHIN = {
    "automatic_tax",
    "current_period_end",
    "current_period_start",
    "plan",
    "price",
}
_STATUSES = (
    "active",
    "canceled",
    "incomplete",
    "incomplete_expired",
    "past_due",
    "paused",
    "trialing",
    "unpaid",
)


@operation(
    "POST",
    "/v1/subscriptions",
    handles={
        *terms.FIELDS,
        "add_invoice_items",
        "backdate_start_date",
        "billing_cycle_anchor",
        "billing_cycle_anchor_config",
        "billing_mode",
        "cancel_at",
        "cancel_at_period_end",
        "currency",
        "customer",
        "items",
        "off_session",
        "payment_behavior",
        "proration_behavior",
        "trial_end",
        "trial_from_plan",
        "trial_period_days",
    },
)
def create_subscription(world: World, params: Json) -> Json:
    """Subscribe a customer; without ``default_incomplete`` it is charged at once."""
    supported_value(
        params.get("payment_behavior", "allow_incomplete"),
        "allow_incomplete",
        "default_incomplete",
        "error_if_incomplete",
        param="payment_behavior",
    )
    if "customer" not in params:
        raise InvalidRequest(
            "Missing required param: customer.",
            param="customer",
            code="parameter_missing",
        )
    return lifecycle.create(world, params)


@operation("GET", "/v1/subscriptions/{subscription_exposed_id}")
def retrieve_subscription(
    world: World, params: Json, subscription_exposed_id: str
) -> Json:
    return world.get("subscription", subscription_exposed_id)


@operation(
    "POST",
    "/v1/subscriptions/{subscription_exposed_id}",
    handles=changes.HANDLES,
)
def update_subscription(
    world: World, params: Json, subscription_exposed_id: str
) -> Json:
    """Change what is subscribed to, how it is paid, or until when it runs."""
    subscription = world.get("subscription", subscription_exposed_id)
    said = {name: params.pop(name) for name in ("plan", "quantity") if name in params}
    if said:
        for name in said:
            only_one(params | said, "items", name)
        params["items"] = [_only_item(subscription, said)]
    return changes.update(world, subscription, params)


def _only_item(subscription: Json, said: Json) -> Json:
    """What programs say of a subscription that they know to be to one plan."""
    held = subscription["items"]["data"]
    if len(held) > 1:
        names = " and ".join(f"`{name}`" for name in said)
        raise InvalidRequest(
            f"This subscription has several items: say in `items` which one {names} "
            "is for.",
            param=next(iter(said)),
        )
    item = {"id": held[0]["id"]}
    if "plan" in said:
        item["price"] = said["plan"]
    if (quantity := said.get("quantity")) is not None:
        if not quantity.isdecimal():
            raise InvalidRequest(
                f"Invalid integer: {quantity}",
                code="parameter_invalid_integer",
                param="quantity",
            )
        item["quantity"] = int(quantity)
    return item


@operation(
    "DELETE",
    "/v1/subscriptions/{subscription_exposed_id}",
    handles={"cancellation_details", "invoice_now", "prorate"},
)
def cancel_subscription(
    world: World, params: Json, subscription_exposed_id: str
) -> Json:
    """End it now; nothing is refunded."""
    subscription = world.get("subscription", subscription_exposed_id)
    if subscription["status"] in standing.ENDED:
        raise ResourceMissing("subscription", subscription_exposed_id)
    write_details(world, subscription, params)
    return leaving.leave(
        world,
        subscription,
        prorate=params.get("prorate", False),
        invoice_now=params.get("invoice_now", False),
    )


@operation("DELETE", "/v1/subscriptions/{subscription_exposed_id}/discount")
def delete_subscription_discount(
    world: World, params: Json, subscription_exposed_id: str
) -> Json:
    """Take the discount off; what it already took off stays taken off."""
    subscription = world.get("subscription", subscription_exposed_id)
    ids = subscription["discounts"]
    if not ids:
        raise InvalidRequest(
            f"No active discount for subscription: {subscription_exposed_id}",
            code="resource_missing",
            status=404,
        )
    discounts.drop(world, ids)
    subscription["discounts"] = []
    standing.save(world, subscription)
    return world.get("discount", ids[-1])


@operation(
    "POST",
    "/v1/subscriptions/{subscription}/pause",
    handles={"bill_for", "invoicing_behavior", "type"},
)
def pause_subscription(world: World, params: Json, subscription: str) -> Json:
    """Stop billing and providing; unused time is given back unless told otherwise."""
    return pausing.pause(world, world.get("subscription", subscription), params)


@operation(
    "POST",
    "/v1/subscriptions/{subscription}/resume",
    handles={
        "billing_cycle_anchor",
        "payment_behavior",
        "proration_behavior",
        "proration_date",
    },
)
def resume_subscription(world: World, params: Json, subscription: str) -> Json:
    """Run again; with an invoice to pay, only once that is settled."""
    return pausing.resume(world, world.get("subscription", subscription), params)


@operation(
    "POST",
    "/v1/subscriptions/{subscription}/migrate",
    handles={"billing_mode"},
)
def migrate_subscription(world: World, params: Json, subscription: str) -> Json:
    """Go over from classic to flexible billing; there is no way back."""
    need(params, "billing_mode")
    found = world.get("subscription", subscription)
    return migrating.to_flexible(world, found, params["billing_mode"])


@operation(
    "GET",
    "/v1/subscriptions",
    handles={
        "automatic_tax",
        "collection_method",
        "current_period_end",
        "current_period_start",
        "customer",
        "plan",
        "price",
        "status",
        "test_clock",
    },
)
def list_subscriptions(world: World, params: Json) -> Json:
    """Without ``status`` those that have ended are left out."""
    equals: Json = {"status": _wanted(params.get("status"))}
    for name in ("collection_method", "customer", "test_clock"):
        if name in params:
            equals[name] = params[name]
    if not set(params) & _WITHIN:
        return world.list("subscription", params, **equals)
    if not {"customer", "test_clock"} & set(equals):
        equals["test_clock"] = None
    found = world.find("subscription", **equals)
    wanted = [one for one in found if _fits(one, params)]
    return page(wanted, params, url=world.path)


def _fits(subscription: Json, params: Json) -> bool:
    tax = params.get("automatic_tax")
    if tax and subscription["automatic_tax"]["enabled"] != tax["enabled"]:
        return False
    held = subscription["items"]["data"]
    prices = {item["price"]["id"] for item in held}
    if {params[name] for name in ("plan", "price") if name in params} - prices:
        return False
    moments = {
        "created": subscription["created"],
        "current_period_end": min(item["current_period_end"] for item in held),
        "current_period_start": max(item["current_period_start"] for item in held),
    }
    return all(is_within(moments[name], params.get(name)) for name in moments)


def _wanted(status: str | None) -> list[str]:
    if status == "all":
        return list(_STATUSES)
    if status == "ended":
        return list(standing.ENDED)
    if status:
        return [status]
    return [one for one in _STATUSES if one != "canceled"]
