"""Setup intents: keeping a payment method for later without taking money."""

from __future__ import annotations

from wagtail_billing_portal.sandbox.billing import attempts, intents, methods
from wagtail_billing_portal.sandbox.billing.attempts import (
    ASKS,
    CANCEL,
    CANCELED,
    OPEN,
    REFUSED,
    SUCCEEDED,
    ask,
    declined_error,
    refusal,
    unexpected_state,
)
from wagtail_billing_portal.sandbox.billing.charge_details import three_d_secure
from wagtail_billing_portal.sandbox.billing.fields import Json
from wagtail_billing_portal.sandbox.billing.instruments import (
    SETUP_AUTHENTICATION_FAILED,
    Decline,
)
from wagtail_billing_portal.sandbox.contract import skeleton
from wagtail_billing_portal.sandbox.world import World, random_text

__all__ = ["ASKS", "REFUSED", "SUCCEEDED", "declined_error"]

KIND = "setup_intent"
ATTEMPT = "setup_attempt"


def create(
    world: World,
    *,
    customer: str | None,
    usage: str = "off_session",
    description: str | None = None,
    metadata: Json | None = None,
    automatic: bool = True,
    about: Json | None = None,
    fields: Json | None = None,
) -> Json:
    """The wish to keep a payment method; ``fields`` are further ones of it."""
    intent_id = world.new_id("seti_")
    intent = {
        **skeleton(KIND),
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
        **(fields or {}),
    }
    return world.add(intent, "setup_intent.created")


def attempt(
    world: World,
    intent: Json,
    method: Json,
    *,
    authenticated: bool = False,
) -> str:
    """Try to keep the payment method and return the intent's new status."""
    card = methods.card_of(method)
    set_up = method["_sandbox"]["set_up"]
    asks = card.needs_authentication(off_session=False, set_up=set_up)
    if asks and not authenticated:
        _note(world, intent, method, ASKS)
        return ask(world, intent, method)
    if card.decline and not card.attaches:
        return _refuse(world, intent, method, card.decline)
    if intent["customer"] and method["customer"] is None:
        method = methods.attach(world, method["id"], intent["customer"])
    attempts.accept_mandate(world, intent, method, {})
    intents.remember_setup(world, method)
    _note(world, intent, method, SUCCEEDED, authenticated=authenticated)
    intent.update(
        last_setup_error=None,
        mandate=method["_sandbox"].get("mandate"),
        next_action=None,
        payment_method=method["id"],
        status=SUCCEEDED,
    )
    world.save(intent, "setup_intent.succeeded")
    return SUCCEEDED


def refuse_authentication(world: World, intent: Json) -> str:
    """The payer did not pass the bank's page."""
    method = world.get("payment_method", intent["payment_method"])
    return _refuse(world, intent, method, SETUP_AUTHENTICATION_FAILED)


def cancel(world: World, intent: Json, *, reason: str | None) -> Json:
    """Nobody will go on with this."""
    if intent["status"] not in OPEN:
        raise unexpected_state(intent, CANCEL, OPEN)
    if intent["latest_attempt"]:
        last = world.get(ATTEMPT, intent["latest_attempt"])
        if last["status"] == ASKS:
            last["status"] = "abandoned"
            world.save(last)
    intent.update(cancellation_reason=reason, next_action=None, status=CANCELED)
    return world.save(intent, "setup_intent.canceled")


def _refuse(world: World, intent: Json, method: Json, decline: Decline) -> str:
    error = refusal(method, decline)
    _note(world, intent, method, "failed", error=error)
    intent.update(
        last_setup_error=error,
        next_action=None,
        payment_method=None,
        status=REFUSED,
    )
    world.save(intent, "setup_intent.setup_failed")
    return REFUSED


def _note(
    world: World,
    intent: Json,
    method: Json,
    status: str,
    *,
    authenticated: bool = False,
    error: Json | None = None,
) -> None:
    """Write the attempt down; one that was asked about goes on where it was."""
    last = world.find(ATTEMPT, id=intent["latest_attempt"] or "")
    if last and last[0]["status"] == ASKS:
        found = last[0]
        if authenticated and method["type"] == "card":
            asked = three_d_secure()
            del asked["exemption_indicator"]
            found["payment_method_details"]["card"]["three_d_secure"] = asked
        found.update(setup_error=error, status=status)
        world.save(found)
        return
    found = {
        **skeleton(ATTEMPT),
        "id": world.new_id("setatt_"),
        "attach_to_self": False,
        "created": world.now,
        "customer": intent["customer"],
        "payment_method": method["id"],
        "payment_method_details": _details(method),
        "setup_error": error,
        "setup_intent": intent["id"],
        "status": status,
        "usage": intent["usage"],
    }
    intent["latest_attempt"] = found["id"]
    world.add(found)


def _details(method: Json) -> Json:
    kind = method["type"]
    if kind != "card":
        return {"type": kind, kind: {}}
    same = ("brand", "checks", "country", "exp_month", "exp_year", "fingerprint")
    block = {name: method["card"][name] for name in (*same, "funding", "last4")}
    block.update(network=block["brand"], three_d_secure=None, wallet=None)
    return {"type": kind, kind: block}
