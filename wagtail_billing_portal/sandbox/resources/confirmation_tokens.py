from __future__ import annotations

from typing import Any

from wagtail_billing_portal.sandbox.billing import browsing, details, methods
from wagtail_billing_portal.sandbox.billing.fields import address, need, only_one
from wagtail_billing_portal.sandbox.billing.periods import HOUR
from wagtail_billing_portal.sandbox.contract import skeleton
from wagtail_billing_portal.sandbox.routing import operation
from wagtail_billing_portal.sandbox.store import public
from wagtail_billing_portal.sandbox.world import World

Json = dict[str, Any]

KIND = "confirmation_token"
NOT_PREVIEWED = ("id", "created", "livemode", "metadata", "object")


CHOSEN = {
    "payment_method",
    "payment_method_data",
    "return_url",
    "setup_future_usage",
    "shipping",
}


@operation("POST", "/v1/test_helpers/confirmation_tokens", handles=CHOSEN)
@operation(
    "POST",
    "/v1/confirmation_tokens",
    handles={*CHOSEN, "customer_session_client_secret"},
)
def create_confirmation_token(world: World, params: Json) -> Json:
    """What Stripe.js hands to a server that confirms: all that the payer chose."""
    only_one(params, "payment_method", "payment_method_data")
    if "payment_method_data" not in params:
        need(params, "payment_method")
        method = methods.known(world, params["payment_method"])
        secret = params.get("customer_session_client_secret")
        browsing.check_chosen(world, method, secret)
    else:
        data = params["payment_method_data"]
        method = details.from_params(world, data, param="payment_method_data")
    token = {
        **skeleton(KIND),
        "id": world.new_id("ctoken_"),
        "created": world.now,
        "expires_at": world.now + 12 * HOUR,
        "payment_method_preview": {
            name: value
            for name, value in public(method).items()
            if name not in NOT_PREVIEWED
        },
        "return_url": params.get("return_url"),
        "setup_future_usage": params.get("setup_future_usage"),
        "shipping": _shipping(params.get("shipping")),
        "use_stripe_sdk": True,
        "_sandbox": {"payment_method": method["id"]},
    }
    return world.add(token)


@operation("GET", "/v1/confirmation_tokens/{token}")
def retrieve_confirmation_token(world: World, params: Json, token: str) -> Json:
    return world.get(KIND, token)


def _shipping(sent: Json | None) -> Json | None:
    if not sent:
        return None
    phone = sent.get("phone") or None
    return {"address": address(sent["address"]), "name": sent["name"], "phone": phone}
