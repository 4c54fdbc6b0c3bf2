"""Changing a subscription that runs."""

from __future__ import annotations

from wagtail_billing_portal.sandbox.billing import (
    cancellation,
    collection_pauses,
    cycles,
    debits,
    drafts,
    extras,
    intents,
    invoicing,
    items,
    lifecycle,
    orders,
    payments,
    proration,
    shortening,
    standing,
    terms,
    trials,
    usage,
)
from wagtail_billing_portal.sandbox.billing.fields import (
    Json,
    merge_metadata,
    supported,
    supported_value,
)
from wagtail_billing_portal.sandbox.billing.periods import period_end
from wagtail_billing_portal.sandbox.errors import InvalidRequest, ResourceMissing
from wagtail_billing_portal.sandbox.world import World

_AFTER_THE_END = {"cancellation_details", "metadata"}
_BEFORE_THE_START = {*_AFTER_THE_END, "default_payment_method", "description"}
_CHARGING = {"off_session", "payment_behavior", "proration_behavior", "proration_date"}
_APPLIES = {
    *terms.FIELDS,
    *_AFTER_THE_END,
    "add_invoice_items",
    "billing_cycle_anchor",
    "cancel_at",
    "cancel_at_period_end",
    "items",
    "pause_collection",
    "trial_end",
}
HANDLES = {*_APPLIES, *_CHARGING}
_BEHAVIORS = ("allow_incomplete", "default_incomplete", "error_if_incomplete")
_ITEM_FIELDS = ("clear_usage", "deleted", "id", *orders.ITEM_FIELDS)


def update(world: World, subscription: Json, params: Json) -> Json:
    """Apply an update request; what it costs is billed as the request says."""
    _check_state(subscription, params)
    behavior = params.get("payment_behavior", "allow_incomplete")
    supported_value(behavior, *_BEHAVIORS, param="payment_behavior")
    invoice = _change(world, subscription, params)
    standing.save(world, subscription)
    if invoice:
        _charge(world, invoice, behavior, off_session=bool(params.get("off_session")))
    return world.get("subscription", subscription["id"])


def apply(
    world: World,
    subscription: Json,
    order: Json,
    *,
    proration_behavior: str = "create_prorations",
    at: int | None = None,
) -> Json | None:
    """Change a subscription because time has come, not because a request asks.

    ``order`` is shaped like an update request. What is to be billed at once becomes
    a draft that is held for an hour, and is returned.
    """
    for name in sorted(set(order) - _APPLIES):
        raise InvalidRequest(f"The sandbox does not support `{name}` yet.", param=name)
    terms = {**order, "proration_behavior": proration_behavior}
    if at is not None:
        terms["proration_date"] = at
    invoice = _change(world, subscription, terms)
    standing.save(world, subscription)
    if invoice:
        drafts.hold_for_an_hour(world, invoice)
        world.save(invoice)
    return invoice


def replacement(subscription: Json, wanted: list[Json]) -> list[Json]:
    """The ``items`` of an order that leave a subscription with ``wanted`` items."""
    held = {it["price"]["id"]: it["id"] for it in subscription["items"]["data"]}
    kept = [
        {**one, "id": held.pop(one["price"])} if one.get("price") in held else one
        for one in wanted
    ]
    gone = [{"id": item_id, "deleted": True} for item_id in held.values()]
    return [*kept, *gone]


def _change(world: World, subscription: Json, params: Json) -> Json | None:
    terms.write(world, subscription, params)
    collection_pauses.write(world, subscription, params)
    before = list(subscription["items"]["data"])
    prorations = change_items(world, subscription, params)
    added = extras.read(world, subscription, params)
    if _starts_anew(subscription, before, params):
        _store(world, added)
        invoice: Json | None = _restart(world, subscription, before, params)
    elif "trial_end" in params:
        _store(world, added)
        prorated = params.get("proration_behavior") != "none"
        invoice = trials.move(world, subscription, params["trial_end"], prorated)
    else:
        ends = subscription["cancel_at"]
        cancellation.write(world, subscription, params)
        moved = subscription["cancel_at"] != ends
        if moved and params.get("proration_behavior") != "none":
            prorations += shortening.adjust(world, subscription)
        return _invoice_now(world, subscription, [*added, *prorations], params)
    cancellation.write(world, subscription, params)
    return invoice


def _starts_anew(subscription: Json, before: list[Json], params: Json) -> bool:
    """Whether a whole new period begins at once.

    Classic billing does it by itself where the interval changes or the price was 0.
    """
    asked = (params.get("billing_cycle_anchor") or {}).get("type")
    classic = subscription["billing_mode"]["type"] == "classic"
    if asked == "now" or not classic or subscription["status"] == "trialing":
        return bool(asked == "now")
    after = subscription["items"]["data"]
    slower = {items.rhythm(it["price"]) for it in after} - {
        items.rhythm(it["price"]) for it in before
    }
    was_free = all(it["price"]["unit_amount"] == 0 for it in before)
    costs = any(it["price"]["unit_amount"] != 0 for it in after)
    return bool(slower) or (was_free and costs)


def _store(world: World, added: list[Json]) -> None:
    for item in added:
        world.add(item, "invoiceitem.created")


def _restart(
    world: World, subscription: Json, before: list[Json], params: Json
) -> Json:
    if subscription["status"] == "trialing":
        raise InvalidRequest(
            "The billing cycle anchor cannot be moved before the end of the trial: "
            "end the trial first.",
            param="billing_cycle_anchor",
            code="subscription_update_trial_after_billing_cycle_anchor",
        )
    if params.get("proration_behavior") != "none":
        at = params.get("proration_date", world.now)
        for item in reversed(before):
            if usage.is_metered(item):
                continue
            unused = proration.credit(world, subscription, item, at=at)
            world.add(unused, "invoiceitem.created")
    subscription["billing_cycle_anchor"] = world.now
    present = subscription["items"]["data"]
    subscription["items"]["data"] = [
        {**item, "current_period_end": world.now} for item in present
    ]
    invoice = cycles.advance(world, subscription, reason="subscription_update")
    return world.add(invoice, "invoice.created")


def settle_up(world: World, subscription: Json, *, prorate: bool) -> None:
    """Bill what is pending before the end, less what was paid for and not used."""
    pending = cycles.pending_items(world, subscription)
    used = usage.of_all(world, subscription)
    if prorate and subscription["status"] != "trialing":
        for item in subscription["items"]["data"]:
            if not usage.is_metered(item):
                unused = proration.credit(world, subscription, item, at=world.now)
                pending.append(world.add(unused, "invoiceitem.created"))
    if not pending and not used:
        return
    invoice = cycles.bill(
        world, subscription, pending, more=used, reason="subscription_update"
    )
    subscription["latest_invoice"] = invoice["id"]
    standing.save(world, subscription)
    world.add(invoice, "invoice.created")
    _charge(world, invoice, "allow_incomplete", off_session=True)
    subscription.update(world.get("subscription", subscription["id"]))


def _check_state(subscription: Json, params: Json) -> None:
    status = subscription["status"]
    sent = set(params)
    if status in standing.ENDED and not sent <= _AFTER_THE_END:
        raise InvalidRequest(
            "A canceled subscription can only update its cancellation_details and "
            "metadata.",
            code="invalid_canceled_subscription_fields",
        )
    if subscription["schedule"] and sent & {"cancel_at", "cancel_at_period_end"}:
        raise InvalidRequest(
            "The subscription is managed by the subscription schedule "
            f"`{subscription['schedule']}`, and updating any cancelation behavior "
            "directly is not allowed. Please update the schedule instead."
        )
    if status == "incomplete" and not sent <= _BEFORE_THE_START:
        raise InvalidRequest(
            "This subscription is incomplete: until its first payment succeeds, only "
            "its metadata and default payment method can be updated."
        )


def change_items(world: World, subscription: Json, params: Json) -> list[Json]:
    """Change the items and return the prorations that follow, not yet stored."""
    at = _proration_date(world, subscription, params)
    prorations: list[Json] = []
    used: list[Json] = []
    free = subscription["status"] == "trialing"
    free = free or params.get("proration_behavior") == "none"
    for index, sent in enumerate(params.get("items") or []):
        path = f"items[{index}]"
        supported(sent, _ITEM_FIELDS, param=path)
        old, new = _change_item(world, subscription, sent, path=path)
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
    world: World, subscription: Json, sent: Json, *, path: str
) -> tuple[Json | None, Json | None]:
    present = subscription["items"]["data"]
    if "id" not in sent:
        added = _new_item(world, subscription, sent, path=path)
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
    terms.write_item(world, subscription, item, sent)
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
    terms.write_item(world, subscription, new, sent)
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


def _invoice_now(
    world: World, subscription: Json, prorations: list[Json], params: Json
) -> Json | None:
    # The newest comes first on an invoice, and there the credit precedes the debit.
    _store(world, prorations[::-1])
    if not prorations or params.get("proration_behavior") != "always_invoice":
        return None
    invoice = cycles.bill(world, subscription, prorations, reason="subscription_update")
    subscription["latest_invoice"] = invoice["id"]
    world.add(invoice, "invoice.created")
    return invoice


def _charge(world: World, invoice: Json, behavior: str, *, off_session: bool) -> None:
    invoicing.finalize(world, invoice)
    if invoice["collection_method"] == "send_invoice":
        return
    if behavior == "default_incomplete" and invoice["amount_due"]:
        return
    status = payments.collect(world, invoice, off_session=off_session, automatic=True)
    if status not in intents.WELL and behavior == "error_if_incomplete":
        raise lifecycle.refusal(world, invoice)
