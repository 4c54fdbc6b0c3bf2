from __future__ import annotations

from typing import Any

from wagtail_billing_portal.sandbox.billing import attempts, setups
from wagtail_billing_portal.sandbox.billing.fields import assign, merge_metadata
from wagtail_billing_portal.sandbox.routing import operation
from wagtail_billing_portal.sandbox.world import World

Json = dict[str, Any]

CHANGEABLE = {
    *attempts.METHOD,
    "allowed_payment_method_types",
    "customer",
    "description",
    "excluded_payment_method_types",
    "flow_directions",
    "metadata",
    "payment_method_options",
}
CONFIRMING = {"mandate_data", "return_url", "use_stripe_sdk"}
KINDS = ["card", "link", "sepa_debit", "us_bank_account", "bacs_debit", "au_becs_debit"]


@operation(
    "POST",
    "/v1/setup_intents",
    handles={*CHANGEABLE, *CONFIRMING, "automatic_payment_methods", "confirm", "usage"},
)
def create_setup_intent(world: World, params: Json) -> Json:
    """Begin to keep a payment method of a customer for later."""
    if customer := params.get("customer"):
        world.get("customer", customer, param="customer")
    card = {"mandate_options": None, "network": None}
    fields: Json = {
        "object": setups.KIND,
        "payment_method_options": {
            "card": {**card, "request_three_d_secure": "automatic"}
        },
    }
    attempts.choose_kinds(fields, params, KINDS)
    _write(fields, params)
    intent = setups.create(
        world,
        customer=customer,
        usage=params.get("usage", "off_session"),
        fields=fields,
    )
    if method := attempts.method_of(world, intent, params):
        intent.update(payment_method=method["id"], status=attempts.READY)
    world.save(intent)
    sent = {name: params[name] for name in CONFIRMING if name in params}
    return _confirm(world, intent, sent) if params.get("confirm") else intent


@operation("GET", "/v1/setup_intents/{intent}", handles={"client_secret"})
def retrieve_setup_intent(world: World, params: Json, intent: str) -> Json:
    return attempts.check_secret(world.get(setups.KIND, intent), params)


@operation(
    "POST", "/v1/setup_intents/{intent}", handles=CHANGEABLE - {"confirmation_token"}
)
def update_setup_intent(world: World, params: Json, intent: str) -> Json:
    """Change what is to be kept, and for whom, as long as it is not."""
    stored = world.get(setups.KIND, intent)
    if params.keys() - {"description", "metadata"}:
        if stored["status"] not in attempts.OPEN:
            raise attempts.unexpected_state(
                stored, ("update", "updated"), attempts.OPEN
            )
        if customer := params.get("customer"):
            world.get("customer", customer, param="customer")
            stored["customer"] = customer
    if {
        "allowed_payment_method_types",
        "excluded_payment_method_types",
    } & params.keys():
        attempts.choose_kinds(stored, params, KINDS)
    _write(stored, params)
    if method := attempts.method_of(world, stored, params):
        stored.update(
            next_action=None, payment_method=method["id"], status=attempts.READY
        )
    return world.save(stored)


@operation("GET", "/v1/setup_intents", handles={"customer", "payment_method"})
def list_setup_intents(world: World, params: Json) -> Json:
    same = ("customer", "payment_method")
    equals = {name: params[name] for name in same if name in params}
    return world.list(setups.KIND, params, **equals)


@operation(
    "POST",
    "/v1/setup_intents/{intent}/confirm",
    handles={
        *attempts.METHOD,
        *CONFIRMING,
        "allowed_payment_method_types",
        "payment_method_options",
    },
)
def confirm_setup_intent(world: World, params: Json, intent: str) -> Json:
    """Ask the bank; it may want to ask its customer first."""
    stored = world.get(setups.KIND, intent)
    if stored["status"] in attempts.OPEN:
        if "allowed_payment_method_types" in params:
            attempts.choose_kinds(stored, params, KINDS)
        attempts.write_options(stored, params)
    return _confirm(world, stored, params)


@operation("POST", "/v1/setup_intents/{intent}/cancel", handles={"cancellation_reason"})
def cancel_setup_intent(world: World, params: Json, intent: str) -> Json:
    reason = params.get("cancellation_reason") or None
    return setups.cancel(world, world.get(setups.KIND, intent), reason=reason)


@operation("GET", "/v1/setup_attempts", handles={"setup_intent"})
def list_setup_attempts(world: World, params: Json) -> Json:
    """Every time somebody tried, newest first."""
    intent = params["setup_intent"]
    world.get(setups.KIND, intent, param="setup_intent")
    return world.list(setups.ATTEMPT, params, setup_intent=intent)


def _write(intent: Json, params: Json) -> None:
    assign(intent, params, ("description", "flow_directions"))
    attempts.write_options(intent, params)
    merge_metadata(intent, params)


def _confirm(world: World, intent: Json, params: Json) -> Json:
    if intent["status"] not in attempts.OPEN:
        raise attempts.unexpected_state(intent, attempts.CONFIRM, attempts.OPEN)
    method = attempts.method_to_confirm(world, intent, params)
    private = world.private(intent)
    for name in ("return_url", "use_stripe_sdk"):
        if name in params:
            private[name] = params[name]
    attempts.accept_mandate(world, intent, method, params)
    status = setups.attempt(world, intent, method)
    if status == attempts.REFUSED:
        raise attempts.declined_error(intent)
    return intent
