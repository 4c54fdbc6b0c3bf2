from __future__ import annotations

from typing import Any

from wagtail_billing_portal.sandbox.billing.fields import need
from wagtail_billing_portal.sandbox.contract import skeleton
from wagtail_billing_portal.sandbox.errors import InvalidRequest
from wagtail_billing_portal.sandbox.routing import operation
from wagtail_billing_portal.sandbox.world import World, random_text

Json = dict[str, Any]

KIND = "customer_session"
LASTS = 30 * 60
FEATURES: dict[str, Json] = {
    "customer_sheet": {
        "payment_method_allow_redisplay_filters": ["always"],
        "payment_method_remove": "disabled",
    },
    "mobile_payment_element": {
        "payment_method_allow_redisplay_filters": ["always"],
        "payment_method_redisplay": "disabled",
        "payment_method_remove": "disabled",
        "payment_method_save": "disabled",
        "payment_method_save_allow_redisplay_override": None,
    },
    "payment_element": {
        "payment_method_allow_redisplay_filters": ["always"],
        "payment_method_redisplay": "disabled",
        "payment_method_redisplay_limit": 3,
        "payment_method_remove": "disabled",
        "payment_method_save": "disabled",
        "payment_method_save_usage": None,
    },
}


@operation("POST", "/v1/customer_sessions", handles={"components", "customer"})
def create_customer_session(world: World, params: Json) -> Json:
    """Let a browser act for a customer for half an hour, within limits."""
    need(params, "customer")
    world.get("customer", params["customer"], param="customer")
    sent = params["components"]
    if not any(component["enabled"] for component in sent.values()):
        raise InvalidRequest(
            "At least one component has to be enabled.", param="components"
        )
    components = skeleton(KIND, "components")
    for name in components:
        components[name] = _component(name, sent.get(name, {"enabled": False}))
    secret = f"cuss_secret_{random_text(48)}"
    session = {
        **skeleton(KIND),
        "client_secret": secret,
        "components": components,
        "created": world.now,
        "customer": params["customer"],
        "expires_at": world.now + LASTS,
    }
    world.add({**session, "id": secret, "object": "_customer_session"})
    return session


def _component(name: str, sent: Json) -> Json:
    shown: Json = {"enabled": sent["enabled"]}
    if name in FEATURES:
        features = {**FEATURES[name], **sent.get("features", {})}
        shown["features"] = features if sent["enabled"] else None
    return shown
