"""What an invoice would say; nothing is stored and nothing is announced."""

from __future__ import annotations

from typing import Any

from wagtail_billing_portal.sandbox.billing import (
    changes,
    cycles,
    lifecycle,
    orders,
    pause_plans,
    pausing,
    proration,
    recurring,
    standing,
    transitions,
    upcoming,
    usage,
)
from wagtail_billing_portal.sandbox.billing.fields import Json, only_one, supported
from wagtail_billing_portal.sandbox.errors import ResourceMissing
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
    "pause",
    "resume_at",
    "trial_end",
)
_PATH = "subscription_details"
_MOVES = ("cancel_now", "pause", "resume_at")
_RESUMPTION = (
    "billing_cycle_anchor",
    "proration_behavior",
    "proration_date",
    "resume_at",
)


def of_new(world: World, params: Json, details: Json) -> Json:
    """The first invoice of a subscription that does not exist yet."""
    order = {**details, **_terms(params), "customer": params["customer"]}
    if "currency" in params:
        order["currency"] = params["currency"]
    with world.pretend():
        subscription = orders.build(world, order)
        if upcoming.is_recurring(params):
            invoice = recurring.bill(world, subscription)
        else:
            invoice = lifecycle.first_invoice(world, subscription)
    if invoice is None:
        raise upcoming.nothing(subscription["customer"])
    invoice["parent"]["subscription_details"]["subscription"] = subscription["id"]
    return upcoming.as_preview(world, invoice)


def of_running(
    world: World, subscription: Json, details: Json, params: Json | None = None
) -> Json:
    """The next invoice of a subscription, or the one that a change brings at once."""
    if subscription["status"] in standing.ENDED:
        raise upcoming.nothing(subscription["customer"])
    order = {**details, **_terms(params or {})}
    with world.pretend():
        if upcoming.is_recurring(params or {}):
            invoice = _recurring(world, subscription, order)
        elif order.get("pause") or order.get("resume_at"):
            invoice = _of_rest(world, subscription, order)
        elif order.get("cancel_now"):
            invoice = _of_leaving(world, subscription, order)
        else:
            invoice = _next(world, subscription, order)
    if invoice is None or not invoice["lines"]["data"]:
        raise upcoming.nothing(subscription["customer"])
    return upcoming.as_preview(world, invoice)


def _recurring(world: World, subscription: Json, order: Json) -> Json | None:
    if order.get("cancel_now") or order.get("pause"):
        return None
    _change(world, subscription, order)
    return recurring.bill(world, subscription)


def _of_rest(world: World, subscription: Json, order: Json) -> Json | None:
    """What pausing a subscription now would invoice, or resuming it."""
    only_one(order, "pause", "resume_at")
    names = ("pause",) if order.get("pause") else _RESUMPTION
    supported(order, (*TERMS, *names), param=_PATH)
    _change(world, subscription, _terms(order))
    if order.get("pause"):
        return pausing.bill_of_pause(world, subscription, order["pause"])
    return pausing.bill_of_resumption(world, subscription, order)


def _of_leaving(world: World, subscription: Json, order: Json) -> Json:
    supported(order, (*TERMS, *_PLAIN), param=_PATH)
    _change(world, subscription, order)
    prorate = order.get("proration_behavior") != "none"
    at = order.get("proration_date", world.now)
    return _at_the_end(world, subscription, at=at if prorate else None)


def _next(world: World, subscription: Json, order: Json) -> Json | None:
    invoice = _change(world, subscription, order)
    if invoice is None and subscription["status"] == "paused":
        return None
    invoice = invoice or _of_schedule(world, subscription)
    return invoice or _at_period_end(world, subscription)


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
            raise upcoming.nothing(subscription["customer"])
    return None


def _terms(params: Json) -> Json:
    return {name: params[name] for name in TERMS if name in params}


def _change(world: World, subscription: Json, sent: Json) -> Json | None:
    order = {name: value for name, value in sent.items() if name not in _MOVES}
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
        if subscription["status"] not in (*standing.ENDED, "paused")
    ]
    if not found:
        raise upcoming.nothing(customer)
    return min(found, key=standing.period_end)
