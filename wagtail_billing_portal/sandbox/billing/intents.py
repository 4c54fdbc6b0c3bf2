"""Payment intents: one amount to be paid, through as many attempts as it takes."""

from __future__ import annotations

from collections.abc import Callable

from wagtail_billing_portal.sandbox.billing import charges, methods
from wagtail_billing_portal.sandbox.billing.attempts import (
    ASKS,
    CANCEL,
    CANCELED,
    CAPTURE,
    OPEN,
    PROCESSING,
    READY,
    REFUSED,
    SUCCEEDED,
    WELL,
    accept_mandate,
    ask,
    authentication_url,
    declined_error,
    next_action,
    refusal,
    unexpected_state,
)
from wagtail_billing_portal.sandbox.billing.fields import Json
from wagtail_billing_portal.sandbox.billing.instruments import (
    AUTHENTICATION_FAILED,
    AUTHENTICATION_REQUIRED,
    EXPIRED,
    NEVER,
    Decline,
)
from wagtail_billing_portal.sandbox.clock import due_work
from wagtail_billing_portal.sandbox.contract import skeleton
from wagtail_billing_portal.sandbox.world import World, random_text

__all__ = [
    "ASKS",
    "OPEN",
    "PROCESSING",
    "REFUSED",
    "SUCCEEDED",
    "WELL",
    "authentication_url",
    "declined_error",
    "next_action",
]

KIND = "payment_intent"
HELD = "requires_capture"
CANCELABLE = (*OPEN, HELD, PROCESSING)
Watcher = Callable[[World, Json, str], None]

_watchers: list[Watcher] = []


def when_settled(watcher: Watcher) -> Watcher:
    """Call the function once a bank has answered that took days to do so.

    It gets the world, the intent and its new status.
    """
    _watchers.append(watcher)
    return watcher


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
    fields: Json | None = None,
) -> Json:
    """An amount to collect; ``about`` is what the sandbox needs to go on later.

    ``fields`` are further ones of the intent as Stripe shows it.
    """
    intent_id = world.new_id("pi_")
    intent = {
        **skeleton(KIND),
        "id": intent_id,
        "amount": amount,
        "amount_capturable": 0,
        "amount_details": {"tip": {}},
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
        **(fields or {}),
    }
    return world.add(intent, "payment_intent.created")


def attempt(
    world: World,
    intent: Json,
    method: Json,
    *,
    off_session: bool,
    authenticated: bool = False,
    may_ask: bool = True,
) -> str:
    """Try to take the money and return the intent's new status.

    Where nobody is there to be asked, ``may_ask`` is false and the bank refuses.
    """
    card = methods.card_of(method)
    if method["type"] not in intent["payment_method_types"]:
        intent["payment_method_types"] = [
            *intent["payment_method_types"],
            method["type"],
        ]
    set_up = method["_sandbox"]["set_up"]
    asks = card.needs_authentication(off_session=off_session, set_up=set_up)
    if asks and not authenticated:
        if may_ask:
            intent["last_payment_error"] = None
            return ask(world, intent, method)
        return _declined(world, intent, method, AUTHENTICATION_REQUIRED)
    accept_mandate(world, intent, method, {})
    if card.takes:
        return _wait(world, intent, method, card.takes)
    decline = EXPIRED if methods.has_expired(method, world.now) else card.decline
    if decline:
        return _declined(world, intent, method, decline, authenticated=authenticated)
    manual = _is_manual(intent, method)
    charge = charges.succeed(
        world, intent, method, card, authenticated=authenticated, capture=not manual
    )
    return _paid(world, intent, method, charge["id"], held=manual)


def refuse_authentication(world: World, intent: Json) -> str:
    """The payer did not pass the bank's page."""
    method = world.get("payment_method", intent["payment_method"])
    return _refuse(world, intent, method, AUTHENTICATION_FAILED, charge=None)


def cancel(world: World, intent: Json, *, reason: str | None) -> Json:
    """Nobody will pay this any more; what was set aside for it is let go."""
    if intent["status"] not in CANCELABLE:
        raise unexpected_state(intent, CANCEL, CANCELABLE)
    if intent["latest_charge"]:
        charge = world.get("charge", intent["latest_charge"])
        if intent["status"] == HELD:
            charges.release(world, charge)
        elif intent["status"] == PROCESSING:
            charges.bounce(world, charge, _CALLED_OFF)
    return _end(world, intent, reason)


def capture(world: World, intent: Json, amount: int | None) -> Json:
    """Take what was set aside, or a part of it, and let go of the rest."""
    if intent["status"] != HELD:
        raise unexpected_state(intent, CAPTURE, (HELD,))
    amount = intent["amount_capturable"] if amount is None else amount
    charges.check_capture(
        amount, intent["amount_capturable"], param="amount_to_capture"
    )
    charges.capture(world, world.get("charge", intent["latest_charge"]), amount)
    intent.update(amount_capturable=0, amount_received=amount, status=SUCCEEDED)
    world.private(intent)["due_at"] = None
    return world.save(intent, "payment_intent.succeeded")


def remember_setup(world: World, method: Json) -> None:
    """From now on the bank pays without asking its customer."""
    if not method["_sandbox"]["set_up"]:
        world.private(method)["set_up"] = True
        world.save(method)


@due_work(KIND)
def intent_due(world: World, intent: Json) -> None:
    """The bank answered at last, or what was set aside was kept too long."""
    world.private(intent)["due_at"] = None
    charge = world.get("charge", intent["latest_charge"])
    if intent["status"] == HELD:
        charges.release(world, charge, "charge.expired")
        _end(world, intent, "automatic")
        return
    method = world.get("payment_method", charge["payment_method"])
    card = methods.card_of(method)
    if card.decline:
        charges.bounce(world, charge, card.decline)
        status = _refuse(world, intent, method, card.decline, charge=charge["id"])
    else:
        charges.settle(world, charge, card, method)
        status = _paid(world, intent, method, charge["id"], held=False)
    for watcher in _watchers:
        watcher(world, world.get(KIND, intent["id"]), status)


_CALLED_OFF = Decline("", "", "The payment was canceled.")


def _is_manual(intent: Json, method: Json) -> bool:
    options = (intent["payment_method_options"] or {}).get(method["type"]) or {}
    chosen = options.get("capture_method") or intent["capture_method"]
    return bool(chosen == "manual")


def _wait(world: World, intent: Json, method: Json, seconds: int) -> str:
    charge = charges.pend(world, intent, method)
    due_at = None if seconds == NEVER else world.now + seconds
    world.private(intent)["due_at"] = due_at
    _keep(world, intent, method)
    intent.update(
        last_payment_error=None,
        latest_charge=charge["id"],
        next_action=None,
        payment_method=method["id"],
        status=PROCESSING,
    )
    world.save(intent, "payment_intent.processing")
    return PROCESSING


def _paid(
    world: World, intent: Json, method: Json, charge_id: str, *, held: bool
) -> str:
    _keep(world, intent, method)
    intent.update(
        amount_capturable=intent["amount"] if held else 0,
        amount_received=0 if held else intent["amount"],
        last_payment_error=None,
        latest_charge=charge_id,
        next_action=None,
        payment_method=method["id"],
        status=HELD if held else SUCCEEDED,
    )
    if held:
        world.private(intent)["due_at"] = world.now + charges.HELD_FOR
    event = "amount_capturable_updated" if held else "succeeded"
    world.save(intent, f"payment_intent.{event}")
    return str(intent["status"])


def _keep(world: World, intent: Json, method: Json) -> None:
    """For later payments, if that was the plan; else it can be used only once."""
    usage = intent["setup_future_usage"]
    if usage == "off_session":
        remember_setup(world, method)
    if usage and intent["customer"] and method["customer"] is None:
        method["customer"] = intent["customer"]
        world.save(method, "payment_method.attached")
    elif method["customer"] is None and not method["_sandbox"].get("used"):
        world.private(method)["used"] = True
        world.save(method)


def _declined(
    world: World,
    intent: Json,
    method: Json,
    decline: Decline,
    *,
    authenticated: bool = False,
) -> str:
    charge = charges.fail(world, intent, method, decline, authenticated=authenticated)
    return _refuse(world, intent, method, decline, charge=charge["id"])


def _refuse(
    world: World, intent: Json, method: Json, decline: Decline, *, charge: str | None
) -> str:
    intent.update(
        last_payment_error=refusal(method, decline, charge=charge),
        latest_charge=charge or intent["latest_charge"],
        next_action=None,
        payment_method=None,
        status=REFUSED,
    )
    world.save(intent, "payment_intent.payment_failed")
    return REFUSED


def _end(world: World, intent: Json, reason: str | None) -> Json:
    world.private(intent)["due_at"] = None
    intent.update(
        amount_capturable=0,
        canceled_at=world.now,
        cancellation_reason=reason,
        next_action=None,
        status=CANCELED,
    )
    return world.save(intent, "payment_intent.canceled")


def ready(intent: Json, method: Json) -> None:
    """Note the payment method that the next confirmation will use."""
    intent["payment_method"] = method["id"]
    if intent["status"] in OPEN:
        intent.update(next_action=None, status=READY)
