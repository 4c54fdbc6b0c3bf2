"""Confirming payment intents: those of invoices and those that stand alone."""

from __future__ import annotations

from wagtail_billing_portal.sandbox.billing import attempts, intents, payments
from wagtail_billing_portal.sandbox.billing.attempts import CONFIRM, OPEN
from wagtail_billing_portal.sandbox.billing.fields import Json
from wagtail_billing_portal.sandbox.billing.spelled import spelled
from wagtail_billing_portal.sandbox.errors import CardDeclined, InvalidRequest
from wagtail_billing_portal.sandbox.world import World

MINIMUM = {
    "aed": 200, "aud": 50, "brl": 50, "cad": 50, "chf": 50, "czk": 1500, "dkk": 250,
    "eur": 50, "gbp": 30, "hkd": 400, "huf": 17500, "inr": 50, "jpy": 50, "mxn": 1000,
    "nok": 300, "nzd": 50, "pln": 200, "ron": 200, "sek": 300, "sgd": 50, "usd": 50,
}  # fmt: skip
MAXIMUM = 99_999_999


def check_amount(amount: int, currency: str, *, param: str = "amount") -> None:
    """Refuse what is too little or too much to be charged."""
    if amount < 1:
        raise InvalidRequest(
            "This value must be greater than or equal to 1.",
            code="parameter_invalid_integer",
            param=param,
        )
    least = MINIMUM.get(currency, 1)
    if amount < least:
        raise InvalidRequest(
            f"Amount must be at least {spelled(least, currency)} {currency}",
            code="amount_too_small",
            param=param,
        )
    if amount > MAXIMUM:
        raise InvalidRequest(
            f"Amount must be no more than {spelled(MAXIMUM, currency)}",
            code="amount_too_large",
            param=param,
        )


def confirm(world: World, intent: Json, params: Json) -> Json:
    """Ask the bank for the money; a refusal is an error, and is remembered."""
    if intent["status"] not in OPEN:
        raise attempts.unexpected_state(intent, CONFIRM, OPEN)
    if params.get("amount_to_confirm", intent["amount"]) != intent["amount"]:
        raise InvalidRequest(
            f"The provided amount_to_confirm ({params['amount_to_confirm']}) does not "
            f"match the PaymentIntent's amount ({intent['amount']}).",
            param="amount_to_confirm",
        )
    method = attempts.method_to_confirm(world, intent, params)
    off_session = bool(params.get("off_session"))
    if off_session and intent["setup_future_usage"]:
        raise InvalidRequest(
            "You cannot provide `setup_future_usage` when you set `off_session` to "
            "true.",
            param="off_session",
        )
    _remember_way_back(world, intent, params)
    attempts.accept_mandate(world, intent, method, params)
    world.save(intent)
    authenticated = bool(intent["_sandbox"].pop("authenticated", False))
    invoice_id = intent["_sandbox"].get("invoice")
    if invoice_id:
        status = payments.collect(
            world,
            world.get("invoice", invoice_id),
            intent=intent,
            method=method,
            off_session=off_session,
            automatic=False,
            authenticated=authenticated,
        )
    else:
        status = intents.attempt(
            world,
            intent,
            method,
            off_session=off_session,
            authenticated=authenticated,
            may_ask=not (off_session or params.get("error_on_requires_action")),
        )
    confirmed = world.get(intents.KIND, intent["id"])
    if status == intents.REFUSED:
        raise _declined(confirmed)
    return confirmed


def _declined(intent: Json) -> CardDeclined:
    return attempts.declined_error(intent)


def _remember_way_back(world: World, intent: Json, params: Json) -> None:
    private = world.private(intent)
    for name in ("return_url", "use_stripe_sdk"):
        if name in params:
            private[name] = params[name]
