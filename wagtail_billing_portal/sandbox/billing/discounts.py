"""Discounts: coupons and promotion codes at work."""

from __future__ import annotations

from collections.abc import Iterable

from wagtail_billing_portal.sandbox.billing import allocation
from wagtail_billing_portal.sandbox.billing.fields import Json
from wagtail_billing_portal.sandbox.billing.periods import add_months
from wagtail_billing_portal.sandbox.contract import skeleton
from wagtail_billing_portal.sandbox.errors import InvalidRequest
from wagtail_billing_portal.sandbox.world import World


def read(
    world: World,
    sent: list[Json] | str,
    *,
    customer: str | None,
    param: str,
    subscription: str | None = None,
    subscription_item: str | None = None,
    invoice: str | None = None,
    invoice_item: str | None = None,
    present: Iterable[str] = (),
    amount: int | None = None,
    currency: str | None = None,
) -> list[str]:
    """Discounts from a ``discounts`` parameter: the ids of what is in force then.

    ``present`` are those in force so far: what ``sent`` does not name again ends.
    ``amount`` and ``currency``, where known, are held against a code's minimum and a
    coupon's currency.
    """
    owner = {
        "customer": customer,
        "subscription": subscription,
        "subscription_item": subscription_item,
        "invoice": invoice,
        "invoice_item": invoice_item,
    }
    ids = [
        _one(world, entry, owner, f"{param}[{index}]", list(present))
        for index, entry in enumerate(sent or [])
        if isinstance(entry, dict)
    ]
    drop(world, [id for id in present if id not in ids])
    return ids


def drop(world: World, ids: Iterable[str]) -> None:
    """End discounts; what they already took off stays taken off."""
    for discount in _stored(world, ids):
        world.save({**discount, "deleted": True, "_sandbox": _at_rest(discount)})
        world.emit("customer.discount.deleted", {**discount, "deleted": True})


def in_force(world: World, ids: Iterable[str], at: int) -> list[Json]:
    """The discounts among ``ids`` that are good at a moment, in their order."""
    return [
        discount
        for discount in _stored(world, ids)
        if discount["end"] is None or at < discount["end"]
    ]


def share(
    world: World, lines: list[Json], discounts: list[Json], currency: str
) -> None:
    """Fill in what each line is discounted by: exact to the minor unit.

    A line's own discounts come first, those of the whole invoice in their order after
    them. Lines that are not ``discountable`` are left alone.
    """
    for line in lines:
        if line["discountable"]:
            line["discount_amounts"] = []
            for discount in _stored(world, line["discounts"]):
                allocation.take_off([line], discount, coupon_of(discount), currency)
    for discount in discounts:
        allocation.take_off(lines, discount, coupon_of(discount), currency)


def reduction(amount: int, discounts: list[Json], currency: str) -> int:
    """What discounts, one after the other, take off an amount."""
    left = amount
    for discount in discounts:
        left -= allocation.reduction_by(coupon_of(discount), left, currency)
    return amount - left


def used(world: World, invoice: Json) -> None:
    """End what was good for one invoice only, now that it is final."""
    ids = [*invoice["discounts"]]
    for line in invoice["lines"]["data"]:
        ids += line["discounts"]
    once = [
        discount
        for discount in _stored(world, ids)
        if coupon_of(discount)["duration"] == "once" and discount["subscription"]
    ]
    drop(world, [discount["id"] for discount in once])


def coupon_of(discount: Json) -> Json:
    """The coupon as it was redeemed, whatever became of it since."""
    coupon: Json = discount["_sandbox"]["coupon"]
    return coupon


def _one(world: World, entry: Json, owner: Json, param: str, present: list[str]) -> str:
    if kept := entry.get("discount"):
        if kept in present:
            return str(kept)
        found = world.get("discount", kept, param=f"{param}[discount]")
        return _redeem(world, coupon_of(found), found["promotion_code"], owner)["id"]
    if code_id := entry.get("promotion_code"):
        code = world.get("promotion_code", code_id, param=f"{param}[promotion_code]")
        coupon = world.get("coupon", code["promotion"]["coupon"], param=param)
        return str(_redeem(world, coupon, code["id"], owner)["id"])
    if coupon_id := entry.get("coupon"):
        coupon = world.get("coupon", coupon_id, param=f"{param}[coupon]")
        return str(_redeem(world, coupon, None, owner)["id"])
    raise InvalidRequest(
        "You must pass one of `coupon`, `discount` or `promotion_code`.", param=param
    )


def _redeem(world: World, coupon: Json, code: str | None, owner: Json) -> Json:
    end = None
    if coupon["duration"] == "repeating":
        end = add_months(world.now, coupon["duration_in_months"])
    discount = {
        **skeleton("discount"),
        **owner,
        "id": world.new_id("di_"),
        "end": end,
        "promotion_code": code,
        "source": {"coupon": coupon["id"], "type": "coupon"},
        "start": world.now,
        "_sandbox": {"coupon": coupon},
    }
    return world.add(discount, "customer.discount.created")


def _stored(world: World, ids: Iterable[str]) -> list[Json]:
    found = [world.get("discount", id) for id in ids]
    return [discount for discount in found if not discount.get("deleted")]


def _at_rest(discount: Json) -> Json:
    return {k: v for k, v in discount["_sandbox"].items() if k != "due_at"}
