"""Checkout: a card typed in on a hosted page becomes a subscription or a payment."""

from __future__ import annotations

from wagtail_billing_portal.sandbox.billing import (
    completion,
    details,
    intents,
    methods,
    offers,
    payer,
    payments,
    setups,
)
from wagtail_billing_portal.sandbox.billing.fields import Json
from wagtail_billing_portal.sandbox.billing.outcomes import (
    ActionRequired,
    Completed,
    Outcome,
)
from wagtail_billing_portal.sandbox.billing.periods import DAY
from wagtail_billing_portal.sandbox.clock import due_work
from wagtail_billing_portal.sandbox.errors import (
    CardDeclined,
    InvalidRequest,
    ResourceMissing,
)
from wagtail_billing_portal.sandbox.world import World, random_text

KIND = "checkout.session"
RECOVERABLE = 30 * DAY


def pay(
    world: World,
    session_id: str,
    *,
    card: Json | None = None,
    account: Json | None = None,
    saved: str | None = None,
    email: str = "",
    typed: Json | None = None,
) -> Outcome:
    """Submit the page with a ``card``, an ``account`` or the id of a ``saved`` method.

    An account comes in Stripe's ``payment_method_data``. Nothing is needed where no
    card is asked for. ``typed`` is what else was asked (see ``payer``).
    """
    session = open_session(world, session_id)
    typed = {**(typed or {}), **({"email": email} if email else {})}
    if card is None and account is None and saved is None:
        if session["payment_method_collection"] != "if_required" or completion.is_due(
            session
        ):
            raise InvalidRequest("This Checkout Session needs a card.", param="card")
        return _complete(world, session, None, typed=typed)
    try:
        method = _method(world, session, card or account, saved, typed)
    except CardDeclined as refusal:
        return payments.declined(refusal)
    return pay_with(world, session, method, typed=typed)


def pay_with(world: World, session: Json, method: Json, *, typed: Json) -> Outcome:
    """Pay, or only keep, with a payment method that is there already."""
    offers.settle_at(world, session, payer.place_of(method, typed))
    if session["mode"] == "setup" or not completion.is_due(session):
        return _set_up(world, session, method, typed=typed)
    return _charge(world, session, method, typed=typed)


def saved_methods(world: World, session: Json) -> list[Json]:
    """The customer's payment methods that the page may offer again."""
    options = session["saved_payment_method_options"]
    if not session["customer"] or session["mode"] == "setup" or not options:
        return []
    shown = options["allow_redisplay_filters"] or ["always"]
    return [
        method
        for method in world.find("payment_method", customer=session["customer"])
        if method["type"] in session["payment_method_types"]
        and method["allow_redisplay"] in shown
    ]


def _method(
    world: World, session: Json, new: Json | None, saved: str | None, typed: Json
) -> Json:
    email = typed.get("email") or ""
    if new is not None:
        kind = new.get("type", "card")
        if kind not in session["payment_method_types"]:
            raise InvalidRequest(
                f"This Checkout Session does not take payments with {kind}.",
                param="payment_method_data[type]",
            )
        if "type" in new:
            about = {"email": email or None, **new.get("billing_details", {})}
            return details.from_params(world, {**new, "billing_details": about})
        return methods.from_details(world, new, billing_details=_details(new, email))
    offered = saved_methods(world, session)
    found = next((method for method in offered if method["id"] == saved), None)
    if found is None:
        raise ResourceMissing("payment_method", str(saved), param="payment_method")
    return found


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
    private = world.private(session)
    private["due_at"] = None
    recovery = (session["after_expiration"] or {}).get("recovery")
    if recovery and recovery["enabled"]:
        private["recovery"] = random_text(48)
        session["after_expiration"] = {
            "recovery": {
                **recovery,
                "expires_at": world.now + RECOVERABLE,
                "url": world.url(f"/recover/{session['id']}/{private['recovery']}/"),
            }
        }
    return world.save(session, "checkout.session.expired")


def redirect_url(world: World, session: Json) -> str:
    """Where the browser goes after success; its own page where nothing is said."""
    url = session["success_url"] or session["return_url"]
    if url is None:
        return page_url(world, session)
    return str(url).replace("{CHECKOUT_SESSION_ID}", session["id"])


def page_url(world: World, session: Json) -> str:
    """The session's page: framed ones are known by their secret only."""
    if session["client_secret"]:
        return world.url(f"/embedded/{session['client_secret']}/")
    return world.url(f"/checkout/{session['id']}/")


def _complete(
    world: World,
    session: Json,
    method: Json | None,
    *,
    typed: Json,
    intent: Json | None = None,
) -> Outcome:
    completion.complete(world, session, method, typed=typed, intent=intent)
    return Completed(redirect_url=redirect_url(world, session))


def _charge(world: World, session: Json, method: Json, *, typed: Json) -> Outcome:
    """Ask the bank before anything is made, so that a refusal leaves nothing."""
    card = methods.card_of(method)
    if card.needs_authentication(off_session=False, set_up=False):
        about = {"session": session["id"], "typed": typed}
        intent = completion.intent_for(world, session, about=about)
        intents.attempt(world, intent, method, off_session=False)
        return _ask(world, intent)
    if card.decline and not card.takes:
        return payments.declined(card.decline.error())
    return _complete(world, session, method, typed=typed)


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
    typed = intent["_sandbox"]["typed"]
    return _complete(world, session, method, typed=typed, intent=intent)


def _set_up(world: World, session: Json, method: Json, *, typed: Json) -> Outcome:
    about = {"session": session["id"], "typed": typed}
    if session["setup_intent"]:
        intent = world.get("setup_intent", session["setup_intent"])
        world.private(intent).update(about)
        world.save(intent)
    else:
        types = {"payment_method_types": session["payment_method_types"]}
        intent = setups.create(
            world, customer=session["customer"], about=about, fields=types
        )
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
    return _complete(world, session, method, typed=private["typed"])


def _ask(world: World, intent: Json) -> ActionRequired:
    url = intents.authentication_url(world, intent["id"])
    return ActionRequired(intent_id=intent["id"], url=url)


def _details(card: Json, email: str) -> Json:
    holder: Json = {"email": email or None, "name": card.get("name")}
    if country := card.get("country"):
        holder["address"] = {"country": country}
    return holder
