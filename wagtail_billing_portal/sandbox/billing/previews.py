"""What an invoice would say; nothing is stored and nothing is announced."""

from __future__ import annotations

from typing import Any

from wagtail_billing_portal.sandbox.billing import (
    changes,
    cycles,
    lifecycle,
    orders,
    pause_plans,
    proration,
    standing,
    transitions,
    usage,
)
from wagtail_billing_portal.sandbox.billing.fields import Json, supported
from wagtail_billing_portal.sandbox.errors import InvalidRequest, ResourceMissing
from wagtail_billing_portal.sandbox.world import World

TERMS = ("automatic_tax", "discounts")
STARTS = (
    "billing_mode",
    "cancel_at",
    "cancel_at_period_end",
    "default_tax_rates",
    "items",
    "trial_end",
)
_PLAIN = ("cancel_now", "items", "proration_behavior", "proration_date")
CHANGES = (
    *_PLAIN,
    "billing_cycle_anchor",
    "cancel_at",
    "cancel_at_period_end",
    "default_tax_rates",
    "trial_end",
)


def of_new(world: World, params: Json, details: Json) -> Json:
    """The first invoice of a subscription that does not exist yet."""
    order = {**details, **_terms(params), "customer": params["customer"]}
    if "currency" in params:
        order["currency"] = params["currency"]
    with world.pretend():
        subscription = orders.build(world, order)
        invoice = lifecycle.first_invoice(world, subscription)
    invoice["parent"]["subscription_details"]["subscription"] = subscription["id"]
    return _as_preview(world, invoice)


def of_running(
    world: World, subscription: Json, details: Json, params: Json | None = None
) -> Json:
    """The next invoice of a subscription, or the one that a change brings at once."""
    if subscription["status"] in standing.ENDED:
        raise _nothing_upcoming(subscription["customer"])
    order = {**details, **_terms(params or {})}
    leaves = order.pop("cancel_now", False)
    if leaves:
        supported(details, _PLAIN, param="subscription_details")
    with world.pretend():
        invoice = _change(world, subscription, order)
        if leaves:
            prorate = details.get("proration_behavior") != "none"
            at = details.get("proration_date", world.now)
            invoice = _at_the_end(world, subscription, at=at if prorate else None)
        elif invoice is None:
            invoice = _of_schedule(world, subscription)
            invoice = invoice or _at_period_end(world, subscription)
    if not invoice["lines"]["data"]:
        raise _nothing_upcoming(subscription["customer"])
    return _as_preview(world, invoice)


def of_schedule(world: World, params: Json) -> Json:
    """The next invoice that a schedule leads to; the first, if it has not begun."""
    schedule = world.get(transitions.KIND, params["schedule"], param="schedule")
    customer = params.get("customer", schedule["customer"])
    if schedule["customer"] != customer:
        raise ResourceMissing(transitions.KIND, schedule["id"], param="schedule")
    if schedule["subscription"]:
        subscription = world.get("subscription", schedule["subscription"])
        return of_running(world, subscription, {}, params)
    if schedule["status"] != "not_started":
        raise _nothing_upcoming(customer)
    start = schedule["phases"][0]["start_date"]
    with world.pretend(), world.at(start):
        transitions.begin(world, schedule)
        subscription = world.get("subscription", schedule["subscription"])
        invoice = world.get("invoice", subscription["latest_invoice"])
    return _as_preview(world, invoice)


def _of_schedule(world: World, subscription: Json) -> Json | None:
    """The invoice that a new phase brings before the subscription renews by itself."""
    before = None
    while subscription["schedule"]:
        schedule = world.get(transitions.KIND, subscription["schedule"])
        if schedule["status"] != "active":
            return None
        moments = [schedule["current_phase"]["end_date"], pause_plans.due_at(schedule)]
        end = min(int(moment) for moment in moments if moment is not None)
        if end == before or end > standing.period_end(subscription):
            return None
        if subscription["cancel_at"] is not None and subscription["cancel_at"] <= end:
            return None
        with world.at(max(end, world.now)):
            transitions.catch_up(world, subscription)
        before, billed = end, subscription["latest_invoice"]
        subscription.update(world.get("subscription", subscription["id"]))
        if subscription["latest_invoice"] != billed:
            found: Json = world.get("invoice", subscription["latest_invoice"])
            return found
        if subscription["status"] in (*standing.ENDED, "paused"):
            raise _nothing_upcoming(subscription["customer"])
    return None


def _terms(params: Json) -> Json:
    return {name: params[name] for name in TERMS if name in params}


def _change(world: World, subscription: Json, order: Json) -> Json | None:
    behavior = order.pop("proration_behavior", "create_prorations")
    at = order.pop("proration_date", None)
    if not order:
        return None
    return changes.apply(world, subscription, order, proration_behavior=behavior, at=at)


def _at_the_end(world: World, subscription: Json, *, at: int | None) -> Json:
    pending = cycles.pending_items(world, subscription)
    if at is not None and subscription["status"] != "trialing":
        for item in subscription["items"]["data"]:
            if not usage.is_metered(item):
                unused = proration.credit(world, subscription, item, at=at)
                pending.append(world.add(unused, "invoiceitem.created"))
    used = usage.of_all(world, subscription)
    return cycles.bill(world, subscription, pending, more=used, reason="upcoming")


def _at_period_end(world: World, subscription: Json) -> Json:
    moment = standing.period_end(subscription)
    cancel_at = subscription["cancel_at"]
    with world.at(moment):
        if cancel_at is not None and cancel_at <= moment:
            return _at_the_end(world, subscription, at=None)
        if subscription["status"] == "trialing":
            subscription["status"] = "active"
        return cycles.advance(world, subscription, reason="upcoming")


def _as_preview(world: World, invoice: Json) -> Json:
    preview_id = world.new_id("upcoming_in_")
    for line in invoice["lines"]["data"]:
        line["invoice"] = preview_id
    invoice["lines"]["url"] = f"/v1/invoices/{preview_id}/lines"
    invoice.update(
        id=preview_id,
        auto_advance=False,
        automatically_finalizes_at=None,
        billing_reason="upcoming",
    )
    return invoice


def _nothing_upcoming(customer: str) -> InvalidRequest:
    return InvalidRequest(
        f"No upcoming invoices for customer: '{customer}'",
        code="invoice_upcoming_none",
        status=404,
    )


def running(world: World, params: Json) -> Json:
    """The subscription that a preview is about; it must be the customer's."""
    subscription: Json = world.get(
        "subscription", params["subscription"], param="subscription"
    )
    customer: Any = params.get("customer", subscription["customer"])
    if subscription["customer"] != customer:
        raise ResourceMissing("subscription", subscription["id"], param="subscription")
    return subscription


def next_of(world: World, customer: str) -> Json:
    """The customer's subscription that is billed next."""
    world.get("customer", customer, param="customer")
    found = [
        subscription
        for subscription in world.find("subscription", customer=customer)
        if subscription["status"] not in standing.ENDED
    ]
    if not found:
        raise _nothing_upcoming(customer)
    return min(found, key=standing.period_end)
