from __future__ import annotations

from typing import Any

from wagtail_billing_portal.sandbox.billing import checkout, items, offers, setups
from wagtail_billing_portal.sandbox.billing.customers import details
from wagtail_billing_portal.sandbox.billing.fields import (
    merge_metadata,
    need,
    only_one,
    supported,
    supported_value,
)
from wagtail_billing_portal.sandbox.billing.periods import DAY
from wagtail_billing_portal.sandbox.contract import skeleton
from wagtail_billing_portal.sandbox.errors import InvalidRequest
from wagtail_billing_portal.sandbox.pagination import page
from wagtail_billing_portal.sandbox.routing import expander, operation
from wagtail_billing_portal.sandbox.world import World, random_text

Json = dict[str, Any]

_SHORTEST = 30 * 60
_FILTERS = ("customer", "payment_intent", "payment_link", "status", "subscription")
_PAYMENT_DATA = {"description", "metadata", "setup_future_usage"}
_ONLY_OFF = ("automatic_tax", "phone_number_collection", "tax_id_collection")
_ONLY_IN = {
    "payment_intent_data": "payment",
    "setup_intent_data": "setup",
    "subscription_data": "subscription",
}
_SUBSCRIPTION_DATA = {
    "billing_mode",
    "description",
    "metadata",
    "trial_end",
    "trial_period_days",
    "trial_settings",
}


@operation(
    "POST",
    "/v1/checkout/sessions",
    handles={
        *_ONLY_OFF,
        "allow_promotion_codes",
        "allowed_payment_method_types",
        "billing_address_collection",
        "cancel_url",
        "client_reference_id",
        "currency",
        "customer",
        "customer_creation",
        "customer_email",
        "customer_update",
        "expires_at",
        "line_items",
        "locale",
        "metadata",
        "mode",
        "payment_intent_data",
        "payment_method_collection",
        "setup_intent_data",
        "submit_type",
        "subscription_data",
        "success_url",
        "ui_mode",
    },
)
def create_session(world: World, params: Json) -> Json:
    """A page on which somebody pays, or only leaves a card."""
    _check(world, params)
    session = _blank(world, params)
    merge_metadata(session, params)
    if params["mode"] == "setup":
        _prepare_setup(world, session, params)
    else:
        _write_offer(world, session, params)
    session["customer_details"] = _known_details(world, session)
    return world.add(session)


@operation("GET", "/v1/checkout/sessions/{session}")
def retrieve_session(world: World, params: Json, session: str) -> Json:
    return world.get(checkout.KIND, session)


@operation(
    "GET",
    "/v1/checkout/sessions",
    handles={*_FILTERS, "customer_details"},
)
def list_sessions(world: World, params: Json) -> Json:
    equals = {name: params[name] for name in _FILTERS if name in params}
    if about := params.get("customer_details"):
        equals["customer_details__email"] = about["email"]
    return world.list(checkout.KIND, params, **equals)


@operation("POST", "/v1/checkout/sessions/{session}", handles={"metadata"})
def update_session(world: World, params: Json, session: str) -> Json:
    """Note something on a session; Stripe tells nobody about it."""
    stored = world.get(checkout.KIND, session)
    merge_metadata(stored, params)
    return world.save(stored)


@operation("GET", "/v1/checkout/sessions/{session}/line_items")
def list_line_items(world: World, params: Json, session: str) -> Json:
    stored = world.get(checkout.KIND, session)
    return page(stored["_sandbox"]["line_items"], params, url=world.path)


@operation("POST", "/v1/checkout/sessions/{session}/expire")
def expire_session(world: World, params: Json, session: str) -> Json:
    """Take the offer back; who is on the page cannot pay any more."""
    stored = world.get(checkout.KIND, session)
    if stored["status"] != "open":
        raise InvalidRequest(
            'Only Checkout Sessions with a status in ["open"] can be expired. This '
            f"Checkout Session has a status of {stored['status']}."
        )
    return checkout.expire(world, stored)


@expander(checkout.KIND, "line_items")
def expand_line_items(world: World, session: Json) -> Json:
    stored = world.get(checkout.KIND, session["id"])
    url = f"/v1/checkout/sessions/{session['id']}/line_items"
    return page(stored["_sandbox"]["line_items"], {}, url=url)


def _check(world: World, params: Json) -> None:
    need(params, "mode", "success_url")
    only_one(params, "customer", "customer_email")
    supported_value(
        params.get("ui_mode", "hosted_page"), "hosted_page", param="ui_mode"
    )
    types = params.get("allowed_payment_method_types", ["card"])
    supported_value(types, ["card"], param="allowed_payment_method_types")
    supported_value(
        params.get("allow_promotion_codes", False), False, param="allow_promotion_codes"
    )
    for name in _ONLY_OFF:
        enabled = (params.get(name) or {}).get("enabled", False)
        supported_value(enabled, False, param=f"{name}[enabled]")
    if customer := params.get("customer"):
        world.get("customer", customer, param="customer")
    _check_mode(params)
    expires_at = params.get("expires_at", world.now + DAY)
    if not world.now + _SHORTEST <= expires_at <= world.now + DAY:
        raise InvalidRequest(
            "The `expires_at` timestamp must be between 30 minutes and 24 hours from "
            "Checkout Session creation.",
            param="expires_at",
        )


def _check_mode(params: Json) -> None:
    for name, mode in _ONLY_IN.items():
        if name in params and params["mode"] != mode:
            raise InvalidRequest(
                f"You can not pass `{name}` in `{params['mode']}` mode.", param=name
            )


def _blank(world: World, params: Json) -> Json:
    session_id = f"cs_test_{random_text(58)}"
    given = (
        "billing_address_collection",
        "cancel_url",
        "client_reference_id",
        "customer",
        "customer_email",
        "locale",
        "mode",
        "submit_type",
        "success_url",
    )
    return {
        **skeleton(checkout.KIND),
        **{name: params.get(name) for name in given},
        **_collected(params),
        "id": session_id,
        "created": world.now,
        "expires_at": params.get("expires_at", world.now + DAY),
        "payment_method_options": {},
        "payment_method_types": ["card"],
        "payment_status": "unpaid",
        "phone_number_collection": {"enabled": False},
        "status": "open",
        "ui_mode": "hosted_page",
        "url": world.url(f"/checkout/{session_id}/"),
        "_sandbox": {
            "customer_update": params.get("customer_update", {}),
            "due_at": params.get("expires_at", world.now + DAY),
            "line_items": [],
            "payment_intent_data": {},
            "subscription_data": {},
        },
    }


def _collected(params: Json) -> Json:
    """What depends on the mode: whether a card and a new customer are wanted."""
    if params["mode"] == "setup":
        return {}
    by_default = "always" if params["mode"] == "subscription" else "if_required"
    creation = params.get("customer_creation", by_default)
    return {
        "adaptive_pricing": {"enabled": False},
        "customer_creation": None if "customer" in params else creation,
        "payment_method_collection": params.get("payment_method_collection", "always"),
    }


def _write_offer(world: World, session: Json, params: Json) -> None:
    need(params, "line_items")
    private = world.private(session)
    sent = params["line_items"]
    prices = offers.prices_of(world, sent, mode=params["mode"])
    customer = None
    if session["customer"]:
        customer = world.get("customer", session["customer"])
    wanted = params.get("currency")
    currency = items.common_currency(customer, prices, wanted, param="line_items")
    data = params.get("subscription_data", {})
    supported(data, _SUBSCRIPTION_DATA, param="subscription_data")
    payment_data = params.get("payment_intent_data", {})
    supported(payment_data, _PAYMENT_DATA, param="payment_intent_data")
    free = bool(data.get("trial_period_days") or data.get("trial_end"))
    private.update(
        line_items=[
            offers.line_item(world, one, price, currency, free=free)
            for one, price in zip(sent, prices, strict=True)
        ],
        payment_intent_data=payment_data,
        subscription_data=data,
    )
    total = sum(item["amount_total"] for item in private["line_items"])
    session.update(
        amount_subtotal=total,
        amount_total=total,
        currency=currency,
        total_details={"amount_discount": 0, "amount_shipping": 0, "amount_tax": 0},
    )


def _prepare_setup(world: World, session: Json, params: Json) -> None:
    if not params.get("currency") and "allowed_payment_method_types" not in params:
        raise InvalidRequest(
            "Missing required param: currency.",
            param="currency",
            code="parameter_missing",
        )
    data = params.get("setup_intent_data", {})
    supported(data, {"description", "metadata"}, param="setup_intent_data")
    intent = setups.create(
        world,
        customer=session["customer"],
        description=data.get("description"),
        metadata=data.get("metadata"),
    )
    session.update(
        currency=params.get("currency"),
        payment_status="no_payment_required",
        setup_intent=intent["id"],
    )


def _known_details(world: World, session: Json) -> Json | None:
    if not (session["customer"] or session["customer_email"]):
        return None
    return details(world, session, None, email="")
