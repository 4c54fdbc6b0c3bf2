"""The hosted portal: its configurations and sessions, and who may enter how long."""

from __future__ import annotations

import dataclasses

from wagtail_billing_portal.sandbox.billing import portal_features
from wagtail_billing_portal.sandbox.billing.fields import Json, need
from wagtail_billing_portal.sandbox.contract import skeleton
from wagtail_billing_portal.sandbox.errors import InvalidRequest
from wagtail_billing_portal.sandbox.world import World, random_text

PAGE = "_portal_page"
LOGIN_PAGE = "_portal_login_page"
KIND = "billing_portal.configuration"
UNUSED_LIFETIME = 5 * 60
USED_LIFETIME = 60 * 60


@dataclasses.dataclass(frozen=True)
class Visit:
    """Somebody inside the hosted portal, let in by a session's address."""

    session: Json
    configuration: Json
    customer: Json


def create_configuration(world: World, *, is_default: bool = False) -> Json:
    """A configuration that offers nothing yet; not stored."""
    return {
        **skeleton(KIND),
        "id": world.new_id("bpc_"),
        "active": True,
        "business_profile": dict.fromkeys(
            ("headline", "privacy_policy_url", "terms_of_service_url")
        ),
        "created": world.now,
        "features": portal_features.blank(),
        "is_default": is_default,
        "login_page": {"enabled": False, "url": None},
        "metadata": {},
        "updated": world.now,
    }


def save_default(world: World, features: Json | None = None) -> Json:
    """What saving the portal's page in Stripe's dashboard does."""
    found = world.find(KIND, is_default=True)
    configuration = found[0] if found else create_configuration(world, is_default=True)
    portal_features.write(world, configuration, features or {})
    if found:
        return world.save(configuration, "billing_portal.configuration.updated")
    return world.add(configuration, "billing_portal.configuration.created")


def configuration_for(world: World, configuration_id: str | None) -> Json:
    """The configuration that a session uses: the one named, or the default."""
    if configuration_id:
        found: Json = world.get(KIND, configuration_id, param="configuration")
        if not found["active"]:
            raise InvalidRequest(
                "The provided configuration is inactive.", param="configuration"
            )
        return found
    defaults = world.find(KIND, is_default=True)
    if not defaults:
        raise InvalidRequest(
            "No configuration provided and your test mode default configuration has "
            "not been created. Provide a configuration or create your default by "
            "saving your customer portal settings in test mode at "
            "https://dashboard.stripe.com/test/settings/billing/portal."
        )
    return defaults[0]


def write_login_page(world: World, configuration: Json, *, enabled: bool) -> None:
    """Open a page to log in by e-mail, or close it; an old address never reopens."""
    if enabled == configuration["login_page"]["enabled"]:
        return
    url = None
    if enabled:
        token = random_text(24)
        page = {"id": token, "object": LOGIN_PAGE, "configuration": configuration["id"]}
        world.add(page)
        url = world.url(f"/portal-login/{token}/")
    else:
        for page in world.find(LOGIN_PAGE, configuration=configuration["id"]):
            world.delete(page)
    configuration["login_page"] = {"enabled": enabled, "url": url}


def read_after_expiration(world: World, params: Json) -> Json | None:
    """How a session may be had again that was left lying too long."""
    if (sent := params.get("after_expiration")) is None:
        return None
    param = "after_expiration[customer_login][expires_at]"
    expires_at = (sent.get("customer_login") or {}).get("expires_at")
    if expires_at is not None and expires_at <= world.now:
        raise InvalidRequest("`expires_at` must be in the future.", param=param)
    need(sent, "type")
    return {"customer_login": {"expires_at": expires_at}, "type": sent["type"]}


def open_session(
    world: World,
    customer: str,
    configuration: str,
    *,
    after_expiration: Json | None = None,
    flow: Json | None = None,
    locale: str | None = None,
    return_url: str | None = None,
    logged_in: bool = False,
) -> Json:
    """A session with its address, for a short while.

    ``logged_in`` by e-mail, customers cannot change the address that let them in.
    """
    token = random_text(48)
    session = {
        **skeleton("billing_portal.session"),
        "id": world.new_id("bps_"),
        "configuration": configuration,
        "created": world.now,
        "customer": customer,
        "flow": flow,
        "locale": locale,
        "return_url": return_url,
        "url": world.url(f"/portal/{token}/"),
    }
    if after_expiration:
        session["after_expiration"] = after_expiration
    page = {
        "id": token,
        "object": PAGE,
        "customer": customer,
        "expires_at": world.now + UNUSED_LIFETIME,
        "logged_in": logged_in,
        "session": session,
    }
    world.add(page)
    world.emit("billing_portal.session.created", session)
    return session


def enter(world: World, token: str) -> Visit | None:
    """Let the bearer of an address in, if it still holds; each visit renews it."""
    found = world.find(PAGE, id=token)
    if not found or found[0]["expires_at"] < world.now:
        return None
    page = found[0]
    session = page["session"]
    customers = world.find("customer", id=session["customer"])
    if not customers:
        return None
    page["expires_at"] = world.now + USED_LIFETIME
    world.save(page)
    configuration = world.get(KIND, session["configuration"])
    return Visit(session=session, configuration=configuration, customer=customers[0])
