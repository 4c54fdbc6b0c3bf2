"""Pausing a subscription on request, and resuming it."""

from __future__ import annotations

from copy import deepcopy

from wagtail_billing_portal.sandbox.billing import (
    attached,
    cycles,
    debits,
    invoicing,
    pauses,
    payments,
    periods,
    proration,
    resumption,
    standing,
    usage,
)
from wagtail_billing_portal.sandbox.billing.fields import (
    Json,
    supported,
    supported_value,
)
from wagtail_billing_portal.sandbox.errors import InvalidRequest
from wagtail_billing_portal.sandbox.world import World

_PAUSABLE = ("active", "past_due", "unpaid")
_UNUSED = ("item_current_period_start", "none", "now")


def pause(
    world: World, subscription: Json, params: Json, *, by_schedule: bool = False
) -> Json:
    """Let a subscription rest: no bills, nothing provided, until it is resumed."""
    invoice = bill_of_pause(world, subscription, params, by_schedule=by_schedule)
    if invoice:
        subscription["latest_invoice"] = invoice["id"]
        world.add(invoice, "invoice.created")
    pauses.pause(world, subscription, "pause_requested")
    if invoice:
        invoicing.finalize(world, invoice)
        payments.collect(world, invoice)
    return world.get("subscription", subscription["id"])


def bill_of_pause(
    world: World, subscription: Json, params: Json, *, by_schedule: bool = False
) -> Json | None:
    """End the periods of a subscription here; what is billed for that, if anything.

    The subscription is changed but not saved; the invoice is not stored either.
    """
    _check_pausable(subscription, by_schedule=by_schedule)
    supported_value(params.get("type", "subscription"), "subscription", param="type")
    behavior = params.get("invoicing_behavior", "pending_invoice_item")
    supported_value(
        behavior, "invoice", "pending_invoice_item", param="invoicing_behavior"
    )
    bill_for = params.get("bill_for") or {}
    supported(
        bill_for, ("outstanding_usage_through", "unused_time_from"), param="bill_for"
    )
    used = _kind(bill_for, "outstanding_usage_through", ("none", "now"))
    unused = _kind(bill_for, "unused_time_from", _UNUSED)
    charged = _close_period(world, subscription, unused=unused, used=used)
    for item in charged:
        world.add(item, "invoiceitem.created")
    if not charged or behavior != "invoice":
        return None
    reason = "subscription_update"
    return cycles.bill(world, subscription, charged[::-1], reason=reason)


def resume(world: World, subscription: Json, params: Json) -> Json:
    """Let a paused subscription run again; at once, or when its invoice is paid."""
    behavior = _check_resumable(world, subscription, params)
    waiting = {item["id"] for item in cycles.pending_items(world, subscription)}
    later, invoice = _resumed(world, subscription, params)
    names = ("billing_cycle_anchor", "items")
    fields = {name: later[name] for name in names}
    if invoice is None:
        return _run(world, subscription, fields)
    subscription["latest_invoice"] = invoice["id"]
    world.add(invoice, "invoice.created")
    on_it = world.find("invoiceitem", invoice=invoice["id"])
    resumption.plan(
        world,
        subscription,
        invoice["id"],
        fields,
        on_attempt=behavior == "resume_on_payment_attempt",
        taken=[item["id"] for item in on_it if item["id"] in waiting],
    )
    standing.save(world, subscription)
    invoicing.finalize(world, invoice)
    if behavior == "resume_on_payment_success" or not invoice["amount_due"]:
        payments.collect(world, invoice)
    return world.get("subscription", subscription["id"])


def bill_of_resumption(world: World, subscription: Json, params: Json) -> Json | None:
    """What is billed when a subscription is resumed now. For use while pretending."""
    _check_resumable(world, subscription, params)
    return _resumed(world, subscription, params)[1]


def _resumed(
    world: World, subscription: Json, params: Json
) -> tuple[Json, Json | None]:
    """A subscription as it will be once it runs, and what is billed for that."""
    anchor = (params.get("billing_cycle_anchor") or {}).get("type", "now")
    supported_value(anchor, "now", "unchanged", param="billing_cycle_anchor[type]")
    later = deepcopy(subscription)
    later["status"] = "active"
    if anchor == "now":
        return later, _begin_anew(world, later)
    return later, _continue(world, later, params)


def _run(world: World, subscription: Json, fields: Json) -> Json:
    resumption.resume(subscription, fields)
    standing.save(world, subscription)
    world.emit(resumption.RESUMED, subscription)
    attached.resumed(world, subscription)
    return subscription


def _close_period(
    world: World, subscription: Json, *, unused: str, used: str
) -> list[Json]:
    """End the items' periods here; what that gives back or costs, not yet stored."""
    charged = []
    for item in reversed(subscription["items"]["data"]):
        if usage.is_metered(item):
            if used == "now":
                charged += usage.settle(world, subscription, item)
            usage.forget(world, item)
        elif unused != "none":
            whole = unused == "item_current_period_start"
            at = item["current_period_start"] if whole else world.now
            charged.append(proration.credit(world, subscription, item, at=at))
        debits.record(item, [])
        item["current_period_end"] = world.now
    return [item for item in charged if item["amount"]]


def _begin_anew(world: World, later: Json) -> Json:
    later["billing_cycle_anchor"] = world.now
    for item in later["items"]["data"]:
        item["current_period_end"] = world.now
    return cycles.advance(world, later, reason="subscription_update")


def _continue(world: World, later: Json, params: Json) -> Json | None:
    behavior = params.get("proration_behavior", "create_prorations")
    at = int(params.get("proration_date", world.now))
    asked = []
    for item in reversed(later["items"]["data"]):
        _, end = periods.around(
            world.now,
            anchor=later["billing_cycle_anchor"],
            recurring=item["price"]["recurring"],
        )
        end = min(later["cancel_at"] or end, end)
        item.update(current_period_start=world.now, current_period_end=end)
        if behavior != "none" and not usage.is_metered(item):
            rest = proration.debit(world, later, item, at=at)
            asked.append(world.add(rest, "invoiceitem.created"))
    if not asked or behavior != "always_invoice":
        return None
    return cycles.bill(world, later, asked[::-1], reason="subscription_update")


def _kind(bill_for: Json, name: str, allowed: tuple[str, ...]) -> str:
    kind = str((bill_for.get(name) or {}).get("type", "now"))
    supported_value(kind, *allowed, param=f"bill_for[{name}][type]")
    return kind


def _check_pausable(subscription: Json, *, by_schedule: bool) -> None:
    if subscription["billing_mode"]["type"] != "flexible":
        raise InvalidRequest(
            "Only subscriptions with `billing_mode[type]=flexible` can be paused."
        )
    if subscription["status"] not in _PAUSABLE:
        raise InvalidRequest(
            f"A subscription that is {subscription['status']} cannot be paused."
        )
    if subscription["collection_method"] != "charge_automatically":
        raise InvalidRequest(
            "Only subscriptions with `collection_method=charge_automatically` can be "
            "paused."
        )
    if subscription["schedule"] and not by_schedule:
        raise InvalidRequest(
            "The subscription is managed by the subscription schedule "
            f"`{subscription['schedule']}` and cannot be paused by itself."
        )


def _check_resumable(world: World, subscription: Json, params: Json) -> str:
    behavior = str(params.get("payment_behavior", "resume_on_payment_attempt"))
    supported_value(
        behavior,
        "resume_on_payment_attempt",
        "resume_on_payment_success",
        param="payment_behavior",
    )
    if subscription["status"] != "paused":
        raise InvalidRequest(
            "Only paused subscriptions can be resumed. This subscription is "
            f"{subscription['status']}."
        )
    waits_for = resumption.invoice_of(subscription)
    if waits_for and world.get("invoice", waits_for)["status"] == "open":
        raise InvalidRequest(
            f"This subscription resumes as soon as its invoice {waits_for} is paid."
        )
    at_once = behavior == "resume_on_payment_success"
    if at_once and subscription["billing_mode"]["type"] != "flexible":
        raise InvalidRequest(
            "`resume_on_payment_success` needs `billing_mode[type]=flexible`.",
            param="payment_behavior",
        )
    if at_once and not pauses.can_be_paid(world, subscription):
        raise InvalidRequest(
            "This subscription has no default payment method to be paid with.",
            param="payment_behavior",
            code="resource_missing",
        )
    return behavior
