"""Whether a coupon or a promotion code is good, and counting that it was used."""

from __future__ import annotations

from wagtail_billing_portal.sandbox import clock
from wagtail_billing_portal.sandbox.billing.allocation import off_in
from wagtail_billing_portal.sandbox.billing.fields import Json
from wagtail_billing_portal.sandbox.errors import InvalidRequest
from wagtail_billing_portal.sandbox.world import World


def check_coupon(
    world: World, coupon: Json, *, currency: str | None, param: str
) -> None:
    """Refuse a coupon that is over, used up or of another currency."""
    over = coupon["redeem_by"] is not None and world.now >= coupon["redeem_by"]
    if over:
        raise InvalidRequest(
            f"Coupon expired: {coupon['id']}", code="coupon_expired", param=param
        )
    if _is_used_up(coupon) or not coupon["valid"]:
        raise InvalidRequest(
            f"Coupon {coupon['id']} is used up and cannot be applied.",
            code="coupon_expired",
            param=param,
        )
    fixed = coupon["amount_off"] is not None
    if fixed and currency is not None and off_in(coupon, currency) is None:
        raise InvalidRequest(
            f"The coupon {coupon['id']} takes off an amount in `{coupon['currency']}` "
            f"and cannot be applied to `{currency}`.",
            param=param,
        )


def check_code(
    world: World,
    code: Json,
    *,
    customer: str | None,
    amount: int | None,
    currency: str | None,
    param: str,
) -> None:
    """Refuse a promotion code that this customer cannot use for this."""
    if code["expires_at"] is not None and world.now >= code["expires_at"]:
        raise _unusable("it has expired", param, code="coupon_expired")
    if not code["active"]:
        raise _unusable("it is not active", param)
    if code["customer"] not in (None, customer):
        raise _unusable("it belongs to another customer", param)
    if code["restrictions"]["first_time_transaction"] and has_paid(world, customer):
        raise _unusable("the associated customer has prior transactions", param)
    minimum = _minimum(code, currency)
    if minimum is not None and amount is not None and amount < minimum:
        raise _unusable(f"the order is below its minimum of {minimum}", param)


def has_paid(world: World, customer: str | None) -> bool:
    """Whether a customer has bought anything before."""
    return customer is not None and any(
        invoice["amount_paid"] > 0
        for invoice in world.find("invoice", customer=customer, status="paid")
    )


def count(world: World, coupon: Json, code: Json | None) -> None:
    """One redemption more; what is used up is good no longer."""
    coupon["times_redeemed"] += 1
    if _is_used_up(coupon):
        coupon["valid"] = False
    world.save(coupon, "coupon.updated")
    if code is not None:
        code["times_redeemed"] += 1
        if _is_used_up(code):
            code["active"] = False
        world.save(code, "promotion_code.updated")


def take_back(world: World, coupon: Json, code_id: str | None) -> None:
    """One redemption less, as what it was for never came about."""
    redeemed = [("coupon", coupon["id"]), ("promotion_code", code_id)]
    for kind, id in redeemed:
        found = world.find(kind, id=id) if id else []
        for limited in found:
            flag = "valid" if kind == "coupon" else "active"
            if _is_used_up(limited):
                limited[flag] = True
            limited["times_redeemed"] -= 1
            world.save(limited, f"{kind}.updated")


@clock.due_work("coupon")
def expired(world: World, coupon: Json) -> None:
    """The last moment to redeem a coupon has passed."""
    world.private(coupon).pop("due_at", None)
    world.save({**coupon, "valid": False})


def _is_used_up(limited: Json) -> bool:
    most = limited["max_redemptions"]
    return most is not None and limited["times_redeemed"] >= most


def _minimum(code: Json, currency: str | None) -> int | None:
    restrictions = code["restrictions"]
    if restrictions["minimum_amount"] is None:
        return None
    if currency in (None, restrictions["minimum_amount_currency"]):
        return int(restrictions["minimum_amount"])
    option = (restrictions.get("currency_options") or {}).get(currency)
    return int(option["minimum_amount"]) if option else None


def _unusable(why: str, param: str, code: str | None = None) -> InvalidRequest:
    return InvalidRequest(
        f"This promotion code cannot be redeemed because {why}.",
        param=param,
        code=code,
    )
