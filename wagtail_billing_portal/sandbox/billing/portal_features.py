"""What a portal configuration offers, and what Stripe refuses of it."""

from __future__ import annotations

from wagtail_billing_portal.sandbox.billing.fields import Json, assign
from wagtail_billing_portal.sandbox.errors import InvalidRequest
from wagtail_billing_portal.sandbox.world import World

MOST_PRODUCTS = 10
_LONGEST_PAUSE = {"day": 3 * 365, "week": 3 * 52, "month": 3 * 12, "year": 3}
_ONE_MONTH = {"interval": "month", "interval_count": 1}


def blank() -> Json:
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
            "duration": {"interval_options": [_ONE_MONTH], "type": "interval_options"},
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


def write(world: World, configuration: Json, sent: Json) -> None:
    """Merge the features that were sent over those that are stored."""
    features = dict(configuration["features"])
    for name, part in sent.items():
        features[name] = _merged(features[name], part)
    _check_customer(features)
    _check_payment_methods(features)
    _check_cancel(world, features["subscription_cancel"])
    _check_pause(features, sent)
    _check_update(features)
    _check_products(world, features["subscription_update"])
    _check_together(features)
    configuration["features"] = features


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


def _check_customer(features: Json) -> None:
    changes = features["customer_update"]
    if changes["enabled"] and not changes["allowed_updates"]:
        raise _missing("customer_update", "allowed_updates")


def _check_payment_methods(features: Json) -> None:
    path = "features[payment_method_update][payment_method_configuration]"
    if features["payment_method_update"]["payment_method_configuration"]:
        raise InvalidRequest(
            "The sandbox has no payment method configurations yet.", param=path
        )


def _check_cancel(world: World, cancel: Json) -> None:
    if cancel["proration_behavior"] == "always_invoice":
        raise _refused("subscription_cancel", "proration_behavior", "`always_invoice`")
    if cancel["mode"] == "at_period_end" and cancel["proration_behavior"] != "none":
        raise _refused("subscription_cancel", "proration_behavior", "a proration")
    asked, path = cancel["cancellation_reason"], "subscription_cancel"
    own = asked.get("feedback_options") or []
    if asked["enabled"] and not asked["options"] and not own:
        raise _missing(path, "cancellation_reason][options")
    for index, option in enumerate(own):
        param = f"features[{path}][cancellation_reason][feedback_options][{index}]"
        found = world.get("billing.feedback_option", option, param=param)
        if found["status"] != "active":
            raise InvalidRequest(
                f"The feedback option {option} is inactive.", param=param
            )


def _check_pause(features: Json, sent: Json) -> None:
    duration = features["subscription_pause"]["duration"]
    options = duration["interval_options"]
    wish = sent.get("subscription_pause", {}).get("duration", {})
    if duration["type"] == "indefinite":
        if wish.get("interval_options"):
            raise _refused("subscription_pause", "duration", "`interval_options`")
        duration["interval_options"] = []
        return
    if not options:
        raise _missing("subscription_pause", "duration][interval_options")
    made = [{**option, **_counted(option)} for option in options]
    duration["interval_options"] = made
    for index, option in enumerate(made):
        count, most = option["interval_count"], _LONGEST_PAUSE[option["interval"]]
        if not 1 <= count <= most:
            raise InvalidRequest(
                "A subscription can be paused for three years at most.",
                param="features[subscription_pause][duration][interval_options]"
                f"[{index}][interval_count]",
            )


def _counted(option: Json) -> Json:
    return {"interval_count": int(option.get("interval_count", 1))}


def _check_update(features: Json) -> None:
    update = features["subscription_update"]
    if not update["enabled"]:
        return
    for name in ("products", "default_allowed_updates"):
        if not update.get(name):
            raise _missing("subscription_update", name)


def _check_together(features: Json) -> None:
    updates = features["subscription_update"]["enabled"]
    if updates and not features["payment_method_update"]["enabled"]:
        raise InvalidRequest(
            "Cannot enable subscription updates while payment method update is "
            "disabled."
        )


def _check_products(world: World, update: Json) -> None:
    products = update.get("products") or []
    path = "features[subscription_update][products]"
    if len(products) > MOST_PRODUCTS:
        raise InvalidRequest(
            f"You can offer at most {MOST_PRODUCTS} products.", param=path
        )
    for index, offer in enumerate(products):
        world.get("product", offer["product"], param=f"{path}[{index}][product]")
        _check_prices(world, offer, path=f"{path}[{index}]")
        _check_quantity(offer, path=f"{path}[{index}]")


def _check_prices(world: World, offer: Json, *, path: str) -> None:
    seen = set()
    for position, price_id in enumerate(offer["prices"]):
        param = f"{path}[prices][{position}]"
        price = world.get("price", price_id, param=param)
        if price["product"] != offer["product"] or price["recurring"] is None:
            raise InvalidRequest(
                f"The price {price_id} is not a recurring price of the product "
                f"{offer['product']}.",
                param=param,
            )
        rhythm = (
            price["currency"],
            price["recurring"]["interval"],
            price["recurring"]["interval_count"],
        )
        if rhythm in seen:
            raise InvalidRequest(
                "A product cannot have several prices with the same billing interval "
                "in the customer portal.",
                param=param,
            )
        seen.add(rhythm)


def _check_quantity(offer: Json, *, path: str) -> None:
    limits = {
        "enabled": False,
        "maximum": None,
        "minimum": 1,
        **offer.get("adjustable_quantity", {}),
    }
    offer["adjustable_quantity"] = limits
    maximum = limits["maximum"]
    if limits["minimum"] < 0 or (maximum is not None and maximum < limits["minimum"]):
        raise InvalidRequest(
            "The `maximum` quantity must be at least the `minimum` quantity.",
            param=f"{path}[adjustable_quantity][maximum]",
        )


def _missing(feature: str, name: str) -> InvalidRequest:
    return InvalidRequest(
        f"You must provide `{name.rpartition('[')[2]}` when `{feature}` is enabled.",
        param=f"features[{feature}][{name}]",
        code="parameter_missing",
    )


def _refused(feature: str, name: str, what: str) -> InvalidRequest:
    return InvalidRequest(
        f"The feature `{feature}` cannot use {what} here.",
        param=f"features[{feature}][{name}]",
    )
