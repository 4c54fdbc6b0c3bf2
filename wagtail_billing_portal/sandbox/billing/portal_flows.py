"""Sessions of the portal that are for one thing only."""

from __future__ import annotations

from wagtail_billing_portal.sandbox.billing import (
    portal_limits,
    portal_updates,
    redemption,
    web_addresses,
)
from wagtail_billing_portal.sandbox.billing.fields import Json, need
from wagtail_billing_portal.sandbox.billing.portal_updates import Choice
from wagtail_billing_portal.sandbox.contract import skeleton
from wagtail_billing_portal.sandbox.errors import InvalidRequest
from wagtail_billing_portal.sandbox.world import World

CANCEL = "subscription_cancel"
PAUSE = "subscription_pause"
UPDATE = "subscription_update"
CONFIRM = "subscription_update_confirm"
_VERBS = {CANCEL: "canceled", PAUSE: "paused", UPDATE: "updated", CONFIRM: "updated"}
_NAMES = {CANCEL: "cancel", PAUSE: "pause", UPDATE: "update", CONFIRM: "update"}
_FEATURES = {CONFIRM: UPDATE}
_LONGEST_MESSAGE = 500


def read(world: World, params: Json, configuration: Json) -> Json | None:
    """The flow that a request asks for, if it can be gone through."""
    if (sent := params.get("flow_data")) is None:
        return None
    kind = sent["type"]
    feature = configuration["features"][_FEATURES.get(kind, kind)]
    if not feature["enabled"]:
        raise _disabled(kind)
    blank = skeleton("billing_portal.session", "flow")
    flow = dict.fromkeys(blank) | {
        "after_completion": _after_completion(sent.get("after_completion")),
        "type": kind,
    }
    if kind not in _VERBS:
        if kind == "customer_update":
            flow[kind] = {}
        return flow
    need(sent, kind)
    wish = sent[kind]
    subscription = _subscription(world, params["customer"], kind, wish)
    match kind:
        case "subscription_cancel":
            flow[kind] = _cancel(world, subscription, wish)
        case "subscription_pause":
            flow[kind] = _pause(subscription)
        case "subscription_update":
            _check_updatable(world, subscription, UPDATE)
            flow[kind] = {"subscription": subscription["id"]}
        case _:
            _check_updatable(world, subscription, CONFIRM)
            flow[kind] = _confirm(world, subscription, feature, wish)
    return flow


def choice_of(subscription: Json, confirm: Json) -> Choice:
    """What a flow wants to be confirmed."""
    item = portal_updates.item_of(subscription)
    wish = confirm["items"][0]
    quantity = wish["quantity"]
    return Choice(
        price=wish["price"] or item["price"]["id"],
        quantity=item["quantity"] if quantity is None else quantity,
        discounts=[
            {name: value for name, value in one.items() if value}
            for one in confirm["discounts"] or []
        ],
    )


def _after_completion(sent: Json | None) -> Json:
    sent = sent or {"type": "portal_homepage"}
    kind, path = sent["type"], "flow_data[after_completion]"
    if kind == "redirect":
        need(sent, "redirect")
        url = sent["redirect"]["return_url"]
        web_addresses.check(url, param=f"{path}[redirect][return_url]")
    confirmation = {"custom_message": None, **sent.get("hosted_confirmation", {})}
    if len(confirmation["custom_message"] or "") > _LONGEST_MESSAGE:
        raise InvalidRequest(
            f"`custom_message` may have at most {_LONGEST_MESSAGE} characters.",
            param=f"{path}[hosted_confirmation][custom_message]",
        )
    return {
        "hosted_confirmation": confirmation if kind == "hosted_confirmation" else None,
        "redirect": sent["redirect"] if kind == "redirect" else None,
        "type": kind,
    }


def _subscription(world: World, customer: str, kind: str, wish: Json) -> Json:
    param = f"flow_data[{kind}][subscription]"
    subscription = world.get("subscription", wish["subscription"], param=param)
    if subscription["customer"] != customer:
        raise InvalidRequest(
            f"The subscription {subscription['id']} does not belong to the customer "
            f"{customer}.",
            param=param,
        )
    return subscription


def _cancel(world: World, subscription: Json, wish: Json) -> Json:
    if subscription["cancel_at"] is not None:
        raise InvalidRequest(
            f"The subscription {subscription['id']} is already set to be canceled at "
            "period end.",
            param=f"flow_data[{CANCEL}][subscription]",
        )
    if why := portal_limits.why_not_cancel(world, subscription):
        raise _impossible(CANCEL, why)
    retention = wish.get("retention")
    if retention:
        need(retention, "coupon_offer")
        coupon_id = retention["coupon_offer"]["coupon"]
        param = f"flow_data[{CANCEL}][retention][coupon_offer][coupon]"
        coupon = world.get("coupon", coupon_id, param=param)
        currency = subscription["currency"]
        redemption.check_coupon(world, coupon, currency=currency, param=param)
        retention = {
            "coupon_offer": {"coupon": coupon_id},
            "type": retention["type"],
        }
    return {"retention": retention or None, "subscription": subscription["id"]}


def _pause(subscription: Json) -> Json:
    if why := portal_limits.why_not_pause(subscription):
        raise _impossible(PAUSE, why)
    return {"subscription": subscription["id"]}


def _check_updatable(world: World, subscription: Json, kind: str) -> None:
    if why := portal_limits.why_not_update(world, subscription):
        raise _impossible(kind, why)


def _confirm(world: World, subscription: Json, feature: Json, wish: Json) -> Json:
    path = f"flow_data[{CONFIRM}]"
    sent = wish["items"]
    if len(sent) != 1:
        raise InvalidRequest(
            "You must specify exactly one subscription item to be updated.",
            param=f"{path}[items]",
        )
    item = sent[0]
    if item["id"] != portal_updates.item_of(subscription)["id"]:
        raise InvalidRequest(
            f"The subscription {subscription['id']} has no item {item['id']}.",
            param=f"{path}[items][0][id]",
            code="resource_missing",
        )
    if "price" in item:
        world.get("price", item["price"], param=f"{path}[items][0][price]")
    discounts = wish.get("discounts") or []
    if len(discounts) > 1:
        raise InvalidRequest(
            "You can only pass one discount.", param=f"{path}[discounts]"
        )
    made = {
        "discounts": [
            {name: one.get(name) for name in ("coupon", "promotion_code")}
            for one in discounts
        ]
        or None,
        "items": [{name: item.get(name) for name in ("id", "price", "quantity")}],
        "subscription": subscription["id"],
    }
    choice = choice_of(subscription, made)
    portal_updates.check(world, subscription, feature, choice)
    return made


def _disabled(kind: str) -> InvalidRequest:
    if kind not in _VERBS:
        feature = kind.replace("_", " ")
        return InvalidRequest(
            f"This flow cannot be used because the {feature} feature in the portal "
            "configuration is disabled.",
            param="flow_data[type]",
        )
    return InvalidRequest(
        f"This subscription cannot be {_VERBS[kind]} because the subscription "
        f"{_NAMES[kind]} feature in the portal configuration is disabled."
    )


def _impossible(kind: str, why: str) -> InvalidRequest:
    return InvalidRequest(
        f"This subscription cannot be {_VERBS[kind]} in the customer portal because "
        f"{why}.",
        param=f"flow_data[{kind}][subscription]",
    )
