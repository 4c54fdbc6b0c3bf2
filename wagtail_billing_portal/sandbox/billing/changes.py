"""Changing a subscription that runs."""

from __future__ import annotations

from wagtail_billing_portal.sandbox.billing import (
    cancellation,
    cycles,
    intents,
    invoicing,
    items,
    lifecycle,
    orders,
    payments,
    proration,
    standing,
)
from wagtail_billing_portal.sandbox.billing.fields import (
    Json,
    assign,
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
HANDLES = {
    *_BEFORE_THE_START,
    *_CHARGING,
    "cancel_at",
    "cancel_at_period_end",
    "items",
    "payment_settings",
    "trial_end",
    "trial_settings",
}
_BEHAVIORS = ("allow_incomplete", "default_incomplete", "error_if_incomplete")
_ITEM_FIELDS = ("deleted", "id", *orders.ITEM_FIELDS)


def update(world: World, subscription: Json, params: Json) -> Json:
    """Apply an update request; what it costs is billed as the request says."""
    _check_state(subscription, params)
    behavior = params.get("payment_behavior", "allow_incomplete")
    supported_value(behavior, *_BEHAVIORS, param="payment_behavior")
    assign(subscription, params, ("description",))
    merge_metadata(subscription, params)
    orders.write_payment(world, subscription, params)
    pending = change_items(world, subscription, params)
    if "trial_end" in params:
        invoice = _change_trial(world, subscription, params["trial_end"])
    else:
        invoice = _invoice_now(world, subscription, pending, params)
    cancellation.write(world, subscription, params)
    standing.save(world, subscription)
    if invoice:
        _charge(world, invoice, behavior, off_session=bool(params.get("off_session")))
    return world.get("subscription", subscription["id"])


def settle_up(world: World, subscription: Json, *, prorate: bool) -> None:
    """Bill what is pending before the end, less what was paid for and not used."""
    pending = cycles.pending_items(world, subscription)
    if prorate and subscription["status"] != "trialing":
        for item in subscription["items"]["data"]:
            unused = proration.credit(world, subscription, item, at=world.now)
            pending.append(world.add(unused, "invoiceitem.created"))
    if not pending:
        return
    invoice = cycles.bill(world, subscription, pending, reason="subscription_update")
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
    at = params.get("proration_date", world.now)
    prorations: list[Json] = []
    for index, sent in enumerate(params.get("items") or []):
        path = f"items[{index}]"
        supported(sent, _ITEM_FIELDS, param=path)
        old, new = _change_item(world, subscription, sent, path=path)
        if not _costs_the_same(old, new):
            if old:
                prorations.append(proration.credit(world, subscription, old, at=at))
            if new:
                prorations.append(proration.debit(world, subscription, new, at=at))
    free = subscription["status"] == "trialing"
    return [] if free or params.get("proration_behavior") == "none" else prorations


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
    return items.create(
        world,
        subscription["id"],
        sent,
        price,
        start=world.now,
        end=_end_of_period(world, subscription, price),
    )


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
        if _rhythm(price) != _rhythm(old["price"]):
            new["current_period_start"] = world.now
            new["current_period_end"] = _end_of_period(world, subscription, price)
    new["quantity"] = sent.get("quantity", new["quantity"])
    merge_metadata(new, sent)
    return new


def _end_of_period(world: World, subscription: Json, price: Json) -> int:
    if subscription["status"] == "trialing":
        return int(subscription["trial_end"])
    anchor = subscription["billing_cycle_anchor"]
    return period_end(world.now, anchor=anchor, recurring=price["recurring"])


def _rhythm(price: Json) -> tuple[str, int]:
    recurring = price["recurring"]
    return recurring["interval"], recurring["interval_count"]


def _same_currency(subscription: Json, price: Json, *, path: str) -> None:
    items.common_currency(None, [price], subscription["currency"], param=path)


def _costs_the_same(old: Json | None, new: Json | None) -> bool:
    if old is None or new is None:
        return False
    return bool(
        old["price"]["id"] == new["price"]["id"] and old["quantity"] == new["quantity"]
    )


def _change_trial(
    world: World, subscription: Json, trial_end: int | str
) -> Json | None:
    if subscription["status"] != "trialing":
        raise InvalidRequest(
            "The sandbox does not support `trial_end` for a subscription that is not "
            "on trial yet.",
            param="trial_end",
        )
    end = world.now if trial_end == "now" else int(trial_end)
    if end < world.now:
        raise InvalidRequest(
            "Invalid timestamp: `trial_end` must be in the future or `now`.",
            param="trial_end",
        )
    subscription["billing_cycle_anchor"] = subscription["trial_end"] = end
    for item in subscription["items"]["data"]:
        item["current_period_end"] = end
    world.private(subscription)["trial_warned"] = False
    if end > world.now:
        return None
    subscription["status"] = "active"
    invoice = cycles.advance(world, subscription, reason="subscription_update")
    world.add(invoice, "invoice.created")
    return invoice


def _invoice_now(
    world: World, subscription: Json, prorations: list[Json], params: Json
) -> Json | None:
    # The newest comes first on an invoice, and there the credit precedes the debit.
    for item in reversed(prorations):
        world.add(item, "invoiceitem.created")
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
    if status != intents.SUCCEEDED and behavior == "error_if_incomplete":
        raise lifecycle.refusal(world, invoice)
