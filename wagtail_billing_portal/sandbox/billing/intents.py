"""Payment intents: one amount to be paid, through as many attempts as it takes."""

from __future__ import annotations

from wagtail_billing_portal.sandbox.billing import charges, methods
from wagtail_billing_portal.sandbox.billing.fields import Json
from wagtail_billing_portal.sandbox.billing.instruments import (
    AUTHENTICATION_FAILED,
    EXPIRED,
    Decline,
)
from wagtail_billing_portal.sandbox.contract import skeleton
from wagtail_billing_portal.sandbox.errors import CardDeclined
from wagtail_billing_portal.sandbox.store import public
from wagtail_billing_portal.sandbox.world import World, random_text

SUCCEEDED = "succeeded"
ASKS = "requires_action"
REFUSED = "requires_payment_method"


def create(
    world: World,
    *,
    amount: int,
    currency: str,
    customer: str | None,
    description: str | None = None,
    setup_future_usage: str | None = None,
    metadata: Json | None = None,
    about: Json | None = None,
) -> Json:
    """An amount to collect; ``about`` is what the sandbox needs to go on later."""
    intent_id = world.new_id("pi_")
    intent = {
        **skeleton("payment_intent"),
        "id": intent_id,
        "amount": amount,
        "amount_capturable": 0,
        "amount_received": 0,
        "capture_method": "automatic",
        "client_secret": f"{intent_id}_secret_{random_text(25)}",
        "confirmation_method": "automatic",
        "created": world.now,
        "currency": currency,
        "customer": customer,
        "description": description,
        "metadata": metadata or {},
        "payment_method_options": {"card": {"request_three_d_secure": "automatic"}},
        "payment_method_types": ["card"],
        "setup_future_usage": setup_future_usage,
        "status": REFUSED,
        "_sandbox": about or {},
    }
    return world.add(intent, "payment_intent.created")


def attempt(
    world: World,
    intent: Json,
    method: Json,
    *,
    off_session: bool,
    authenticated: bool = False,
) -> str:
    """Try to take the money and return the intent's new status."""
    card = methods.card_of(method)
    asks = card.needs_authentication(
        off_session=off_session, set_up=method["_sandbox"]["set_up"]
    )
    if asks and not authenticated:
        return _ask(world, intent, method)
    decline = EXPIRED if methods.has_expired(method, world.now) else card.decline
    if decline:
        charge = charges.fail(
            world, intent, method, decline, authenticated=authenticated
        )
        return _refuse(world, intent, method, decline, charge=charge["id"])
    charge = charges.succeed(world, intent, method, card, authenticated=authenticated)
    if intent["setup_future_usage"] == "off_session":
        _keep(world, intent, method)
    intent.update(
        amount_received=intent["amount"],
        last_payment_error=None,
        latest_charge=charge["id"],
        next_action=None,
        payment_method=method["id"],
        status=SUCCEEDED,
    )
    world.save(intent, "payment_intent.succeeded")
    return SUCCEEDED


def refuse_authentication(world: World, intent: Json) -> str:
    """The payer did not pass the bank's page."""
    method = world.get("payment_method", intent["payment_method"])
    return _refuse(world, intent, method, AUTHENTICATION_FAILED, charge=None)


def cancel(world: World, intent: Json, *, reason: str) -> Json:
    """Nobody will pay this any more."""
    intent.update(
        canceled_at=world.now,
        cancellation_reason=reason,
        next_action=None,
        status="canceled",
    )
    return world.save(intent, "payment_intent.canceled")


def remember_setup(world: World, method: Json) -> None:
    """From now on the bank pays without asking its customer."""
    if not method["_sandbox"]["set_up"]:
        world.private(method)["set_up"] = True
        world.save(method)


def authentication_url(world: World, intent_id: str) -> str:
    """The page on which the bank asks its customer."""
    return world.url(f"/authenticate/{intent_id}/")


def declined_error(intent: Json) -> CardDeclined:
    """The 402 for an intent whose last attempt failed."""
    error = intent["last_payment_error"]
    return CardDeclined(
        error["code"],
        error.get("decline_code"),
        error["message"],
        charge=error.get("charge"),
        payment_intent=public(intent),
        payment_method=error["payment_method"],
    )


def next_action(world: World, intent: Json) -> Json:
    """How the browser gets to the bank's page, and back where a way is known."""
    url = authentication_url(world, intent["id"])
    if return_url := intent["_sandbox"].get("return_url"):
        return {
            "type": "redirect_to_url",
            "redirect_to_url": {"return_url": return_url, "url": url},
        }
    return {
        "type": "use_stripe_sdk",
        "use_stripe_sdk": {"type": "three_d_secure_redirect", "stripe_js": url},
    }


def _keep(world: World, intent: Json, method: Json) -> None:
    remember_setup(world, method)
    if intent["customer"] and method["customer"] is None:
        method["customer"] = intent["customer"]
        world.save(method, "payment_method.attached")


def _ask(world: World, intent: Json, method: Json) -> str:
    intent.update(
        last_payment_error=None,
        next_action=next_action(world, intent),
        payment_method=method["id"],
        status=ASKS,
    )
    world.save(intent, "payment_intent.requires_action")
    return ASKS


def _refuse(
    world: World, intent: Json, method: Json, decline: Decline, *, charge: str | None
) -> str:
    error = {
        "charge": charge,
        "code": decline.code,
        "decline_code": decline.decline_code or None,
        "doc_url": "https://stripe.com/docs/error-codes/"
        + decline.code.replace("_", "-"),
        "message": decline.message,
        "payment_method": public(method),
        "type": "card_error",
    }
    intent.update(
        last_payment_error={k: v for k, v in error.items() if v is not None},
        latest_charge=charge or intent["latest_charge"],
        next_action=None,
        payment_method=None,
        status=REFUSED,
    )
    world.save(intent, "payment_intent.payment_failed")
    return REFUSED
