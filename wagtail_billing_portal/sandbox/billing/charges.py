"""What a bank answered: one charge per attempt to take money."""

from __future__ import annotations

from wagtail_billing_portal.sandbox.billing import disputes, ledger, receipts
from wagtail_billing_portal.sandbox.billing.charge_details import paid_with
from wagtail_billing_portal.sandbox.billing.fields import Json
from wagtail_billing_portal.sandbox.billing.instruments import Decline, Instrument
from wagtail_billing_portal.sandbox.billing.periods import DAY
from wagtail_billing_portal.sandbox.clock import due_work
from wagtail_billing_portal.sandbox.contract import skeleton
from wagtail_billing_portal.sandbox.errors import InvalidRequest
from wagtail_billing_portal.sandbox.world import World

HELD_FOR = 7 * DAY
UPDATED = "charge.updated"


def succeed(
    world: World,
    intent: Json,
    method: Json,
    card: Instrument,
    *,
    authenticated: bool,
    capture: bool = True,
) -> Json:
    """Money taken, or with ``capture`` false only set aside for seven days."""
    charge = _charge(world, intent, method, authenticated=authenticated)
    charge.update(paid=True, status="succeeded")
    charge["outcome"] = _outcome(
        "approved_by_network", "authorized", "Payment complete."
    )
    receipts.prepare(world, charge)
    if not capture:
        world.private(charge)["held"] = True
        return world.add(charge, "charge.succeeded")
    _take(world, charge, method, later=intent.get("capture_method") == ASYNC)
    world.add(charge, "charge.succeeded")
    return _disputed(world, charge, card)


def fail(
    world: World,
    intent: Json,
    method: Json,
    decline: Decline,
    *,
    authenticated: bool,
) -> Json:
    """Money refused."""
    charge = _charge(world, intent, method, authenticated=authenticated)
    _refuse(charge, decline)
    return world.add(charge, "charge.failed")


def pend(world: World, intent: Json, method: Json) -> Json:
    """Asked for at a bank that answers in days."""
    charge = _charge(world, intent, method, authenticated=False)
    charge.update(captured=True, status="pending")
    charge["outcome"] = _outcome("approved_by_network", "authorized", "")
    charge["outcome"]["seller_message"] = "Payment submitted to the bank."
    return world.add(charge, "charge.pending")


def settle(world: World, charge: Json, card: Instrument, method: Json) -> Json:
    """The bank of a pending charge paid."""
    charge.update(paid=True, status="succeeded")
    receipts.prepare(world, charge)
    _take(world, charge, method, later=False)
    world.save(charge, "charge.succeeded")
    return _disputed(world, charge, card)


def bounce(world: World, charge: Json, decline: Decline) -> Json:
    """The bank of a pending charge did not pay."""
    _refuse(charge, decline)
    return world.save(charge, "charge.failed")


def capture(world: World, charge: Json, amount: int | None) -> Json:
    """Take what was set aside, or a part of it; the rest is let go."""
    if charge["captured"]:
        raise InvalidRequest(
            f"Charge {charge['id']} has already been captured.",
            code="charge_already_captured",
        )
    if charge["status"] != "succeeded" or charge["refunded"]:
        raise InvalidRequest(
            f"Charge {charge['id']} can no longer be captured: what was set aside has "
            "been released.",
            code="charge_expired_for_capture",
        )
    amount = charge["amount"] if amount is None else amount
    check_capture(amount, charge["amount"], param="amount")
    method = world.get("payment_method", charge["payment_method"])
    private = world.private(charge)
    private.update(held=False, due_at=None)
    charge["amount_refunded"] = charge["amount"] - amount
    _take(world, charge, method, amount=amount, later=False)
    return world.save(charge, "charge.captured")


def check_capture(amount: int, capturable: int, *, param: str) -> None:
    """Refuse to take more than was set aside, or nothing."""
    if amount < 1:
        raise InvalidRequest(
            "Invalid positive integer", param=param, code="parameter_invalid_integer"
        )
    if amount > capturable:
        raise InvalidRequest(
            f"The requested capture amount is greater than the amount you can capture "
            f"for this charge ({capturable}).",
            param=param,
            code="amount_too_large",
        )


def release(world: World, charge: Json, event: str = "charge.refunded") -> Json:
    """Let go of what was set aside."""
    world.private(charge).update(held=False, due_at=None)
    charge.update(amount_refunded=charge["amount"], refunded=True)
    return world.save(charge, event)


@due_work("charge")
def charge_due(world: World, charge: Json) -> None:
    """What was taken is booked; what was only set aside is let go in the end."""
    world.private(charge)["due_at"] = None
    if charge["captured"]:
        _book(world, charge)
        world.save(charge, UPDATED)
    else:
        release(world, charge, "charge.expired")


ASYNC = "automatic_async"


def _take(
    world: World, charge: Json, method: Json, *, later: bool, amount: int | None = None
) -> None:
    charge["amount_captured"] = charge["amount"] if amount is None else amount
    charge["captured"] = True
    bypasses = method["_sandbox"].get("card") == "4000000000000077"
    world.private(charge)["at_once"] = bypasses
    if later:
        world.private(charge)["due_at"] = world.now
    else:
        _book(world, charge)


def _book(world: World, charge: Json) -> None:
    amount = charge["amount_captured"]
    charge["balance_transaction"] = ledger.enter(
        world,
        amount,
        charge,
        type="charge" if charge["id"].startswith("ch_") else "payment",
        category="charge",
        fee=ledger.fee_of(amount),
        at_once=charge["_sandbox"].get("at_once", False),
    )


def _disputed(world: World, charge: Json, card: Instrument) -> Json:
    return disputes.open_for(world, charge, card.dispute) if card.dispute else charge


def _refuse(charge: Json, decline: Decline) -> None:
    charge.update(
        captured=False,
        failure_code=decline.code or decline.decline_code,
        failure_message=decline.message,
        paid=False,
        status="failed",
    )
    charge["outcome"] = _outcome(
        "declined_by_network",
        "issuer_declined",
        "The bank did not return any further details with this decline.",
        reason=decline.decline_code or decline.code,
    )


def _charge(world: World, intent: Json, method: Json, *, authenticated: bool) -> Json:
    same = (
        "amount",
        "currency",
        "customer",
        "description",
        "receipt_email",
        "shipping",
        "statement_descriptor",
        "statement_descriptor_suffix",
        "transfer_group",
    )
    is_card = method["type"] == "card"
    of_intent = intent.get("object") == "payment_intent"
    return {
        **skeleton("charge"),
        **{name: intent.get(name) for name in same},
        "id": world.new_id("ch_" if is_card else "py_"),
        "amount_captured": 0,
        "amount_refunded": 0,
        "billing_details": method["billing_details"],
        "calculated_statement_descriptor": intent.get("statement_descriptor")
        or "SANDBOX",
        "created": world.now,
        "disputed": False,
        "fraud_details": {},
        "metadata": dict(intent.get("metadata") or {}),
        "payment_intent": intent["id"] if of_intent else None,
        "payment_method": method["id"],
        "payment_method_details": paid_with(
            method, intent["amount"], authenticated=authenticated
        ),
        "refunded": False,
        "source": intent.get("source"),
    }


def _outcome(status: str, type_: str, message: str, reason: str | None = None) -> Json:
    return {
        "advice_code": None,
        "network_advice_code": None,
        "network_decline_code": None,
        "network_status": status,
        "reason": reason,
        "risk_level": "normal",
        "risk_score": 20,
        "seller_message": message,
        "type": type_,
    }
