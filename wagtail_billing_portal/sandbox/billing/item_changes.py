"""Which items a subscription has, and what changing them in a period costs."""

from __future__ import annotations

from wagtail_billing_portal.sandbox.billing import (
    debits,
    items,
    orders,
    pending_updates,
    proration,
    terms,
    usage,
)
from wagtail_billing_portal.sandbox.billing.fields import (
    Json,
    merge_metadata,
    supported,
)
from wagtail_billing_portal.sandbox.billing.periods import period_end
from wagtail_billing_portal.sandbox.errors import InvalidRequest, ResourceMissing
from wagtail_billing_portal.sandbox.world import World

FIELDS = ("clear_usage", "deleted", "id", *orders.ITEM_FIELDS)


def change_items(world: World, subscription: Json, params: Json) -> list[Json]:
    """Change the items and return the prorations that follow, not yet stored."""
    at = _proration_date(world, subscription, params)
    prorations: list[Json] = []
    used: list[Json] = []
    free = subscription["status"] == "trialing"
    free = free or params.get("proration_behavior") == "none"
    for index, sent in enumerate(params.get("items") or []):
        path = f"items[{index}]"
        supported(sent, FIELDS, param=path)
        old, new = _change_item(
            world,
            subscription,
            sent,
            path=path,
            parked=pending_updates.are_wanted(params),
        )
        used += _used_so_far(world, subscription, old, new, sent)
        due = _is_due(world, old or new)
        if not free and not due and not _costs_the_same(old, new):
            if old and not usage.is_metered(old):
                prorations.append(proration.credit(world, subscription, old, at=at))
            if new and not usage.is_metered(new):
                prorations.append(proration.debit(world, subscription, new, at=at))
    if params.get("items"):
        present = subscription["items"]["data"]
        items.check(present, subscription["billing_mode"]["type"])
    return [*prorations, *used]


def _used_so_far(
    world: World, subscription: Json, old: Json | None, new: Json | None, sent: Json
) -> list[Json]:
    """What a metered item owes when it goes away or changes its price."""
    if old is None or not usage.is_metered(old) or _costs_the_same(old, new):
        return []
    owed = [] if sent.get("clear_usage") else usage.settle(world, subscription, old)
    if new is not None:
        usage.forget(world, new)
    return owed


def _change_item(
    world: World, subscription: Json, sent: Json, *, path: str, parked: bool
) -> tuple[Json | None, Json | None]:
    present = subscription["items"]["data"]
    if "id" not in sent:
        added = _new_item(world, subscription, sent, path=path)
        terms.write_item(world, subscription, added, sent, parked=parked)
        subscription["items"]["data"] = [*present, added]
        return None, added
    old = next((item for item in present if item["id"] == sent["id"]), None)
    if old is None:
        raise ResourceMissing("subscription_item", sent["id"], param=f"{path}[id]")
    if sent.get("deleted"):
        if len(present) == 1:
            raise InvalidRequest(
                "A subscription must have at least one active plan.", param="items"
            )
        subscription["items"]["data"] = [item for item in present if item is not old]
        return old, None
    new = _changed_item(world, subscription, old, sent, path=path)
    terms.write_item(world, subscription, new, sent, parked=parked)
    subscription["items"]["data"] = [new if item is old else item for item in present]
    return old, new


def _new_item(world: World, subscription: Json, sent: Json, *, path: str) -> Json:
    price = items.recurring_price(world, sent, param=path)
    _same_currency(subscription, price, path=path)
    # Where a renewal is about to be drawn up, the new item takes part in it.
    joins = any(_is_due(world, item) for item in subscription["items"]["data"])
    end = world.now if joins else _end_of_period(world, subscription, price)
    item = items.create(
        world, subscription["id"], sent, price, start=world.now, end=end
    )
    # Nothing was asked for it yet, so that nothing can be given back.
    debits.record(item, [])
    return item


def _changed_item(
    world: World, subscription: Json, old: Json, sent: Json, *, path: str
) -> Json:
    new = {**old}
    if sent.get("price", old["price"]["id"]) != old["price"]["id"]:
        price = items.recurring_price(world, sent, param=path)
        _same_currency(subscription, price, path=path)
        fresh = items.create(
            world,
            subscription["id"],
            {},
            price,
            start=old["current_period_start"],
            end=old["current_period_end"],
        )
        new |= {name: fresh[name] for name in ("plan", "price", "quantity")}
        changes_rhythm = items.rhythm(price) != items.rhythm(old["price"])
        if changes_rhythm and not _is_due(world, old):
            new["current_period_start"] = world.now
            new["current_period_end"] = _end_of_period(world, subscription, price)
    if "quantity" in sent:
        new["quantity"] = items.quantity_of(sent, new["price"], param=path)
    merge_metadata(new, sent)
    return new


def _end_of_period(world: World, subscription: Json, price: Json) -> int:
    if subscription["status"] == "trialing":
        return int(subscription["trial_end"])
    anchor = subscription["billing_cycle_anchor"]
    return period_end(world.now, anchor=anchor, recurring=price["recurring"])


def _is_due(world: World, item: Json | None) -> bool:
    """Whether an item's period is over and only its renewal is still to be drawn up."""
    return item is not None and item["current_period_end"] <= world.now


def _proration_date(world: World, subscription: Json, params: Json) -> int:
    at = int(params.get("proration_date", world.now))
    present = subscription["items"]["data"]
    first = max(item["current_period_start"] for item in present)
    last = min(item["current_period_end"] for item in present)
    if "proration_date" in params and not first <= at <= last:
        raise InvalidRequest(
            "Invalid `proration_date`: it must lie within the current period.",
            param="proration_date",
        )
    return at


def _same_currency(subscription: Json, price: Json, *, path: str) -> None:
    items.common_currency(None, [price], subscription["currency"], param=path)


def _costs_the_same(old: Json | None, new: Json | None) -> bool:
    if old is None or new is None:
        return False
    return bool(
        old["price"]["id"] == new["price"]["id"] and old["quantity"] == new["quantity"]
    )
