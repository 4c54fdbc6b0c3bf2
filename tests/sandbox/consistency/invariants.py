"""What holds in every world, whatever was done to it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from stripe._object_classes import OBJECT_CLASSES

from tests.sandbox.consistency import money
from wagtail_billing_portal.sandbox.contract.resources import resource
from wagtail_billing_portal.sandbox.contract.shapes import (
    AnyOf,
    ListOf,
    MapOf,
    PageOf,
    Record,
    Shape,
)
from wagtail_billing_portal.sandbox.models import StoredObject
from wagtail_billing_portal.sandbox.store import public
from wagtail_billing_portal.sandbox.world import World

Json = dict[str, Any]

# Stripe tells of every change of these, so that their events are their history.
TOLD = {
    "charge",
    "coupon",
    "credit_note",
    "customer",
    "invoice",
    "payment_intent",
    "payment_method",
    "price",
    "product",
    "promotion_code",
    "refund",
    "setup_intent",
    "subscription",
    "subscription_schedule",
    "tax_id",
    "tax_rate",
}
# No event tells that an intent asks for less, since its invoice was credited.
UNTOLD = {("payment_intent", "amount")}
ENDED = {"canceled", "incomplete_expired"}


def complaints(world: World) -> list[str]:
    """Everything that is not as it should be, each in a sentence."""
    objects = [stored.data for stored in _stored(world)]
    found = [complaint for obj in objects for complaint in dangling(world, obj)]
    for kind, checks in CHECKS.items():
        for obj in world.find(kind):
            for check in checks:
                found += [f"{obj['id']}: {what}" for what in check(world, obj)]
    return found + list(untold(world))


def dangling(world: World, obj: Json) -> Iterator[str]:
    """References that lead nowhere."""
    for path, kinds, id_ in references(obj, resource(obj["object"]), obj["object"]):
        if not _exists(world, kinds, id_):
            yield f"{obj['id']}: {path} names {id_}, which is no {' or '.join(kinds)}."


def references(
    value: Any, shape: Shape, path: str
) -> Iterator[tuple[str, list[str], str]]:
    match shape:
        case AnyOf(options=options):
            if isinstance(value, str):
                kinds = [o.kind for o in options if isinstance(o, Record) and o.kind]
                if kinds:
                    yield path, kinds, value
                return
            for option in options:
                if not isinstance(option, Record) or _fits(value, option):
                    yield from references(value, option, path)
        case Record() if isinstance(value, dict):
            for name, field in shape.fields.items():
                if value.get(name) is not None:
                    yield from references(value[name], field.shape, f"{path}.{name}")
        case ListOf(item=item) if isinstance(value, list):
            for one in value:
                yield from references(one, item, path)
        case PageOf(item=item) if isinstance(value, dict):
            for one in value.get("data", ()):
                yield from references(one, item, path)
        case MapOf(value=item) if isinstance(value, dict):
            for one in value.values():
                yield from references(one, item, path)


def invoice(world: World, obj: Json) -> Iterator[str]:
    lines = obj["_sandbox"].get("lines", obj["lines"]["data"])
    amounts = sum(line["amount"] for line in lines)
    discounts = sum(part["amount"] for part in obj["total_discount_amounts"])
    taxes = sum(
        tax["amount"]
        for tax in obj["total_taxes"]
        if tax["tax_behavior"] == "exclusive"
    )
    if obj["subtotal"] != amounts:
        yield f"its lines come to {amounts}, its subtotal is {obj['subtotal']}."
    if obj["total"] != amounts - discounts + taxes:
        yield f"{amounts} - {discounts} + {taxes} is not {obj['total']}."
    if obj["amount_due"] < 0 or obj["amount_remaining"] < 0:
        yield "less than nothing is due."
    if obj["status"] == "paid" and obj["amount_remaining"]:
        yield "it is paid, and something remains."
    yield from _payment_agrees(world, obj)


def subscription(world: World, obj: Json) -> Iterator[str]:
    status = obj["status"]
    if (status in ENDED) != (obj["ended_at"] is not None):
        yield f"it is {status} and ended at {obj['ended_at']}."
    if status in ENDED and obj["_sandbox"].get("due_at"):
        yield "it is over, and still waits for something."
    if status == "past_due" and not _owed(world, obj):
        yield "it is past due, and owes nothing."
    if status == "incomplete" and _latest(world, obj)["status"] != "open":
        yield "it is incomplete, and its first invoice is not open."
    if schedule := obj["schedule"]:
        holder = world.get("subscription_schedule", schedule)
        if holder["subscription"] != obj["id"]:
            yield f"its schedule {schedule} is for {holder['subscription']}."
    for item in obj["items"]["data"]:
        if item["current_period_end"] < item["current_period_start"]:
            yield f"{item['id']} ends before it begins."


def schedule(world: World, obj: Json) -> Iterator[str]:
    phases = obj["phases"]
    for one, other in zip(phases, phases[1:], strict=False):
        if one["end_date"] != other["start_date"]:
            yield "its phases have a gap."
    if obj["status"] == "active" and not obj["subscription"]:
        yield "it is active without a subscription."
    if obj["status"] in ("released", "canceled", "completed") and obj["_sandbox"].get(
        "due_at"
    ):
        yield f"it is {obj['status']}, and still waits for something."


def customer(world: World, obj: Json) -> Iterator[str]:
    moved = sum(
        one["amount"]
        for one in world.find("customer_balance_transaction", customer=obj["id"])
    )
    if obj["balance"] != moved:
        yield f"its balance is {obj['balance']}, its transactions come to {moved}."
    default = obj["invoice_settings"]["default_payment_method"]
    if default and world.get("payment_method", default)["customer"] != obj["id"]:
        yield f"its default {default} is not its own."


def charge(world: World, obj: Json) -> Iterator[str]:
    if not obj["captured"]:
        # An authorization that is let go counts as refunded, without a refund.
        if obj["amount_refunded"] not in (0, obj["amount"]):
            yield f"of what was never taken it gave back {obj['amount_refunded']}."
        return
    refunded = sum(
        one["amount"]
        for one in world.find("refund", charge=obj["id"])
        if one["status"] in ("succeeded", "pending")
    )
    if obj["amount_refunded"] != refunded:
        yield f"{refunded} was refunded, it says {obj['amount_refunded']}."
    if obj["amount_refunded"] > obj["amount_captured"]:
        yield "more was given back than was taken."


def untold(world: World) -> Iterator[str]:
    """Changes that no event told of, and events that tell of no change."""
    seen: dict[tuple[str, str], Json] = {}
    for event in reversed(world.find("event")):
        obj, before = event["data"]["object"], event["data"].get("previous_attributes")
        if obj["object"] not in TOLD or "upcoming" in event["type"]:
            continue
        key = (obj["object"], obj["id"])
        if (
            before is not None
            and key in seen
            and not leads_back(obj, before, seen[key])
        ):
            yield f"{event['type']} of {obj['id']} misstates what was before."
        seen[key] = obj
    for stored in _stored(world):
        kind, id_ = stored.kind, stored.object_id
        if kind not in TOLD:
            continue
        if (obj := seen.get((kind, id_))) is None:
            yield f"no event ever told of {kind} {id_}."
            continue
        now = public(stored.data)
        names = [name for name in obj.keys() | now if obj.get(name) != now.get(name)]
        if names := [name for name in names if (kind, name) not in UNTOLD]:
            yield f"{id_} differs from its last event in {', '.join(names)}."


def leads_back(obj: Json, previous: Json, older: Json) -> bool:
    """Whether what an event says changed takes its object back to the one before.

    A field that was not there before is told as null.
    """
    back = undone(obj, previous)
    return older == {k: v for k, v in back.items() if v is not None or k in older}


def undone(obj: Json, previous: Json) -> Json:
    """The version before, from an event's object and what it says changed."""
    older = dict(obj)
    for name, value in previous.items():
        nested = isinstance(value, dict) and isinstance(obj.get(name), dict)
        older[name] = undone(obj[name], value) if nested else value
    return older


CHECKS = {
    "charge": (charge,),
    "checkout.session": (money.session,),
    "customer": (customer,),
    "invoice": (invoice, money.invoice),
    "payment_intent": (money.payment_intent,),
    "refund": (money.refund,),
    "subscription": (subscription,),
    "subscription_schedule": (schedule,),
}


def _stored(world: World) -> Iterator[StoredObject]:
    living = StoredObject.objects.filter(account=world.account, deleted=False)
    for stored in living:
        if stored.kind in OBJECT_CLASSES and stored.kind != "event":
            yield stored


def _exists(world: World, kinds: list[str], id_: str) -> bool:
    # A plan is a price by its old name: one row answers to both.
    both = [*kinds, "price"] if "plan" in kinds else kinds
    known = StoredObject.objects.filter(kind__in=both, object_id=id_)
    return kinds == ["account"] or known.exists()


def _fits(value: Any, option: Record) -> bool:
    return isinstance(value, dict) and option.kind in (None, value.get("object"))


def _payment_agrees(world: World, obj: Json) -> Iterator[str]:
    for payment in world.find("invoice_payment", invoice=obj["id"]):
        intent_id = payment["payment"].get("payment_intent")
        if not intent_id:
            continue
        status = world.get("payment_intent", intent_id)["status"]
        if (payment["status"] == "paid") != (status == "succeeded"):
            yield f"its payment is {payment['status']}, the intent {status}."
        if obj["status"] == "void" and status not in ("canceled", "succeeded"):
            yield f"it is void, and its payment intent {status}."


def _owed(world: World, obj: Json) -> list[Json]:
    return world.find("invoice", subscription=obj["id"], status="open")


def _latest(world: World, obj: Json) -> Json:
    return world.get("invoice", obj["latest_invoice"])
