"""What Stripe.js asks before it shows a form: how this intent can be paid."""

from __future__ import annotations

from typing import Any

from wagtail_billing_portal.sandbox.billing import attempts, browsing, kinds
from wagtail_billing_portal.sandbox.billing.fields import need
from wagtail_billing_portal.sandbox.errors import InvalidRequest
from wagtail_billing_portal.sandbox.routing import operation
from wagtail_billing_portal.sandbox.world import World, random_text

Json = dict[str, Any]

INTENTS = ("payment_intent", "setup_intent")


@operation(
    "GET",
    "/v1/elements/sessions",
    handles={
        "client_secret",
        "customer_session_client_secret",
        "deferred_intent",
        "type",
    },
)
def retrieve_elements_session(world: World, params: Json) -> Json:
    """The kinds of payment method to offer, in order, and those that are saved."""
    kind = params["type"]
    intent = _intent(world, kind, params) if kind in INTENTS else None
    offered = intent["payment_method_types"] if intent else _deferred(params)
    preference: Json = {
        "ordered_payment_method_types": offered,
        "payment_intent": None,
        "setup_intent": None,
        "type": kind,
    }
    if intent:
        preference[kind] = intent
    return {
        "customer": browsing.customer_of(
            world,
            params.get("customer_session_client_secret"),
            kinds=offered,
            owner=intent["customer"] if intent else None,
        ),
        "livemode": False,
        "object": "elements_session",
        "payment_method_preference": preference,
        "session_id": f"elements_session_{random_text(11)}",
    }


def _intent(world: World, kind: str, params: Json) -> Json:
    need(params, "client_secret")
    id, secret, _ = params["client_secret"].partition("_secret_")
    if not secret:
        raise InvalidRequest(
            "The client_secret provided is not one of an intent.",
            param="client_secret",
        )
    return attempts.check_secret(world.get(kind, id), params)


def _deferred(params: Json) -> list[str]:
    need(params, "deferred_intent")
    deferred = params["deferred_intent"]
    if deferred["mode"] != "setup":
        for name in ("amount", "currency"):
            if name not in deferred:
                raise InvalidRequest(
                    f"Missing required param: deferred_intent[{name}].",
                    code="parameter_missing",
                    param=f"deferred_intent[{name}]",
                )
    return kinds.chosen(deferred, deferred.get("currency"))
