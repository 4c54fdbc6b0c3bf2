"""Changing a subscription that runs."""

from __future__ import annotations

from copy import deepcopy

from wagtail_billing_portal.sandbox.billing import (
    cancellation,
    collection_pauses,
    cycles,
    drafts,
    extras,
    intents,
    invoicing,
    item_changes,
    items,
    lifecycle,
    payments,
    pending_updates,
    proration,
    shortening,
    standing,
    terms,
    trials,
    usage,
)
from wagtail_billing_portal.sandbox.billing.fields import (
    Json,
    supported_value,
)
from wagtail_billing_portal.sandbox.errors import InvalidRequest
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
    "trial_from_plan",
}
HANDLES = {*_APPLIES, *_CHARGING}
_BEHAVIORS = (
    "allow_incomplete",
    "default_incomplete",
    "error_if_incomplete",
    pending_updates.BEHAVIOR,
)


def update(world: World, subscription: Json, params: Json) -> Json:
    """Apply an update request; what it costs is billed as the request says."""
    _check_state(subscription, params)
    behavior = params.get("payment_behavior", "allow_incomplete")
    supported_value(behavior, *_BEHAVIORS, param="payment_behavior")
    if set(params) & pending_updates.REPLACES:
        standing.drop_pending_update(world, subscription)
    off_session = bool(params.get("off_session"))
    if pending_updates.are_wanted(params):
        _change_when_paid(world, subscription, params, off_session=off_session)
        return world.get("subscription", subscription["id"])
    invoice = _change(world, subscription, params)
    standing.save(world, subscription)
    if invoice:
        charge(world, invoice, behavior, off_session=off_session)
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


def _change_when_paid(
    world: World, subscription: Json, params: Json, *, off_session: bool
) -> None:
    """Change a subscription as soon as the change is paid, not before."""
    pending_updates.check(world, subscription, params)
    before = deepcopy(subscription)
    waiting = {item["id"] for item in cycles.pending_items(world, subscription)}
    invoice = _change(world, subscription, params)
    if invoice is None or not invoice["amount_due"]:
        pending_updates.settle_discounts(world, before, subscription)
        standing.save(world, subscription)
        if invoice:
            charge(world, invoice, "allow_incomplete", off_session=off_session)
        return
    taken = world.find("invoiceitem", invoice=invoice["id"])
    pending_updates.plan(
        before,
        subscription,
        invoice=invoice,
        params=params,
        taken=[item["id"] for item in taken if item["id"] in waiting],
    )
    world.save(before)
    charge(world, invoice, pending_updates.BEHAVIOR, off_session=off_session)
    unchanged = world.get("subscription", subscription["id"])
    if pending_updates.waits_for(unchanged, invoice):
        pending_updates.show(world, unchanged)
        standing.save(world, unchanged)


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
    prorations = item_changes.change_items(world, subscription, params)
    added = extras.read(world, subscription, params)
    params = trials.from_plan(world, subscription, params)
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


def charge(world: World, invoice: Json, behavior: str, *, off_session: bool) -> None:
    """Finalize what a change is billed with, and take the money as asked for."""
    invoicing.finalize(world, invoice)
    if invoice["collection_method"] == "send_invoice":
        return
    if behavior == "default_incomplete" and invoice["amount_due"]:
        standing.awaits(world, invoice)
        return
    status = payments.collect(world, invoice, off_session=off_session, automatic=True)
    if status not in intents.WELL and behavior == "error_if_incomplete":
        raise lifecycle.refusal(world, invoice)
