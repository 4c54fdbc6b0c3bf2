"""What a publishable key may do: what Stripe.js needs in a browser, and no more.

Anybody can read such a key. So it opens an intent only together with the intent's
client secret, and sees of it only what a payer may see.
"""

from __future__ import annotations

import json
from contextlib import suppress
from typing import Any

from django.utils import translation
from django.utils.translation.trans_real import parse_accept_lang_header

from .answer import Answer
from .billing import attempts
from .errors import InvalidRequest, SecretKeyRequired
from .rendering import render
from .routing import Operation
from .world import World

Json = dict[str, Any]

_CHOICE = {"payment_method", "payment_method_data", "confirmation_token"}
_CONFIRM = {*_CHOICE, "mandate_data", "payment_method_options", "return_url"}
_CONFIRM |= {"use_stripe_sdk", "expand"}
_PAYS = {"receipt_email", "setup_future_usage", "shipping"}
# Of the operations and their parameters, those that a browser has a use for.
ALLOWED: dict[tuple[str, str], set[str]] = {
    ("GET", "/v1/payment_intents/{intent}"): {"client_secret", "expand"},
    ("POST", "/v1/payment_intents/{intent}/confirm"): {*_CONFIRM, *_PAYS},
    ("GET", "/v1/setup_intents/{intent}"): {"client_secret", "expand"},
    ("POST", "/v1/setup_intents/{intent}/confirm"): _CONFIRM,
}
# These name no object of the account, or only by a secret of its own.
WITHOUT_SECRET = {
    ("POST", "/v1/confirmation_tokens"),
    ("GET", "/v1/elements/sessions"),
    ("POST", "/v1/payment_methods"),
}
MAY_EXPAND = ("payment_method",)
SHOWN = {
    "payment_intent": {
        "amount", "amount_details", "automatic_payment_methods", "canceled_at",
        "cancellation_reason", "capture_method", "client_secret",
        "confirmation_method", "created", "currency", "description", "id",
        "last_payment_error", "livemode", "next_action", "object", "payment_method",
        "payment_method_configuration_details", "payment_method_types", "processing",
        "receipt_email", "setup_future_usage", "shipping", "status",
    },
    "setup_intent": {
        "automatic_payment_methods", "cancellation_reason", "client_secret",
        "created", "description", "id", "last_setup_error", "livemode",
        "next_action", "object", "payment_method",
        "payment_method_configuration_details", "payment_method_types", "status",
        "usage",
    },
}  # fmt: skip
# Of somebody's payment method, what does not tell who else it belongs to.
HIDDEN_OF_METHOD = ("fingerprint", "metadata")


def admit(operation: Operation, form: Json) -> str | None:
    """Refuse what only a secret key may do; gives the client secret that came along.

    It is taken out of the form where Stripe's own libraries do not know it.
    """
    called = operation.method, operation.path
    if called in WITHOUT_SECRET:
        return None
    allowed = ALLOWED.get(called)
    if allowed is None:
        raise SecretKeyRequired
    secret = form.get("client_secret")
    if not isinstance(secret, str) or not secret:
        raise InvalidRequest(
            "Missing required param: client_secret.",
            code="parameter_missing",
            param="client_secret",
        )
    if "client_secret" not in allowed:
        del form["client_secret"]
    for name in form:
        if name not in allowed:
            raise SecretKeyRequired(name)
    wished = form.get("expand") or {}
    for path in wished.values() if isinstance(wished, dict) else [wished]:
        if path not in MAY_EXPAND:
            raise SecretKeyRequired("expand")
    return secret


def check_secret(world: World, operation: Operation, id: str, secret: str) -> None:
    """Refuse a client secret that belongs to another intent."""
    kind = operation.path.split("/")[2].removesuffix("s")
    attempts.check_secret(world.get(kind, id), {"client_secret": secret})


def shown(answer: Answer, accepted: str) -> Answer:
    """An answer as a browser gets it, its refusals in the payer's language."""
    body = json.loads(answer.body)
    with translation.override(_language(accepted)):
        return Answer(answer.status, render(_seen(body)), answer.headers)


def _seen(value: Any) -> Any:
    """The value without what is none of a browser's business, at whatever depth."""
    if isinstance(value, list):
        return [_seen(item) for item in value]
    if not isinstance(value, dict):
        return value
    kept = SHOWN.get(value.get("object", ""), value.keys())
    seen = {name: _seen(item) for name, item in value.items() if name in kept}
    if seen.get("object") == "payment_method":
        _hide(seen)
    if seen.get("type") == "card_error":
        seen["message"] = translation.gettext(seen["message"])
    return seen


def _hide(method: Json) -> None:
    for block in (method, method.get(method["type"]) or {}):
        for name in HIDDEN_OF_METHOD:
            block.pop(name, None)


def _language(accepted: str) -> str:
    for language, _ in parse_accept_lang_header(accepted):
        with suppress(LookupError):
            return translation.get_supported_language_variant(language)
    return "en"
