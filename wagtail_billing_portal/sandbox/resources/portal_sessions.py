from __future__ import annotations

from typing import Any

from wagtail_billing_portal.sandbox.billing import portal, standing
from wagtail_billing_portal.sandbox.billing.fields import (
    need,
    supported,
    supported_value,
)
from wagtail_billing_portal.sandbox.contract import skeleton
from wagtail_billing_portal.sandbox.errors import InvalidRequest
from wagtail_billing_portal.sandbox.routing import operation
from wagtail_billing_portal.sandbox.world import World, random_text

Json = dict[str, Any]

_FLOWS = ("customer_update", "payment_method_update", "subscription_cancel")


@operation(
    "POST",
    "/v1/billing_portal/sessions",
    handles={"configuration", "customer", "flow_data", "locale", "return_url"},
)
def create_session(world: World, params: Json) -> Json:
    """An address that lets its bearer into the hosted portal for a short while."""
    need(params, "customer")
    world.get("customer", params["customer"], param="customer")
    configuration = portal.configuration_for(world, params.get("configuration"))
    return_url = params.get("return_url") or configuration["default_return_url"]
    if not return_url:
        raise InvalidRequest(
            "The `return_url` parameter is required when the portal configuration has "
            "no `default_return_url`.",
            param="return_url",
            code="parameter_missing",
        )
    token = random_text(48)
    session = {
        **skeleton("billing_portal.session"),
        "id": world.new_id("bps_"),
        "configuration": configuration["id"],
        "created": world.now,
        "customer": params["customer"],
        "flow": _flow(world, params, configuration),
        "locale": params.get("locale"),
        "return_url": return_url,
        "url": world.url(f"/portal/{token}/"),
    }
    page = {
        "id": token,
        "object": portal.PAGE,
        "expires_at": world.now + portal.UNUSED_LIFETIME,
        "session": session,
    }
    world.add(page)
    world.emit("billing_portal.session.created", session)
    return session


def _flow(world: World, params: Json, configuration: Json) -> Json | None:
    if (sent := params.get("flow_data")) is None:
        return None
    kind = sent["type"]
    supported_value(kind, *_FLOWS, param="flow_data[type]")
    if not configuration["features"][kind]["enabled"]:
        raise InvalidRequest(
            f"Cannot create a session with a `{kind}` flow: the feature is disabled in "
            f"the portal configuration {configuration['id']}.",
            param="flow_data[type]",
        )
    blank = skeleton("billing_portal.session", "flow")
    flow = dict.fromkeys(blank) | {
        "after_completion": _after_completion(sent.get("after_completion")),
        "type": kind,
    }
    if kind == "subscription_cancel":
        flow["subscription_cancel"] = _cancel(world, params["customer"], sent)
    return flow


def _after_completion(sent: Json | None) -> Json:
    sent = sent or {"type": "portal_homepage"}
    kind = sent["type"]
    if kind == "redirect":
        need(sent, "redirect")
    confirmation = {"custom_message": None, **sent.get("hosted_confirmation", {})}
    return {
        "hosted_confirmation": confirmation if kind == "hosted_confirmation" else None,
        "redirect": sent["redirect"] if kind == "redirect" else None,
        "type": kind,
    }


def _cancel(world: World, customer: str, sent: Json) -> Json:
    need(sent, "subscription_cancel")
    wish = sent["subscription_cancel"]
    path = "flow_data[subscription_cancel]"
    supported(wish, {"subscription"}, param=path)
    param = f"{path}[subscription]"
    subscription = world.get("subscription", wish["subscription"], param=param)
    if subscription["customer"] != customer:
        raise InvalidRequest(
            f"The subscription {subscription['id']} does not belong to the customer "
            f"{customer}.",
            param=param,
        )
    ending = subscription["cancel_at"] is not None
    if subscription["status"] in standing.ENDED or ending:
        raise InvalidRequest(
            "The subscription cannot be canceled because it is already set to be "
            "canceled.",
            param=param,
        )
    return {"retention": None, "subscription": subscription["id"]}
