"""How a price is worked out: its amounts, tiers, packages and currencies."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from wagtail_billing_portal.sandbox.billing.fields import (
    Json,
    need,
    only_one,
    supported_value,
)
from wagtail_billing_portal.sandbox.billing.rounding import plain
from wagtail_billing_portal.sandbox.errors import InvalidRequest
from wagtail_billing_portal.sandbox.world import World

_LONGEST = {"day": 1095, "week": 156, "month": 36, "year": 3}
_BLANK = {"unit_amount": None, "unit_amount_decimal": None}


def scheme(params: Json) -> Json:
    """The fields of a price that say what it costs in its own currency."""
    billing_scheme = params.get("billing_scheme", "per_unit")
    blank = {
        **_BLANK,
        "billing_scheme": billing_scheme,
        "custom_unit_amount": None,
        "tiers_mode": None,
        "transform_quantity": params.get("transform_quantity"),
    }
    if billing_scheme == "tiered":
        need(params, "tiers", "tiers_mode")
        _refuse_beside_tiers(params)
        return {**blank, "tiers_mode": params["tiers_mode"]}
    for name in ("tiers", "tiers_mode"):
        if name in params:
            raise InvalidRequest(
                f"`{name}` is only for prices with `billing_scheme=tiered`.",
                param=name,
            )
    return {**blank, **amount(params)}


def amount(params: Json) -> Json:
    """What one unit costs: set, or left to whoever pays."""
    only_one(params, "unit_amount", "unit_amount_decimal")
    if custom := params.get("custom_unit_amount"):
        return {**_BLANK, "custom_unit_amount": _custom(custom)}
    sent: Any = params.get("unit_amount", params.get("unit_amount_decimal"))
    if sent is None:
        raise InvalidRequest(
            "You must specify either `unit_amount` or `unit_amount_decimal`.",
            param="unit_amount",
            code="parameter_missing",
        )
    return {"custom_unit_amount": None, **_exact("unit_amount", sent)}


def options(price: Json, params: Json) -> Json:
    """What a price costs in each currency that it is offered in."""
    own = {
        "custom_unit_amount": price["custom_unit_amount"],
        "tax_behavior": price["tax_behavior"],
        "unit_amount": price["unit_amount"],
        "unit_amount_decimal": price["unit_amount_decimal"],
        **_tiers(params),
    }
    return {price["currency"]: own, **other_options(params)}


def other_options(params: Json) -> Json:
    """The other currencies that a request names."""
    return {
        currency.lower(): {
            "tax_behavior": option.get("tax_behavior", "unspecified"),
            **(
                {**_BLANK, "custom_unit_amount": None, **_tiers(option)}
                if "tiers" in option
                else amount(option)
            ),
        }
        for currency, option in (params.get("currency_options") or {}).items()
    }


def recurring(world: World, params: Json) -> Json:
    """How often it is charged, and whether for use or for having."""
    usage_type = params.get("usage_type", "licensed")
    meter = params.get("meter")
    if usage_type == "metered":
        if not meter:
            raise InvalidRequest(
                "Metered prices must be backed by a meter: pass `recurring[meter]`.",
                param="recurring[meter]",
                code="parameter_missing",
            )
        world.get("billing.meter", meter, param="recurring[meter]")
    else:
        supported_value(meter, None, "", param="recurring[meter]")
    count = params.get("interval_count", 1)
    if not 1 <= count <= _LONGEST[params["interval"]]:
        raise InvalidRequest(
            "Invalid `recurring[interval_count]`: the longest interval is three years.",
            param="recurring[interval_count]",
        )
    return {
        "interval": params["interval"],
        "interval_count": count,
        "meter": meter or None,
        "trial_period_days": params.get("trial_period_days"),
        "usage_type": usage_type,
    }


def _refuse_beside_tiers(params: Json) -> None:
    for name in ("unit_amount", "unit_amount_decimal", "transform_quantity"):
        if params.get(name) is not None:
            raise InvalidRequest(
                f"You cannot pass `{name}` for a tiered price: its tiers say what it "
                "costs.",
                param=name,
            )


def _tiers(params: Json) -> Json:
    if "tiers" not in params:
        return {}
    tiers = [_tier(sent, index) for index, sent in enumerate(params["tiers"])]
    bounds = [tier["up_to"] for tier in tiers]
    known = [bound for bound in bounds[:-1] if bound is not None]
    if bounds[-1] is not None or len(known) < len(bounds) - 1:
        raise InvalidRequest(
            "The last tier, and no other, must have `up_to` set to `inf`.",
            param="tiers",
        )
    if known != sorted(set(known)):
        raise InvalidRequest(
            "The tiers must be in order: each `up_to` above the one before it.",
            param="tiers",
        )
    return {"tiers": tiers}


def _tier(sent: Json, index: int) -> Json:
    only_one(sent, "unit_amount", "unit_amount_decimal")
    only_one(sent, "flat_amount", "flat_amount_decimal")
    tier: Json = {"up_to": None if sent["up_to"] == "inf" else int(sent["up_to"])}
    for name in ("flat_amount", "unit_amount"):
        value = sent.get(name, sent.get(f"{name}_decimal"))
        none = {name: None, f"{name}_decimal": None}
        tier |= none if value in (None, "") else _exact(name, value)
    if tier["unit_amount_decimal"] is None and tier["flat_amount_decimal"] is None:
        raise InvalidRequest(
            "Each tier needs a unit amount or a flat amount.",
            param=f"tiers[{index}]",
            code="parameter_missing",
        )
    return tier


def _custom(sent: Json) -> Json | None:
    if not sent.get("enabled"):
        return None
    return {name: sent.get(name) for name in ("maximum", "minimum", "preset")}


def _exact(name: str, sent: Any) -> Json:
    exact = Decimal(str(sent))
    if exact < 0:
        raise InvalidRequest(
            "This value must be greater than or equal to 0.",
            param=name,
            code="parameter_invalid_integer",
        )
    whole = exact == exact.to_integral_value()
    return {name: int(exact) if whole else None, f"{name}_decimal": plain(exact)}
