"""What a checkout's discounts and taxes consist of."""

from __future__ import annotations

from wagtail_billing_portal.sandbox.billing import discounts
from wagtail_billing_portal.sandbox.billing.fields import Json
from wagtail_billing_portal.sandbox.contract import skeleton
from wagtail_billing_portal.sandbox.world import World

_NOTHING: Json = {"discounts": [], "taxes": []}


def discounts_in(world: World, counted: Json) -> list[Json]:
    """What was taken off a session or one of its items, each with the discount."""
    found = counted["_sandbox"].get("breakdown", _NOTHING)["discounts"]
    if not found:
        return []
    session = _session_of(world, counted)
    return [
        {
            "amount": taken["amount"],
            "discount": _discount(world, session, taken["discount"]),
        }
        for taken in found
    ]


def taxes_in(world: World, counted: Json) -> list[Json]:
    """What was put on a session or one of its items, each with the rate."""
    found = counted["_sandbox"].get("breakdown", _NOTHING)["taxes"]
    return [_tax(world, tax) for tax in found]


def _session_of(world: World, counted: Json) -> Json:
    if counted["object"] == "checkout.session":
        return counted
    return world.get("checkout.session", counted["_sandbox"]["session"])


def _discount(world: World, session: Json, coupon: str) -> Json:
    """What the payer redeemed, or is about to; a session has one discount at most."""
    redeemed = world.find(discounts.KIND, checkout_session=session["id"])
    if redeemed:
        return {name: value for name, value in redeemed[0].items() if name != "deleted"}
    [chosen] = session["_sandbox"]["discounts"]
    return {
        **skeleton(discounts.KIND),
        "id": "di_" + session["id"].rpartition("_")[2][:24],
        "checkout_session": session["id"],
        "customer": session["customer"],
        "promotion_code": chosen.get("promotion_code"),
        "source": {"coupon": coupon, "type": "coupon"},
        "start": session["created"],
    }


def _tax(world: World, tax: Json) -> Json:
    rate, reason = tax["tax_rate_details"]["tax_rate"], tax["taxability_reason"]
    return {
        "amount": tax["amount"],
        "rate": world.get("tax_rate", rate, include_deleted=True),
        "taxability_reason": None if reason == "not_available" else reason,
        "taxable_amount": tax["taxable_amount"],
    }
