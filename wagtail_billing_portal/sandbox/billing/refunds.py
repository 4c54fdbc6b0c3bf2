"""Giving money back: of one charge, all of it or in parts."""

from __future__ import annotations

from wagtail_billing_portal.sandbox.billing import charges, ledger, methods, receipts
from wagtail_billing_portal.sandbox.billing.fields import Json, merge_metadata
from wagtail_billing_portal.sandbox.billing.periods import HOUR
from wagtail_billing_portal.sandbox.billing.spelled import spelled
from wagtail_billing_portal.sandbox.clock import due_work
from wagtail_billing_portal.sandbox.contract import skeleton
from wagtail_billing_portal.sandbox.errors import InvalidRequest
from wagtail_billing_portal.sandbox.world import World

KIND = "refund"
UPDATED = "refund.updated"
DECIDED_AFTER = HOUR
# Where a refund goes, for the payment methods that have a word of their own for it.
DESTINATIONS = {
    "amazon_pay": {},
    "paypal": {
        "network_decline_code": None,
        "reference": None,
        "reference_status": None,
    },
}


def create(
    world: World,
    *,
    charge: str | None = None,
    payment_intent: str | None = None,
    amount: int | None = None,
    reason: str | None = None,
    metadata: Json | None = None,
) -> Json:
    """Give back ``amount``, or all that is left, of a charge or of a payment."""
    paid = charge_for(world, charge=charge, payment_intent=payment_intent)
    if not paid["captured"]:
        return _release(world, paid, amount, reason, metadata)
    amount = _amount(paid, amount)
    refund = _refund(world, paid, amount, reason)
    merge_metadata(refund, {"metadata": metadata or {}})
    method = world.get("payment_method", paid["payment_method"])
    refunding = methods.card_of(method).refunding
    if refunding != "at_once":
        refund["_sandbox"] = {"due_at": world.now + DECIDED_AFTER, "ends": refunding}
    if refunding == "later":
        refund.update(status="pending", pending_reason="processing")
    refund["balance_transaction"] = ledger.enter(
        world, -amount, refund, type=_type(paid, "refund"), category="refund"
    )
    world.add(refund, "refund.created")
    previous = {name: paid[name] for name in ("amount_refunded", "refunded")}
    paid["amount_refunded"] += amount
    paid["refunded"] = paid["amount_refunded"] == paid["amount"]
    changed = {name: old for name, old in previous.items() if paid[name] != old}
    world.save(paid)
    world.emit("charge.refunded", paid, changed)
    return refund


def update(world: World, refund: Json, params: Json) -> Json:
    """Change what is noted on a refund."""
    before = dict(refund)
    merge_metadata(refund, params)
    world.save(refund, UPDATED)
    if before["metadata"] != refund["metadata"]:
        previous = {"metadata": before["metadata"]}
        world.emit("charge.refund.updated", refund, previous)
    return refund


def cancel(refund: Json) -> Json:
    """Only a refund that waits for its payer can be canceled; none here does."""
    raise InvalidRequest(
        f"This refund cannot be canceled: its status is {refund['status']}. Only a "
        "refund that requires action can be canceled.",
    )


def charge_for(world: World, *, charge: str | None, payment_intent: str | None) -> Json:
    """The charge that a refund is about, which must have been paid."""
    if charge is None and payment_intent is None:
        raise InvalidRequest(
            "One of the following params should be provided for this request: "
            "payment_intent or charge."
        )
    if payment_intent is not None:
        intent = world.get("payment_intent", payment_intent, param="payment_intent")
        latest = intent["latest_charge"]
        if latest is None or charge not in (None, latest):
            raise _nothing_to_refund(intent["id"], param="payment_intent")
        charge = latest
    paid = world.get("charge", str(charge), param="charge")
    if paid["status"] != "succeeded":
        if paid["payment_intent"]:
            raise _nothing_to_refund(paid["payment_intent"], param="charge")
        raise InvalidRequest(
            f"Charge {paid['id']} has not succeeded and cannot be refunded.",
            param="charge",
        )
    if paid["disputed"] and _is_disputed(world, paid):
        raise InvalidRequest(
            f"Charge {paid['id']} has been charged back; cannot issue a refund.",
            code="charge_disputed",
        )
    return paid


def of_charge(world: World, charge_id: str) -> list[Json]:
    """The refunds of a charge, newest first."""
    return world.find(KIND, charge=charge_id)


@due_work(KIND)
def refund_due(world: World, refund: Json) -> None:
    """The bank decided about a refund that took its time."""
    private = world.private(refund)
    private["due_at"] = None
    if private["ends"] == "later":
        previous = {"status": "pending", "pending_reason": refund.pop("pending_reason")}
        refund["status"] = "succeeded"
        world.save(refund, UPDATED)
        world.emit("charge.refund.updated", refund, previous)
        return
    _fail(world, refund)


def _fail(world: World, refund: Json) -> None:
    previous = {"status": refund["status"]}
    refund.update(
        status="failed",
        failure_reason="expired_or_canceled_card",
        failure_balance_transaction=ledger.enter(
            world,
            refund["amount"],
            refund,
            type="refund_failure",
            category="refund_failure",
        ),
    )
    world.save(refund, UPDATED)
    world.emit("refund.failed", refund)
    world.emit("charge.refund.updated", refund, previous)
    charge = world.get("charge", refund["charge"])
    charge["amount_refunded"] -= refund["amount"]
    charge["refunded"] = False
    world.save(charge, charges.UPDATED)


def _release(
    world: World,
    charge: Json,
    amount: int | None,
    reason: str | None,
    metadata: Json | None,
) -> Json:
    """What was only set aside goes back at once and whole, without being booked."""
    if charge["payment_intent"]:
        raise _nothing_to_refund(charge["payment_intent"], param="charge")
    if amount not in (None, charge["amount"]):
        raise InvalidRequest(
            "You cannot partially refund an uncaptured charge. Instead, capture the "
            "charge for an amount less than the original amount",
            param="amount",
        )
    refund = _refund(world, charge, _amount(charge, amount), reason)
    merge_metadata(refund, {"metadata": metadata or {}})
    refund["destination_details"]["card"]["type"] = "reversal"
    world.add(refund, "refund.created")
    charges.release(world, charge)
    return refund


def _amount(charge: Json, amount: int | None) -> int:
    left: int = charge["amount"] - charge["amount_refunded"]
    if not left:
        raise InvalidRequest(
            f"Charge {charge['id']} has already been refunded.",
            code="charge_already_refunded",
        )
    if amount is None:
        return left
    if amount < 1:
        raise InvalidRequest(
            "Invalid positive integer", param="amount", code="parameter_invalid_integer"
        )
    if amount > left:
        asked, rest = (spelled(it, charge["currency"]) for it in (amount, left))
        raise InvalidRequest(
            f"Refund amount ({asked}) is greater than unrefunded amount on charge "
            f"({rest})",
            param="amount",
        )
    return amount


def _refund(world: World, charge: Json, amount: int, reason: str | None) -> Json:
    is_card = charge["payment_method_details"]["type"] == "card"
    return {
        **skeleton(KIND),
        "id": world.new_id("re_" if is_card else "pyr_"),
        "amount": amount,
        "charge": charge["id"],
        "created": world.now,
        "currency": charge["currency"],
        "customer": charge["customer"],
        "destination_details": _destination(charge),
        "metadata": {},
        "payment_intent": charge["payment_intent"],
        "payment_method": charge["payment_method"],
        "reason": reason,
        "receipt_number": receipts.number() if charge["receipt_number"] else None,
        "status": "succeeded",
    }


def _destination(charge: Json) -> Json:
    kind = charge["payment_method_details"]["type"]
    if kind != "card":
        own = {kind: DESTINATIONS[kind]} if kind in DESTINATIONS else {}
        return {"type": kind, **own}
    card = {
        "reference": None,
        "reference_status": "pending",
        "reference_type": "acquirer_reference_number",
        "type": "refund",
    }
    return {"type": "card", "card": card}


def _is_disputed(world: World, charge: Json) -> bool:
    return any(
        not dispute["is_charge_refundable"]
        for dispute in world.find("dispute", charge=charge["id"])
    )


def _nothing_to_refund(intent_id: str, *, param: str) -> InvalidRequest:
    return InvalidRequest(
        f"This PaymentIntent ({intent_id}) does not have a successful charge to "
        "refund.",
        param=param,
    )


def _type(charge: Json, what: str) -> str:
    return what if charge["id"].startswith("ch_") else f"payment_{what}"
