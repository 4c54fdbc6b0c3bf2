"""A customer's own discount, which earlier versions of the API gave by a ``coupon``.

It counts on every invoice that has no discount of its own.
"""

from __future__ import annotations

from wagtail_billing_portal.sandbox import events
from wagtail_billing_portal.sandbox.billing import discounts
from wagtail_billing_portal.sandbox.billing.fields import Json, only_one
from wagtail_billing_portal.sandbox.store import public
from wagtail_billing_portal.sandbox.world import World

WORDS = ("coupon", "promotion_code")


def write(world: World, customer_id: str, params: Json) -> None:
    """Give a customer a discount, another one, or none."""
    only_one(params, *WORDS)
    for word in WORDS:
        if params.get(word):
            _give(world, customer_id, {word: params[word]}, param=word)
        elif word in params:
            remove(world, customer_id)


def remove(world: World, customer_id: str) -> Json | None:
    """The discount that a customer has no longer, if there was one."""
    customer = world.get("customer", customer_id)
    if customer["discount"] is None:
        return None
    id = customer["discount"]["id"]
    discounts.drop(world, [id])
    _show(world, customer_id, None)
    return discounts.shown(world, id)


def inherited(world: World, customer_id: str) -> list[str]:
    """What an invoice without discounts of its own begins with."""
    discount = world.get("customer", customer_id)["discount"]
    return [discount["id"]] if discount else []


def _give(world: World, customer_id: str, sent: Json, *, param: str) -> None:
    before = world.get("customer", customer_id)["discount"]
    [id] = discounts.read(
        world, [sent], customer=customer_id, param=param, parked=before is not None
    )
    fresh = discounts.shown(world, id)
    if before is not None:
        old = discounts.shown(world, before["id"])
        world.private(old).pop("due_at", None)
        world.save({**old, "deleted": True})
        world.private(fresh).pop("parked", None)
        world.save(fresh)
        previous = events.previous_attributes(before, public(fresh))
        world.emit("customer.discount.updated", fresh, previous)
    _show(world, customer_id, public(fresh))


def _show(world: World, customer_id: str, discount: Json | None) -> None:
    customer = world.get("customer", customer_id)
    customer["discount"] = discount
    world.save(customer, "customer.updated")
