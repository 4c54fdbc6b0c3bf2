"""Getting into the hosted portal by an e-mail address: a code, typed in once."""

from __future__ import annotations

import secrets

from django.utils.crypto import constant_time_compare

from wagtail_billing_portal.sandbox.billing import portal, standing
from wagtail_billing_portal.sandbox.billing.fields import Json
from wagtail_billing_portal.sandbox.world import World, random_text

KIND = "_portal_login"
LIFETIME = 10 * 60
MOST_TRIES = 5


def customer_with(world: World, email: str) -> Json | None:
    """Whose address it is; of several, the newest one who has a subscription."""
    wanted = email.strip().casefold()
    found = [
        customer
        for customer in world.find("customer")
        if (customer["email"] or "").casefold() == wanted
    ]
    subscribed = [customer for customer in found if _is_subscribed(world, customer)]
    return next(iter([*subscribed, *found]), None)


def recoverable(world: World, token: str) -> Json | None:
    """The customer who may have an expired session again, if it allows that."""
    page = world.get(portal.PAGE, token)
    after = page["session"].get("after_expiration")
    if after is None:
        return None
    until = after["customer_login"]["expires_at"]
    customers = world.find("customer", id=page["session"]["customer"])
    if not customers or not customers[0]["email"]:
        return None
    return customers[0] if until is None or world.now < until else None


def send_code(
    world: World,
    email: str,
    customer: Json | None,
    *,
    configuration: str,
    page: str | None = None,
    login_page: str | None = None,
) -> Json:
    """A code for an address; without a customer there is none that opens anything.

    ``page`` is the expired session that is to be replaced, ``login_page`` where the
    address was typed in.
    """
    login = {
        "id": random_text(48),
        "object": KIND,
        "code": f"{secrets.randbelow(1_000_000):06}",
        "configuration": configuration,
        "customer": customer["id"] if customer else None,
        "email": email,
        "expires_at": world.now + LIFETIME,
        "login_page": login_page,
        "page": page,
        "tries": 0,
    }
    return world.add(login)


def is_over(world: World, login: Json) -> bool:
    """Whether a code opens nothing any more, however it is typed."""
    return bool(login["expires_at"] <= world.now or login["tries"] >= MOST_TRIES)


def enter(world: World, login: Json, code: str) -> Json | None:
    """The session that the right code opens; it does so once."""
    right = constant_time_compare(login["code"], code)
    if is_over(world, login) or not right or login["customer"] is None:
        world.save({**login, "tries": login["tries"] + 1})
        return None
    world.delete(login)
    configuration = world.get(portal.KIND, login["configuration"])
    if login["page"] is None:
        return portal.open_session(
            world,
            login["customer"],
            configuration["id"],
            return_url=configuration["default_return_url"],
            logged_in=True,
        )
    page = world.get(portal.PAGE, login["page"])
    session = page["session"]
    return portal.open_session(
        world,
        session["customer"],
        configuration["id"],
        after_expiration=session["after_expiration"],
        flow=None if page.get("flow_done") else session["flow"],
        locale=session["locale"],
        return_url=session["return_url"],
        logged_in=True,
    )


def _is_subscribed(world: World, customer: Json) -> bool:
    return any(
        subscription["status"] not in standing.ENDED
        for subscription in world.find("subscription", customer=customer["id"])
    )
