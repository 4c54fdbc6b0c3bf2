"""Discounts: coupons and promotion codes at work."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from wagtail_billing_portal.sandbox import clock
from wagtail_billing_portal.sandbox.billing import allocation, redemption
from wagtail_billing_portal.sandbox.billing.fields import Json
from wagtail_billing_portal.sandbox.billing.periods import add_months
from wagtail_billing_portal.sandbox.contract import skeleton
from wagtail_billing_portal.sandbox.errors import InvalidRequest, ResourceMissing
from wagtail_billing_portal.sandbox.world import World

KIND = "discount"


@dataclass(frozen=True)
class Order:
    """Who redeems a coupon, for what."""

    customer: str | None
    subscription: str | None = None
    subscription_item: str | None = None
    invoice: str | None = None
    invoice_item: str | None = None
    amount: int | None = None
    currency: str | None = None
    parked: bool = False

    def owner(self) -> Json:
        """The references that a discount keeps."""
        return {
            "customer": self.customer,
            "invoice": self.invoice,
            "invoice_item": self.invoice_item,
            "subscription": self.subscription,
            "subscription_item": self.subscription_item,
        }


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
    parked: bool = False,
) -> list[str]:
    """Discounts from a ``discounts`` parameter: the ids of what is in force then.

    ``present`` are those in force so far: what ``sent`` does not name again ends.
    ``amount`` and ``currency``, where known, are held against a code's minimum and a
    coupon's currency. ``parked`` ones begin later, and end others only then.
    """
    order = Order(
        customer,
        subscription,
        subscription_item,
        invoice,
        invoice_item,
        amount,
        currency,
        parked,
    )
    before = list(present)
    ids = [
        _one(world, entry, order, f"{param}[{index}]", before)
        for index, entry in enumerate(sent or [])
        if isinstance(entry, dict)
    ]
    if not parked:
        drop(world, [id for id in before if id not in ids])
    return ids


def begin(world: World, ids: Iterable[str]) -> None:
    """Parked discounts are in force from now on."""
    for discount in _living(world, ids):
        if discount["_sandbox"].pop("parked", False):
            world.save(discount, "customer.discount.created")


def abandon(world: World, ids: Iterable[str]) -> None:
    """Parked discounts will never begin; nobody has heard of them."""
    for discount in _living(world, ids):
        if discount["_sandbox"].pop("parked", False):
            redemption.take_back(world, coupon_of(discount), discount["promotion_code"])
            private = world.private(discount)
            private.pop("due_at", None)
            private["ended_at"] = world.now
            world.save({**discount, "deleted": True})


def living(world: World, ids: Iterable[str]) -> list[str]:
    """Those that have not ended."""
    return [discount["id"] for discount in _living(world, ids)]


def shown(world: World, id: str) -> Json:
    """A whole discount, to be shown within another object."""
    return world.get(KIND, id)


def drop(world: World, ids: Iterable[str]) -> None:
    """End discounts; what they already took off stays taken off."""
    for discount in _living(world, ids):
        private = world.private(discount)
        private.pop("due_at", None)
        private["ended_at"] = world.now
        gone = world.save({**discount, "deleted": True})
        world.emit("customer.discount.deleted", gone)


def in_force(world: World, ids: Iterable[str], at: int) -> list[Json]:
    """The discounts among ``ids`` that are good at a moment, in their order.

    Of a moment in the past it tells what was good then: a draft keeps its discounts.
    """
    found = [world.get(KIND, id) for id in ids]
    return [discount for discount in found if at < _end_of(discount, after=at)]


def share(
    world: World,
    lines: list[Json],
    discounts: list[Json],
    currency: str,
    *,
    at: int | None = None,
) -> None:
    """Fill in what each line is discounted by: exact to the minor unit.

    A line's own discounts, those in force ``at`` a moment, come first; those of the
    whole invoice in their order after them. Lines that are not ``discountable`` are
    left alone.
    """
    moment = world.now if at is None else at
    for line in lines:
        if line["discountable"]:
            line["discount_amounts"] = []
            for discount in in_force(world, line["discounts"], moment):
                allocation.take_off([line], discount, coupon_of(discount), currency)
    for discount in discounts:
        allocation.take_off(lines, discount, coupon_of(discount), currency)


def totals(lines: list[Json]) -> list[Json]:
    """An invoice's ``total_discount_amounts``: what each discount took off in all."""
    sums: dict[str, int] = {}
    for line in lines:
        for taken in line["discount_amounts"] or []:
            sums[taken["discount"]] = sums.get(taken["discount"], 0) + taken["amount"]
    return [{"amount": amount, "discount": id} for id, amount in sums.items()]


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
    for discount in _living(world, dict.fromkeys(ids)):
        if discount["_sandbox"].get("parked"):
            continue
        if coupon_of(discount)["duration"] == "once" and not discount["invoice"]:
            _end(world, discount)


@clock.due_work(KIND)
def ended(world: World, discount: Json) -> None:
    """The months of a repeating discount are over."""
    _end(world, discount)


def coupon_of(discount: Json) -> Json:
    """The coupon as it was redeemed, whatever became of it since."""
    coupon: Json = discount["_sandbox"]["coupon"]
    return coupon


def _one(
    world: World, entry: Json, order: Order, param: str, present: list[str]
) -> str:
    if kept := entry.get("discount"):
        param = f"{param}[discount]"
        found = world.get(KIND, kept, param=param)
        if found.get("deleted"):
            raise ResourceMissing(KIND, kept, param=param)
        if kept in present:
            return str(kept)
        return str(_add(world, coupon_of(found), found["promotion_code"], order)["id"])
    if code_id := entry.get("promotion_code"):
        return _redeem_code(world, code_id, order, f"{param}[promotion_code]")
    if coupon_id := entry.get("coupon"):
        param = f"{param}[coupon]"
        coupon = world.get("coupon", coupon_id, param=param)
        redemption.check_coupon(world, coupon, currency=order.currency, param=param)
        redemption.count(world, coupon, None)
        return str(_add(world, coupon, None, order)["id"])
    raise InvalidRequest(
        "You must pass one of `coupon`, `discount` or `promotion_code`.", param=param
    )


def _redeem_code(world: World, code_id: str, order: Order, param: str) -> str:
    code = world.get("promotion_code", code_id, param=param)
    redemption.check_code(
        world,
        code,
        customer=order.customer,
        amount=order.amount,
        currency=order.currency,
        param=param,
    )
    coupon = world.get("coupon", code["promotion"]["coupon"], param=param)
    redemption.check_coupon(world, coupon, currency=order.currency, param=param)
    redemption.count(world, coupon, code)
    return str(_add(world, coupon, code_id, order)["id"])


def _add(world: World, coupon: Json, code: str | None, order: Order) -> Json:
    end = None
    if coupon["duration"] == "repeating":
        end = add_months(world.now, coupon["duration_in_months"])
    discount = {
        **skeleton(KIND),
        **order.owner(),
        "id": world.new_id("di_"),
        "end": end,
        "promotion_code": code,
        "source": {"coupon": coupon["id"], "type": "coupon"},
        "start": world.now,
        "_sandbox": {"coupon": coupon, "due_at": end},
    }
    if order.parked:
        world.private(discount)["parked"] = True
        return world.add(discount)
    return world.add(discount, "customer.discount.created")


def _end(world: World, discount: Json) -> None:
    drop(world, [discount["id"]])
    if not discount["subscription"]:
        _take_from_customer(world, discount)
        return
    subscription = world.get("subscription", discount["subscription"])
    for holder in (subscription, *subscription["items"]["data"]):
        holder["discounts"] = [id for id in holder["discounts"] if id != discount["id"]]
    world.save(subscription, "customer.subscription.updated")


def _take_from_customer(world: World, discount: Json) -> None:
    for customer in world.find("customer", id=discount["customer"]):
        if (customer["discount"] or {}).get("id") == discount["id"]:
            customer["discount"] = None
            world.save(customer, "customer.updated")


def _end_of(discount: Json, *, after: int) -> int:
    ends = (discount["end"], discount["_sandbox"].get("ended_at"))
    return min((end for end in ends if end is not None), default=after + 1)


def _living(world: World, ids: Iterable[str]) -> list[Json]:
    found = [world.get(KIND, id) for id in ids]
    return [discount for discount in found if not discount.get("deleted")]
