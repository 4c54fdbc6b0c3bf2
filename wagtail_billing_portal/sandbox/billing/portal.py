"""The hosted portal: what it offers, and who may enter for how long."""

from __future__ import annotations

import dataclasses

from wagtail_billing_portal.sandbox import store
from wagtail_billing_portal.sandbox.billing.fields import Json, assign
from wagtail_billing_portal.sandbox.contract import skeleton
from wagtail_billing_portal.sandbox.errors import InvalidRequest
from wagtail_billing_portal.sandbox.world import World

PAGE = "_portal_page"
KIND = "billing_portal.configuration"
UNUSED_LIFETIME = 5 * 60
USED_LIFETIME = 60 * 60


@dataclasses.dataclass(frozen=True)
class Visit:
    """Somebody inside the hosted portal, let in by a session's address."""

    session: Json
    configuration: Json
    customer: Json


def blank_features() -> Json:
    """Everything switched off, with Stripe's defaults for the rest."""
    return {
        "customer_update": {"allowed_updates": [], "enabled": False},
        "invoice_history": {"enabled": False},
        "payment_method_update": {
            "enabled": False,
            "payment_method_configuration": None,
        },
        "subscription_cancel": {
            "cancellation_reason": {"enabled": False, "options": []},
            "enabled": False,
            "mode": "at_period_end",
            "proration_behavior": "none",
        },
        "subscription_pause": {
            "duration": {"interval_options": [], "type": "indefinite"},
            "enabled": False,
        },
        "subscription_update": {
            "billing_cycle_anchor": None,
            "default_allowed_updates": [],
            "enabled": False,
            "proration_behavior": "none",
            "schedule_at_period_end": {"conditions": []},
            "trial_update_behavior": "end_trial",
        },
    }


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
        "features": blank_features(),
        "is_default": is_default,
        "login_page": {"enabled": False, "url": None},
        "metadata": {},
        "updated": world.now,
    }


def save_default(world: World, features: Json | None = None) -> Json:
    """What saving the portal's page in Stripe's dashboard does."""
    found = world.find(KIND, is_default=True)
    configuration = found[0] if found else create_configuration(world, is_default=True)
    write_features(world, configuration, features or {})
    if found:
        return world.save(configuration, "billing_portal.configuration.updated")
    return world.add(configuration, "billing_portal.configuration.created")


def write_features(world: World, configuration: Json, sent: Json) -> None:
    """Merge the features that were sent over those that are stored."""
    features = dict(configuration["features"])
    for name, part in sent.items():
        features[name] = _merged(features[name], part)
    _check(world, features)
    configuration["features"] = features


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


def account_of(token: str) -> str | None:
    """The account whose portal a session's address opens."""
    return store.account_of(PAGE, token)


def enter(world: World, token: str) -> Visit | None:
    """Let the bearer of an address in, if it still holds; each visit renews it."""
    found = world.find(PAGE, id=token)
    if not found or found[0]["expires_at"] < world.now:
        return None
    page = found[0]
    page["expires_at"] = world.now + USED_LIFETIME
    world.save(page)
    session = page["session"]
    customers = world.find("customer", id=session["customer"])
    if not customers:
        return None
    configuration = world.get(KIND, session["configuration"])
    return Visit(session=session, configuration=configuration, customer=customers[0])


def _merged(old: Json, sent: Json) -> Json:
    merged = dict(old)
    for name, value in sent.items():
        if isinstance(value, dict) and isinstance(merged.get(name), dict):
            merged[name] = _merged(merged[name], value)
        elif value == "" and isinstance(merged.get(name), list):
            merged[name] = []
        else:
            assign(merged, {name: value}, (name,))
    return merged


def _check(world: World, features: Json) -> None:
    cancel = features["subscription_cancel"]
    if cancel["proration_behavior"] == "always_invoice":
        raise _refused("subscription_cancel", "proration_behavior", "`always_invoice`")
    if cancel["mode"] == "at_period_end" and cancel["proration_behavior"] != "none":
        raise _refused("subscription_cancel", "proration_behavior", "a proration")
    update = features["subscription_update"]
    if update["enabled"] and not update.get("products"):
        raise InvalidRequest(
            "You must provide `products` when `subscription_update` is enabled.",
            param="features[subscription_update][products]",
            code="parameter_missing",
        )
    if update["enabled"] and not update["default_allowed_updates"]:
        raise InvalidRequest(
            "You must provide `default_allowed_updates` when `subscription_update` is "
            "enabled.",
            param="features[subscription_update][default_allowed_updates]",
            code="parameter_missing",
        )
    _check_products(world, update)
    changes = features["customer_update"]
    if changes["enabled"] and not changes["allowed_updates"]:
        raise InvalidRequest(
            "You must provide `allowed_updates` when `customer_update` is enabled.",
            param="features[customer_update][allowed_updates]",
            code="parameter_missing",
        )


def _check_products(world: World, update: Json) -> None:
    products = update.get("products") or []
    path = "features[subscription_update][products]"
    if len(products) > 10:
        raise InvalidRequest("You can offer at most 10 products.", param=path)
    for index, offer in enumerate(products):
        world.get("product", offer["product"], param=f"{path}[{index}][product]")
        for position, price_id in enumerate(offer["prices"]):
            param = f"{path}[{index}][prices][{position}]"
            price = world.get("price", price_id, param=param)
            if price["product"] != offer["product"] or price["recurring"] is None:
                raise InvalidRequest(
                    f"The price {price_id} is not a recurring price of the product "
                    f"{offer['product']}.",
                    param=param,
                )
        quantity = {"enabled": False, "maximum": None, "minimum": 1}
        offer["adjustable_quantity"] = {
            **quantity,
            **offer.get("adjustable_quantity", {}),
        }


def _refused(feature: str, name: str, what: str) -> InvalidRequest:
    return InvalidRequest(
        f"The feature `{feature}` cannot use {what} here.",
        param=f"features[{feature}][{name}]",
    )
