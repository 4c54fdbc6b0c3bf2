"""Checkout: a card typed in on a hosted page becomes a subscription or a payment."""

from __future__ import annotations

from wagtail_billing_portal.sandbox.billing import (
    completion,
    intents,
    methods,
    payments,
    setups,
)
from wagtail_billing_portal.sandbox.billing.fields import Json
from wagtail_billing_portal.sandbox.billing.outcomes import (
    ActionRequired,
    Completed,
    Outcome,
)
from wagtail_billing_portal.sandbox.clock import due_work
from wagtail_billing_portal.sandbox.errors import CardDeclined, InvalidRequest
from wagtail_billing_portal.sandbox.world import World

KIND = "checkout.session"


def pay(
    world: World, session_id: str, *, card: Json | None, email: str = ""
) -> Outcome:
    """Submit the page. ``card`` may be missing where none is asked for."""
    session = open_session(world, session_id)
    if card is None:
        if session["payment_method_collection"] != "if_required" or completion.is_due(
            session
        ):
            raise InvalidRequest("This Checkout Session needs a card.", param="card")
        return _complete(world, session, None, email=email)
    try:
        method = methods.from_details(
            world, card, billing_details=_details(card, email)
        )
    except CardDeclined as refusal:
        return payments.declined(refusal)
    if session["mode"] == "setup" or not completion.is_due(session):
        return _set_up(world, session, method, email=email)
    return _charge(world, session, method, email=email)


def finish_authentication(world: World, intent_id: str, *, succeed: bool) -> Outcome:
    """Go on after the bank's page, for whatever the intent was about."""
    kind = "setup_intent" if intent_id.startswith("seti_") else "payment_intent"
    intent = world.get(kind, intent_id)
    if intent["status"] != intents.ASKS:
        raise InvalidRequest(
            f"Nothing waits for authentication: the intent's status is "
            f"{intent['status']}.",
            code=f"{kind}_unexpected_state",
        )
    if kind == "setup_intent":
        return _finish_setup(world, intent, succeed=succeed)
    if "session" not in intent["_sandbox"]:
        return payments.finish_authentication(world, intent, succeed=succeed)
    return _finish_payment(world, intent, succeed=succeed)


def open_session(world: World, session_id: str) -> Json:
    """A session that can still be completed."""
    session: Json = world.get(KIND, session_id)
    if session["status"] != "open":
        raise InvalidRequest(
            f"This Checkout Session is no longer open: its status is "
            f"{session['status']}.",
            code="checkout_session_not_open",
        )
    return session


@due_work(KIND)
def expiry_due(world: World, session: Json) -> None:
    """Nobody came in time."""
    expire(world, session)


def expire(world: World, session: Json) -> Json:
    """Close the page; nothing can be paid on it any more."""
    session.update(status="expired", url=None)
    world.private(session)["due_at"] = None
    return world.save(session, "checkout.session.expired")


def redirect_url(session: Json) -> str:
    """Where the browser goes after success."""
    url: str = session["success_url"]
    return url.replace("{CHECKOUT_SESSION_ID}", session["id"])


def _complete(
    world: World,
    session: Json,
    method: Json | None,
    *,
    email: str,
    intent: Json | None = None,
) -> Outcome:
    completion.complete(world, session, method, email=email, intent=intent)
    return Completed(redirect_url=redirect_url(session))


def _charge(world: World, session: Json, method: Json, *, email: str) -> Outcome:
    """Ask the bank before anything is made, so that a refusal leaves nothing."""
    card = methods.card_of(method)
    if card.needs_authentication(off_session=False, set_up=False):
        about = {"session": session["id"], "email": email}
        intent = completion.intent_for(world, session, about=about)
        intents.attempt(world, intent, method, off_session=False)
        return _ask(world, intent)
    if card.decline:
        return payments.declined(card.decline.error())
    return _complete(world, session, method, email=email)


def _finish_payment(world: World, intent: Json, *, succeed: bool) -> Outcome:
    session = open_session(world, intent["_sandbox"]["session"])
    method = world.get("payment_method", intent["payment_method"])
    card = methods.card_of(method)
    if not succeed:
        intents.refuse_authentication(world, intent)
        return payments.declined(intents.declined_error(intent))
    if card.decline:
        intents.attempt(world, intent, method, off_session=False, authenticated=True)
        return payments.declined(intents.declined_error(intent))
    email = intent["_sandbox"]["email"]
    return _complete(world, session, method, email=email, intent=intent)


def _set_up(world: World, session: Json, method: Json, *, email: str) -> Outcome:
    about = {"session": session["id"], "email": email}
    if session["setup_intent"]:
        intent = world.get("setup_intent", session["setup_intent"])
        world.private(intent).update(about)
        world.save(intent)
    else:
        intent = setups.create(world, customer=session["customer"], about=about)
    status = setups.attempt(world, intent, method)
    return _after_setup(world, intent, status)


def _finish_setup(world: World, intent: Json, *, succeed: bool) -> Outcome:
    if succeed:
        method = world.get("payment_method", intent["payment_method"])
        status = setups.attempt(world, intent, method, authenticated=True)
    else:
        status = setups.refuse_authentication(world, intent)
    return _after_setup(world, intent, status)


def _after_setup(world: World, intent: Json, status: str) -> Outcome:
    if status == setups.ASKS:
        return _ask(world, intent)
    if status == setups.REFUSED:
        return payments.declined(setups.declined_error(intent))
    private = intent["_sandbox"]
    if "session" not in private:
        return Completed(redirect_url=private.get("return_url") or "")
    session = open_session(world, private["session"])
    method = world.get("payment_method", intent["payment_method"])
    return _complete(world, session, method, email=private["email"])


def _ask(world: World, intent: Json) -> ActionRequired:
    url = intents.authentication_url(world, intent["id"])
    return ActionRequired(intent_id=intent["id"], url=url)


def _details(card: Json, email: str) -> Json:
    details: Json = {"email": email or None, "name": card.get("name")}
    if country := card.get("country"):
        details["address"] = {"country": country}
    return details
