"""What a customer session lets a browser see: the customer's saved ways to pay."""

from __future__ import annotations

from wagtail_billing_portal.sandbox.billing.fields import Json
from wagtail_billing_portal.sandbox.errors import InvalidRequest
from wagtail_billing_portal.sandbox.world import World

KIND = "_customer_session"


def session_of(world: World, secret: str) -> Json:
    """The customer session with this secret, as long as it lasts."""
    found = world.find(KIND, id=secret)
    if not found or found[0]["expires_at"] <= world.now:
        raise InvalidRequest(
            "The customer session client secret provided is unknown or has expired.",
            param="customer_session_client_secret",
        )
    return found[0]


def customer_of(
    world: World, secret: str | None, *, kinds: list[str], owner: str | None
) -> Json | None:
    """The customer and what of theirs may be shown in a payment element."""
    if secret is None:
        return None
    session = session_of(world, secret)
    if owner is not None and owner != session["customer"]:
        raise InvalidRequest(
            "The customer of the customer session is not the one of the intent.",
            param="customer_session_client_secret",
        )
    customer = world.get("customer", session["customer"])
    return {
        "customer_session": {
            "components": session["components"],
            "customer": session["customer"],
        },
        "default_payment_method": customer["invoice_settings"][
            "default_payment_method"
        ],
        "payment_methods": _saved(world, session, kinds),
    }


def check_chosen(world: World, method: Json, secret: str | None) -> None:
    """Refuse a browser that names somebody's payment method without a session."""
    owner = method["customer"]
    known = secret and session_of(world, secret)["customer"]
    if world.is_browser and owner and owner != known:
        raise InvalidRequest(
            f"The payment method {method['id']} belongs to a Customer. Its customer "
            "session is needed to choose it.",
            param="payment_method",
        )


def _saved(world: World, session: Json, kinds: list[str]) -> list[Json]:
    element = session["components"]["payment_element"]
    features = element["features"] if element["enabled"] else None
    if not features or features["payment_method_redisplay"] != "enabled":
        return []
    shown = features["payment_method_allow_redisplay_filters"]
    found = [
        method
        for method in world.find("payment_method", customer=session["customer"])
        if method["type"] in kinds and method["allow_redisplay"] in shown
    ]
    return found[: features["payment_method_redisplay_limit"]]
