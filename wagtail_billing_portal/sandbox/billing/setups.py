"""Setup intents: keeping a card for later without taking money."""

from __future__ import annotations

from wagtail_billing_portal.sandbox.billing import intents, methods
from wagtail_billing_portal.sandbox.billing.fields import Json
from wagtail_billing_portal.sandbox.billing.instruments import Decline
from wagtail_billing_portal.sandbox.contract import skeleton
from wagtail_billing_portal.sandbox.errors import CardDeclined
from wagtail_billing_portal.sandbox.store import public
from wagtail_billing_portal.sandbox.world import World, random_text

SUCCEEDED = intents.SUCCEEDED
ASKS = intents.ASKS
REFUSED = intents.REFUSED

_NOT_AUTHENTICATED = Decline(
    "setup_intent_authentication_failure",
    "",
    "The latest attempt to set up the payment method has failed because "
    "authentication failed.",
)


def create(
    world: World,
    *,
    customer: str | None,
    usage: str = "off_session",
    description: str | None = None,
    metadata: Json | None = None,
    automatic: bool = True,
    about: Json | None = None,
) -> Json:
    """The wish to keep a payment method."""
    intent_id = world.new_id("seti_")
    intent = {
        **skeleton("setup_intent"),
        "id": intent_id,
        "automatic_payment_methods": {"allow_redirects": "always", "enabled": True}
        if automatic
        else None,
        "client_secret": f"{intent_id}_secret_{random_text(25)}",
        "created": world.now,
        "customer": customer,
        "description": description,
        "metadata": metadata or {},
        "payment_method_options": {
            "card": {
                "mandate_options": None,
                "network": None,
                "request_three_d_secure": "automatic",
            }
        },
        "payment_method_types": ["card"],
        "status": REFUSED,
        "usage": usage,
        "_sandbox": about or {},
    }
    return world.add(intent, "setup_intent.created")


def attempt(
    world: World,
    intent: Json,
    method: Json,
    *,
    authenticated: bool = False,
) -> str:
    """Try to keep the card and return the intent's new status."""
    card = methods.card_of(method)
    set_up = method["_sandbox"]["set_up"]
    asks = card.needs_authentication(off_session=False, set_up=set_up)
    if asks and not authenticated:
        return _ask(world, intent, method)
    if card.decline and not card.attaches:
        return _refuse(world, intent, method, card.decline)
    if intent["customer"] and method["customer"] is None:
        method = methods.attach(world, method["id"], intent["customer"])
    intents.remember_setup(world, method)
    intent.update(
        last_setup_error=None,
        next_action=None,
        payment_method=method["id"],
        status=SUCCEEDED,
    )
    world.save(intent, "setup_intent.succeeded")
    return SUCCEEDED


def refuse_authentication(world: World, intent: Json) -> str:
    """The payer did not pass the bank's page."""
    method = world.get("payment_method", intent["payment_method"])
    return _refuse(world, intent, method, _NOT_AUTHENTICATED)


def cancel(world: World, intent: Json, *, reason: str | None) -> Json:
    """Nobody will go on with this."""
    intent.update(cancellation_reason=reason, next_action=None, status="canceled")
    return world.save(intent, "setup_intent.canceled")


def declined_error(intent: Json) -> CardDeclined:
    """The 402 for an intent whose last attempt failed."""
    error = intent["last_setup_error"]
    return CardDeclined(
        error["code"],
        error.get("decline_code"),
        error["message"],
        payment_method=error["payment_method"],
        setup_intent=public(intent),
    )


def _ask(world: World, intent: Json, method: Json) -> str:
    intent.update(
        next_action=intents.next_action(world, intent),
        payment_method=method["id"],
        status=ASKS,
    )
    world.save(intent, "setup_intent.requires_action")
    return ASKS


def _refuse(world: World, intent: Json, method: Json, decline: Decline) -> str:
    error = {
        "code": decline.code,
        "decline_code": decline.decline_code or None,
        "doc_url": "https://stripe.com/docs/error-codes/"
        + decline.code.replace("_", "-"),
        "message": decline.message,
        "payment_method": public(method),
        "type": "card_error",
    }
    intent.update(
        last_setup_error={k: v for k, v in error.items() if v is not None},
        next_action=None,
        payment_method=None,
        status=REFUSED,
    )
    world.save(intent, "setup_intent.setup_failed")
    return REFUSED
