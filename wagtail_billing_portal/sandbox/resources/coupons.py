from __future__ import annotations

from typing import Any

from wagtail_billing_portal.sandbox.billing.fields import (
    assign,
    merge_metadata,
    need,
    only_one,
)
from wagtail_billing_portal.sandbox.contract import skeleton
from wagtail_billing_portal.sandbox.errors import InvalidRequest
from wagtail_billing_portal.sandbox.routing import expander, operation
from wagtail_billing_portal.sandbox.world import World, random_text

Json = dict[str, Any]

_CREATE = {
    "amount_off",
    "applies_to",
    "currency",
    "currency_options",
    "duration",
    "duration_in_months",
    "id",
    "max_redemptions",
    "metadata",
    "name",
    "percent_off",
    "redeem_by",
}


@operation("POST", "/v1/coupons", handles=_CREATE)
def create_coupon(world: World, params: Json) -> Json:
    """Something off: a share or an amount, once, for some months or for good."""
    duration = params.get("duration", "once")
    _check(world, params, duration)
    coupon = {
        **skeleton("coupon"),
        "id": params.get("id") or random_text(8),
        "created": world.now,
        "duration": duration,
        "times_redeemed": 0,
        "valid": True,
        "_sandbox": {
            "currency_options": _options(params),
            "products": (params.get("applies_to") or {}).get("products"),
            "due_at": params.get("redeem_by"),
        },
    }
    names = ("amount_off", "currency", "duration_in_months", "max_redemptions")
    assign(coupon, params, (*names, "name", "redeem_by"))
    if "percent_off" in params:
        coupon["percent_off"] = float(params["percent_off"])
    if coupon["currency"]:
        coupon["currency"] = coupon["currency"].lower()
    merge_metadata(coupon, params)
    return world.add(coupon, "coupon.created")


@operation("GET", "/v1/coupons/{coupon}")
def retrieve_coupon(world: World, params: Json, coupon: str) -> Json:
    return world.get("coupon", coupon)


@operation(
    "POST",
    "/v1/coupons/{coupon}",
    handles={"currency_options", "metadata", "name"},
)
def update_coupon(world: World, params: Json, coupon: str) -> Json:
    """Change its labels; what it takes off stays for ever."""
    stored = world.get("coupon", coupon)
    assign(stored, params, ("name",))
    options = world.private(stored)["currency_options"]
    world.private(stored)["currency_options"] = {**options, **_options(params)}
    merge_metadata(stored, params)
    return world.save(stored, "coupon.updated")


@operation("GET", "/v1/coupons")
def list_coupons(world: World, params: Json) -> Json:
    return world.list("coupon", params)


@operation("DELETE", "/v1/coupons/{coupon}")
def delete_coupon(world: World, params: Json, coupon: str) -> Json:
    """Nobody can use it any more; whoever has it keeps it."""
    return world.delete(world.get("coupon", coupon), "coupon.deleted")


@expander("coupon", "applies_to")
def expand_applies_to(world: World, coupon: Json) -> Json | None:
    products = world.get("coupon", coupon["id"])["_sandbox"]["products"]
    return {"products": products} if products else None


@expander("coupon", "currency_options")
def expand_currency_options(world: World, coupon: Json) -> Json | None:
    options: Json = world.get("coupon", coupon["id"])["_sandbox"]["currency_options"]
    return options or None


def _check(world: World, params: Json, duration: str) -> None:
    only_one(params, "amount_off", "percent_off")
    if "amount_off" in params:
        need(params, "currency")
        if params["amount_off"] <= 0:
            raise InvalidRequest("Invalid positive integer", param="amount_off")
    elif "percent_off" not in params:
        raise InvalidRequest(
            "Must pass percent_off or amount_off", code="parameter_missing"
        )
    elif not 0 < params["percent_off"] <= 100:
        raise InvalidRequest(
            "Invalid percent_off: must be above 0 and at most 100.",
            param="percent_off",
        )
    if duration == "repeating":
        need(params, "duration_in_months")
    elif params.get("duration_in_months"):
        raise InvalidRequest(
            "`duration_in_months` is only for coupons with `duration=repeating`.",
            param="duration_in_months",
        )
    if (redeem_by := params.get("redeem_by")) and redeem_by <= world.now:
        raise InvalidRequest("Redeem by must be in the future", param="redeem_by")
    for index, product in enumerate(
        (params.get("applies_to") or {}).get("products", [])
    ):
        world.get("product", product, param=f"applies_to[products][{index}]")


def _options(params: Json) -> Json:
    sent = params.get("currency_options") or {}
    return {currency.lower(): dict(option) for currency, option in sent.items()}
