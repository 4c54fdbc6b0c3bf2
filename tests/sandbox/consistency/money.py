"""What holds of money in every world: each cent is somewhere, once."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from wagtail_billing_portal.sandbox.world import World

Json = dict[str, Any]


def invoice(world: World, obj: Json) -> Iterator[str]:
    payments = world.find("invoice_payment", invoice=obj["id"])
    paid = sum(it["amount_paid"] or 0 for it in payments if it["status"] == "paid")
    elsewhere = obj.get("amount_paid_off_stripe") or 0
    if obj["amount_paid"] != paid + elsewhere:
        yield f"{paid} + {elsewhere} was paid, it says {obj['amount_paid']}."
    if obj["status"] in ("paid", "void"):
        for payment in payments:
            if payment["status"] == "open":
                yield f"it is {obj['status']}, and {payment['id']} still asks."
    notes = world.find("credit_note", invoice=obj["id"], status="issued")
    for kind in ("pre_payment", "post_payment"):
        credited = sum(note[f"{kind}_amount"] for note in notes)
        if obj[f"{kind}_credit_notes_amount"] != credited:
            told = obj[f"{kind}_credit_notes_amount"]
            yield f"{kind} credit notes come to {credited}, it says {told}."


def payment_intent(world: World, obj: Json) -> Iterator[str]:
    charges = world.find("charge", payment_intent=obj["id"])
    taken = sum(it["amount_captured"] for it in charges if it["paid"])
    if obj["amount_received"] != taken:
        yield f"its charges took {taken}, it says {obj['amount_received']}."
    if obj["status"] == "succeeded" and obj["amount_received"] > obj["amount"]:
        yield "it got more than it asked for."
    if obj["status"] == "requires_capture" and not obj["amount_capturable"]:
        yield "it is to be captured, and nothing can be."


def session(world: World, obj: Json) -> Iterator[str]:
    done = obj["status"] == "complete"
    if obj["mode"] == "subscription" and done != (obj["subscription"] is not None):
        yield f"it is {obj['status']}, with the subscription {obj['subscription']}."
    if obj["status"] != "open" and obj["url"]:
        yield f"it is {obj['status']}, and still has a page."


def refund(world: World, obj: Json) -> Iterator[str]:
    charge = world.get("charge", obj["charge"])
    if charge["currency"] != obj["currency"]:
        yield "it is in another currency than its charge."
    if obj["status"] == "succeeded" and not obj["balance_transaction"]:
        yield "it went out of no balance."
