"""How Stripe's command line completes a checkout without a browser."""

from __future__ import annotations

from typing import Any

from wagtail_billing_portal.sandbox.billing import checkout, methods
from wagtail_billing_portal.sandbox.billing.outcomes import Declined
from wagtail_billing_portal.sandbox.errors import (
    CardDeclined,
    InvalidRequest,
    ResourceMissing,
)
from wagtail_billing_portal.sandbox.routing import operation
from wagtail_billing_portal.sandbox.world import World

Json = dict[str, Any]

PAGE, SESSION = "ppage_", "cs_test_"


@operation("GET", "/v1/payment_pages/{page}", handles={"eid", "key"})
def retrieve_payment_page(world: World, params: Json, page: str) -> Json:
    return _page(_session(world, page))


@operation(
    "POST",
    "/v1/payment_pages/{page}/confirm",
    handles={
        "eid",
        "expected_amount",
        "expected_payment_method_type",
        "key",
        "payment_method",
    },
)
def confirm_payment_page(world: World, params: Json, page: str) -> Json:
    """Submit the page of a session with a payment method."""
    session = checkout.open_session(world, _session(world, page)["id"])
    _check(session, params)
    method = methods.known(world, params["payment_method"])
    wanted = params.get("expected_payment_method_type", method["type"])
    if method["type"] != wanted or wanted not in session["payment_method_types"]:
        raise InvalidRequest(
            f"The payment method type `{method['type']}` is not allowed here.",
            param="payment_method",
        )
    outcome = checkout.pay_with(world, session, method, typed={})
    if isinstance(outcome, Declined):
        raise CardDeclined(outcome.code, outcome.decline_code, outcome.message)
    return _page(_session(world, page))


def _check(session: Json, params: Json) -> None:
    expected = params.get("expected_amount")
    if expected is not None and expected != (session["amount_total"] or 0):
        raise InvalidRequest(
            "The amount of this Checkout Session is not the one that was expected.",
            param="expected_amount",
            code="checkout_amount_mismatch",
        )


def _session(world: World, page: str) -> Json:
    session_id = SESSION + page.removeprefix(PAGE).removeprefix(SESSION)
    world.follow([session_id])
    try:
        return world.get(checkout.KIND, session_id)
    except ResourceMissing as missing:
        raise ResourceMissing("payment_page", page) from missing


def _page(session: Json) -> Json:
    group = None
    if session["amount_total"] is not None:
        group = {
            "currency": session["currency"],
            "due": session["amount_total"],
            "subtotal": session["amount_subtotal"],
            "total": session["amount_total"],
        }
    return {
        "id": PAGE + session["id"].removeprefix(SESSION),
        "line_item_group": group,
        "livemode": False,
        "mode": session["mode"],
        "object": "payment_page",
        "payment_intent": session["payment_intent"],
        "payment_status": session["payment_status"],
        "session_id": session["id"],
        "setup_intent": session["setup_intent"],
        "status": session["status"],
    }
