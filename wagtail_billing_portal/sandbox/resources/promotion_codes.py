from __future__ import annotations

import secrets
import string
from typing import Any

from wagtail_billing_portal.sandbox.billing.fields import assign, merge_metadata, need
from wagtail_billing_portal.sandbox.contract import skeleton
from wagtail_billing_portal.sandbox.errors import InvalidRequest
from wagtail_billing_portal.sandbox.pagination import page
from wagtail_billing_portal.sandbox.routing import operation
from wagtail_billing_portal.sandbox.world import World

Json = dict[str, Any]

_LETTERS = string.ascii_uppercase + string.digits
_RESTRICTIONS = ("first_time_transaction", "minimum_amount", "minimum_amount_currency")


@operation(
    "POST",
    "/v1/promotion_codes",
    handles={
        "active",
        "code",
        "customer",
        "expires_at",
        "max_redemptions",
        "metadata",
        "promotion",
        "restrictions",
    },
)
def create_promotion_code(world: World, params: Json) -> Json:
    """A word for customers to type, which redeems a coupon."""
    promotion = params["promotion"]
    need(promotion, "coupon")
    coupon = world.get("coupon", promotion["coupon"], param="promotion[coupon]")
    if params.get("customer"):
        world.get("customer", params["customer"], param="customer")
    code = params.get("code") or _made_up()
    active = params.get("active", True)
    if active:
        _check_unused(world, code)
    promotion_code = {
        **skeleton("promotion_code"),
        "id": world.new_id("promo_"),
        "active": active,
        "code": code,
        "created": world.now,
        "promotion": {"coupon": coupon["id"], "type": "coupon"},
        "restrictions": _restrictions(params.get("restrictions") or {}),
        "times_redeemed": 0,
    }
    assign(promotion_code, params, ("customer", "expires_at", "max_redemptions"))
    merge_metadata(promotion_code, params)
    return world.add(promotion_code, "promotion_code.created")


@operation("GET", "/v1/promotion_codes/{promotion_code}")
def retrieve_promotion_code(world: World, params: Json, promotion_code: str) -> Json:
    return world.get("promotion_code", promotion_code)


@operation(
    "POST",
    "/v1/promotion_codes/{promotion_code}",
    handles={"active", "metadata", "restrictions"},
)
def update_promotion_code(world: World, params: Json, promotion_code: str) -> Json:
    """Switch it off or on again; the rest of it stays."""
    stored = world.get("promotion_code", promotion_code)
    if params.get("active") and not stored["active"]:
        _check_unused(world, stored["code"])
        if (stored["expires_at"] or world.now + 1) <= world.now:
            raise InvalidRequest(
                "This promotion code has expired: it cannot be activated again.",
                param="active",
            )
    assign(stored, params, ("active",))
    options = (params.get("restrictions") or {}).get("currency_options") or {}
    if options:
        held = stored["restrictions"]
        both = {**(held.get("currency_options") or {}), **options}
        stored["restrictions"] = {**held, "currency_options": both}
    merge_metadata(stored, params)
    return world.save(stored, "promotion_code.updated")


@operation(
    "GET", "/v1/promotion_codes", handles={"active", "code", "coupon", "customer"}
)
def list_promotion_codes(world: World, params: Json) -> Json:
    """Codes are found whatever their case, as customers may type them."""
    equals = {name: params[name] for name in ("active", "customer") if name in params}
    if "code" not in params and "coupon" not in params:
        return world.list("promotion_code", params, **equals)
    wanted = params.get("code", "").lower()
    found = [
        one
        for one in world.find("promotion_code", **equals)
        if wanted in ("", one["code"].lower())
        and params.get("coupon", one["promotion"]["coupon"])
        == one["promotion"]["coupon"]
    ]
    return page(found, params, url=world.path)


def _restrictions(sent: Json) -> Json:
    if sent.get("minimum_amount") is not None:
        need(sent, "minimum_amount_currency")
    restrictions: Json = skeleton("promotion_code", "restrictions")
    assign(restrictions, sent, _RESTRICTIONS)
    restrictions["first_time_transaction"] = bool(sent.get("first_time_transaction"))
    restrictions.pop("currency_options", None)
    if options := sent.get("currency_options"):
        restrictions["currency_options"] = options
    return restrictions


def _check_unused(world: World, code: str) -> None:
    for other in world.find("promotion_code", active=True):
        if other["code"].lower() == code.lower():
            raise InvalidRequest(
                "An active promotion code with `code: "
                f"{code}` already exists. Try specifying a different `code`, or "
                "deactivate the conflicting promotion code.",
                param="code",
                code="resource_already_exists",
            )


def _made_up() -> str:
    return "".join(secrets.choice(_LETTERS) for _ in range(8))
