"""What payment and setup intents have in common: how they ask, refuse and end."""

from __future__ import annotations

from typing import Any

from django.utils.crypto import constant_time_compare

from wagtail_billing_portal.sandbox.billing import (
    banks,
    details,
    kinds,
    mandates,
    methods,
)
from wagtail_billing_portal.sandbox.billing.fields import Json, supported_value
from wagtail_billing_portal.sandbox.billing.instruments import Decline
from wagtail_billing_portal.sandbox.errors import CardDeclined, InvalidRequest
from wagtail_billing_portal.sandbox.store import public
from wagtail_billing_portal.sandbox.world import World

NAMES = {"payment_intent": "PaymentIntent", "setup_intent": "SetupIntent"}
SUCCEEDED = "succeeded"
ASKS = "requires_action"
REFUSED = "requires_payment_method"
READY = "requires_confirmation"
PROCESSING = "processing"
CANCELED = "canceled"
OPEN = (REFUSED, READY, ASKS)
# Of these the payment is on its way or done: nothing more to ask of the payer.
WELL = (SUCCEEDED, PROCESSING)

CHOICES = (
    "allowed_payment_method_types",
    "automatic_payment_methods",
    "excluded_payment_method_types",
)
METHOD = ("confirmation_token", "payment_method", "payment_method_data")


def unexpected_state(
    intent: Json, wish: tuple[str, str], allowed: tuple[str, ...]
) -> InvalidRequest:
    """The refusal of something that an intent's status does not allow."""
    name = NAMES[intent["object"]]
    because = f"it has a status of {intent['status']}"
    rest = (
        f" Only a {name} with one of the following statuses may be {wish[1]}: "
        f"{', '.join(allowed)}."
    )
    if wish[0] == "confirm" and intent["status"] == SUCCEEDED:
        because = "it has already succeeded after being previously confirmed"
        rest = ""
    sentence = f"You cannot {wish[0]} this {name} because {because}."
    if wish[0] == "capture":
        sentence = f"This {name} could not be captured because {because}."
    return error(intent, sentence + rest)


CONFIRM = ("confirm", "confirmed")
CANCEL = ("cancel", "canceled")
CAPTURE = ("capture", "captured")


def error(intent: Json, message: str, **extra: Any) -> InvalidRequest:
    """A refusal that shows the intent as it stands."""
    kind = intent["object"]
    shown = {kind: public(intent)} if kind in NAMES else {}
    return InvalidRequest(message, code=f"{kind}_unexpected_state", **shown, **extra)


def method_of(world: World, intent: Json, params: Json) -> Json | None:
    """The payment method that a request brings along, ready to be used."""
    if token := params.get("confirmation_token"):
        return _allowed(intent, _from_token(world, intent, token))
    if data := params.get("payment_method_data"):
        return _allowed(
            intent, details.from_params(world, data, param="payment_method_data")
        )
    if method_id := params.get("payment_method"):
        method = methods.known(world, method_id)
        methods.check_usable(method, intent["customer"])
        return _allowed(intent, method)
    return None


def method_to_confirm(world: World, intent: Json, params: Json) -> Json:
    """The same, or the one that the intent has already."""
    if method := method_of(world, intent, params):
        return method
    if intent["payment_method"]:
        return world.get("payment_method", intent["payment_method"])
    name = NAMES[intent["object"]]
    raise error(
        intent,
        f"You cannot confirm this {name} because it's missing a payment method. "
        f"Update the {name} with a payment method and then confirm it again.",
    )


def choose_kinds(intent: Json, params: Json, automatic: list[str]) -> None:
    """Which kinds of payment method an intent takes."""
    allowed = params.get("allowed_payment_method_types")
    enabled = params.get("automatic_payment_methods")
    excluded = params.get("excluded_payment_method_types") or None
    kinds.check_named(params)
    if allowed and (enabled or {}).get("enabled"):
        raise InvalidRequest(
            "You may only specify one of these parameters: automatic_payment_methods, "
            "allowed_payment_method_types.",
            code="parameters_exclusive",
            param="allowed_payment_method_types",
        )
    if allowed:
        intent["allowed_payment_method_types"] = allowed
        intent["automatic_payment_methods"] = None
        intent["payment_method_types"] = allowed
        return
    intent["excluded_payment_method_types"] = excluded
    if enabled is not None and not enabled["enabled"]:
        intent["automatic_payment_methods"] = None
        intent["payment_method_types"] = ["card"]
        return
    redirects = (enabled or {}).get("allow_redirects", "always")
    intent["automatic_payment_methods"] = {
        "allow_redirects": redirects,
        "enabled": True,
    }
    left = [kind for kind in automatic if kind not in (excluded or ())]
    intent["payment_method_types"] = left


def write_options(intent: Json, params: Json) -> None:
    """Settings by kind of payment method; those of other kinds are refused."""
    known = dict(intent["payment_method_options"] or {})
    for kind, sent in (params.get("payment_method_options") or {}).items():
        supported_value(kind, *kinds.KINDS, param="payment_method_options")
        block = {**known.get(kind, {}), **(sent or {})}
        known[kind] = {name: value for name, value in block.items() if value != ""}
    intent["payment_method_options"] = known


def accept_mandate(world: World, intent: Json, method: Json, params: Json) -> None:
    """Debits need the payer's consent: the one that was sent, or a new one."""
    if mandate := params.get("mandate"):
        world.get("mandate", mandate, param="mandate")
        world.private(method)["mandate"] = mandate
        world.save(method)
    elif method["type"] in banks.CURRENCIES and not method["_sandbox"].get("mandate"):
        mandates.grant(world, method, params.get("mandate_data") or {})


def next_action(world: World, intent: Json, method: Json) -> Json:
    """How the browser gets to the bank's page, and back where a way is known.

    Stripe.js can show what the bank of a card asks, but not a wallet's own page.
    """
    url = authentication_url(world, intent["id"])
    private = intent["_sandbox"]
    return_url = private.get("return_url")
    in_place = private.get("use_stripe_sdk") and method["type"] == "card"
    if return_url and not in_place:
        return {
            "type": "redirect_to_url",
            "redirect_to_url": {"return_url": return_url, "url": url},
        }
    return {
        "type": "use_stripe_sdk",
        "use_stripe_sdk": {"type": "three_d_secure_redirect", "stripe_js": url},
    }


def authentication_url(world: World, intent_id: str) -> str:
    """The page on which the bank asks its customer."""
    return world.url(f"/authenticate/{intent_id}/")


def ask(world: World, intent: Json, method: Json) -> str:
    """The bank wants to hear from its customer first."""
    intent.update(
        next_action=next_action(world, intent, method),
        payment_method=method["id"],
        status=ASKS,
    )
    world.save(intent, f"{intent['object']}.requires_action")
    return ASKS


def refusal(method: Json, decline: Decline, *, charge: str | None = None) -> Json:
    """Why an attempt failed, as an intent shows it."""
    shown = {
        "charge": charge,
        "code": decline.code or None,
        "decline_code": decline.decline_code or None,
        "doc_url": "https://stripe.com/docs/error-codes/"
        + decline.code.replace("_", "-")
        if decline.code
        else None,
        "message": decline.message,
        "payment_method": public(method),
        "type": "card_error",
    }
    return {name: value for name, value in shown.items() if value is not None}


def declined_error(intent: Json) -> CardDeclined:
    """The 402 for an intent whose last attempt failed."""
    last = intent.get("last_payment_error") or intent["last_setup_error"]
    charge = {"charge": last["charge"]} if "charge" in last else {}
    return CardDeclined(
        last.get("code", "payment_failed"),
        last.get("decline_code"),
        last["message"],
        payment_method=last["payment_method"],
        **{intent["object"]: public(intent)},
        **charge,
    )


def check_secret(intent: Json, params: Json) -> Json:
    """Refuse a client secret that belongs to another intent."""
    secret = str(params.get("client_secret", intent["client_secret"]))
    if not constant_time_compare(secret, intent["client_secret"]):
        raise InvalidRequest(
            "The client_secret provided does not match any associated "
            f"{NAMES[intent['object']]} on this account. Ensure the client_secret "
            "and publishable key used belong to the account that created it.",
            param="client_secret",
            code=f"{intent['object']}_invalid_parameter"
            if intent["object"] == "payment_intent"
            else None,
        )
    return intent


def _allowed(intent: Json, method: Json) -> Json:
    if method["type"] not in intent["payment_method_types"]:
        raise InvalidRequest(
            f"The PaymentMethod provided ({method['type']}) is not allowed for this "
            f"{NAMES[intent['object']]}. Please attach a PaymentMethod of one of the "
            f"following types: {', '.join(intent['payment_method_types'])}.",
            code=f"{intent['object']}_incompatible_payment_method"
            if intent["object"] == "payment_intent"
            else None,
            param="payment_method",
        )
    currency = banks.CURRENCIES.get(method["type"])
    if currency and intent.get("currency", currency) != currency:
        raise InvalidRequest(
            f"The currency provided ({intent['currency']}) is invalid. Payments with "
            f"{method['type']} support the following currencies: {currency}.",
            param="currency",
        )
    return method


def _from_token(world: World, intent: Json, token_id: str) -> Json:
    token = world.get("confirmation_token", token_id, param="confirmation_token")
    used = token["payment_intent"] or token["setup_intent"]
    if (used or intent["id"]) != intent["id"] or token["expires_at"] <= world.now:
        raise InvalidRequest(
            "This ConfirmationToken has already been used or has expired.",
            param="confirmation_token",
        )
    token[intent["object"]] = intent["id"]
    world.save(token)
    private = world.private(intent)
    if token["return_url"]:
        private["return_url"] = token["return_url"]
    if "setup_future_usage" in intent and token["setup_future_usage"]:
        intent["setup_future_usage"] = token["setup_future_usage"]
    if "shipping" in intent and token["shipping"]:
        blank = {"carrier": None, "tracking_number": None}
        intent["shipping"] = {**blank, **token["shipping"]}
    return world.get("payment_method", token["_sandbox"]["payment_method"])
