"""Which parameters of a checkout session go together."""

from __future__ import annotations

from urllib.parse import urlsplit

from wagtail_billing_portal.sandbox.billing.fields import (
    Json,
    need,
    only_one,
    supported_value,
)
from wagtail_billing_portal.sandbox.billing.periods import DAY
from wagtail_billing_portal.sandbox.errors import InvalidRequest
from wagtail_billing_portal.sandbox.world import World

SHORTEST = 30 * 60
LONGEST_REFERENCE = 200

_ONLY_IN = {
    "allow_promotion_codes": ("payment", "subscription"),
    "customer_creation": ("payment", "setup"),
    "discounts": ("payment", "subscription"),
    "line_items": ("payment", "subscription"),
    "optional_items": ("payment", "subscription"),
    "payment_intent_data": ("payment",),
    "payment_method_collection": ("subscription",),
    "phone_number_collection": ("payment", "subscription"),
    "saved_payment_method_options": ("payment", "subscription"),
    "setup_intent_data": ("setup",),
    "submit_type": ("payment", "subscription"),
    "subscription_data": ("subscription",),
}
_URLS = ("cancel_url", "return_url", "success_url")


def check(world: World, params: Json, *, linked: bool = False) -> None:
    """Refuse what cannot work; ``linked`` sessions may end on a page of Stripe's."""
    need(params, "mode")
    _check_ways_out(params, linked=linked)
    _check_mode(params)
    _check_customer(world, params)
    _check_supported(params)
    if len(params.get("client_reference_id", "")) > LONGEST_REFERENCE:
        raise InvalidRequest(
            f"Invalid string: must be at most {LONGEST_REFERENCE} characters.",
            param="client_reference_id",
        )
    expires_at = params.get("expires_at", world.now + DAY)
    if not world.now + SHORTEST <= expires_at <= world.now + DAY:
        raise InvalidRequest(
            "The `expires_at` timestamp must be between 30 minutes and 24 hours from "
            "Checkout Session creation.",
            param="expires_at",
        )


def _check_supported(params: Json) -> None:
    only_one(params, "allowed_payment_method_types", "excluded_payment_method_types")
    liability = (params.get("automatic_tax") or {}).get("liability", {})
    supported_value(
        liability.get("type", "self"), "self", param="automatic_tax[liability][type]"
    )


def is_web_address(url: str) -> bool:
    """Whether a browser may be sent there; no script, file or app."""
    parts = urlsplit(url)
    return parts.scheme in ("http", "https") and bool(parts.hostname)


def _check_ways_out(params: Json, *, linked: bool) -> None:
    mode = params.get("ui_mode", "hosted_page")
    if mode == "hosted_page":
        _refuse(params, mode, "return_url", "redirect_on_completion")
        if not linked:
            need(params, "success_url")
    else:
        _refuse(params, mode, "success_url", "cancel_url", "after_expiration")
        stays = params.get("redirect_on_completion") == "never"
        if mode == "elements":
            _refuse(params, mode, "redirect_on_completion")
        if stays and "return_url" in params:
            raise InvalidRequest(
                "You can not pass `return_url` when `redirect_on_completion` is "
                "`never`.",
                param="return_url",
            )
        if not stays:
            need(params, "return_url")
    for name in _URLS:
        if params.get(name) and not is_web_address(params[name]):
            raise InvalidRequest("Not a valid URL", param=name, code="url_invalid")


def check_only_in(mode: str, name: str) -> None:
    """Refuse a parameter that means nothing in a session's mode."""
    if mode not in _ONLY_IN[name]:
        raise InvalidRequest(f"You can not pass `{name}` in `{mode}` mode.", param=name)


def _refuse(params: Json, mode: str, *names: str) -> None:
    for name in names:
        if name in params:
            raise InvalidRequest(
                f"You can not pass `{name}` when `ui_mode` is `{mode}`.", param=name
            )


def _check_mode(params: Json) -> None:
    mode = params["mode"]
    for name in _ONLY_IN.keys() & params.keys():
        check_only_in(mode, name)
    wanted = params.get("submit_type", "auto")
    fitting = ("auto", "subscribe") if mode == "subscription" else _PAYING
    if wanted not in fitting:
        raise InvalidRequest(
            f"`submit_type` can not be `{wanted}` in `{mode}` mode.",
            param="submit_type",
        )


_PAYING = ("auto", "book", "donate", "pay")


def _check_place(params: Json, customer: Json) -> None:
    """Tax needs to know where an existing customer lives, or to be told."""
    enabled = (params.get("automatic_tax") or {}).get("enabled", False)
    wishes = params.get("customer_update") or {}
    country = (customer["address"] or {}).get("country")
    if enabled and not country and wishes.get("address") != "auto":
        raise InvalidRequest(
            "Automatic tax calculation in Checkout requires a valid address on the "
            "Customer. Add a valid address to the Customer or set "
            "`customer_update[address]` to 'auto' to save the address entered in "
            "Checkout to the Customer.",
            param="automatic_tax[enabled]",
            code="customer_tax_location_invalid",
        )


def _check_name(params: Json) -> None:
    """Who says a tax ID says under which name; it must be allowed to be kept."""
    asked = (params.get("tax_id_collection") or {}).get("enabled")
    if asked and (params.get("customer_update") or {}).get("name") != "auto":
        raise InvalidRequest(
            "Tax ID collection requires updating business name on the customer. To "
            "enable tax ID collection for an existing customer, please set "
            "`customer_update[name]` to `auto`.",
            param="tax_id_collection[enabled]",
        )


def _check_customer(world: World, params: Json) -> None:
    only_one(params, "customer", "customer_email")
    only_one(params, "customer", "customer_creation")
    if customer := params.get("customer"):
        known = world.get("customer", customer, param="customer")
        _check_place(params, known)
        _check_name(params)
    elif "customer_update" in params:
        raise InvalidRequest(
            "`customer_update` can only be used with `customer`.",
            param="customer_update",
        )
