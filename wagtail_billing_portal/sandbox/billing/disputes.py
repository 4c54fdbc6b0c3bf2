"""Payments that their payers object to."""

from __future__ import annotations

from wagtail_billing_portal.sandbox.billing import ledger
from wagtail_billing_portal.sandbox.billing.fields import Json, merge_metadata
from wagtail_billing_portal.sandbox.billing.periods import DAY
from wagtail_billing_portal.sandbox.clock import due_work
from wagtail_billing_portal.sandbox.contract import skeleton
from wagtail_billing_portal.sandbox.errors import InvalidRequest
from wagtail_billing_portal.sandbox.world import World

ANSWER_WITHIN = 9 * DAY
# What to write as evidence to get a case decided, as on Stripe's test page.
DECIDED_BY = {"winning_evidence": "won", "losing_evidence": "lost"}
CLOSED = ("won", "lost", "warning_closed")


def open_for(world: World, charge: Json, why: str) -> Json:
    """Somebody objects to a charge; unless it is an inquiry, the money is gone."""
    inquiry = why == "inquiry"
    dispute = _dispute(world, charge, "fraudulent" if inquiry else why)
    dispute["status"] = "warning_needs_response" if inquiry else "needs_response"
    dispute["is_charge_refundable"] = inquiry
    if not inquiry:
        _move(world, dispute, -charge["amount"], fee=ledger.DISPUTE_FEE)
    world.private(dispute)["due_at"] = dispute["evidence_details"]["due_by"]
    charge["disputed"] = True
    world.save(charge, "charge.updated")
    world.add(dispute, "charge.dispute.created")
    if not inquiry:
        world.emit("charge.dispute.funds_withdrawn", dispute)
    return charge


def update(world: World, dispute: Json, params: Json) -> Json:
    """Say something about it, and with ``submit`` send it to the bank."""
    if dispute["status"] in CLOSED:
        raise InvalidRequest("This dispute is already closed.")
    sent = params.get("evidence") or {}
    dispute["evidence"] = {
        **dispute["evidence"],
        **{name: value or None for name, value in sent.items()},
    }
    merge_metadata(dispute, params)
    details = {**dispute["evidence_details"], "has_evidence": bool(sent)}
    if params.get("submit", True) and sent:
        details["submission_count"] += 1
        details["submission_method"] = "manual"
        warned = dispute["status"].startswith("warning")
        dispute["status"] = "warning_under_review" if warned else "under_review"
        world.private(dispute)["due_at"] = world.now + 1
    dispute["evidence_details"] = details
    return world.save(dispute, "charge.dispute.updated")


def close(world: World, dispute: Json) -> Json:
    """Give in."""
    if dispute["status"] in CLOSED:
        raise InvalidRequest("This dispute is already closed.")
    return _close(world, dispute, "lost")


@due_work("dispute")
def dispute_due(world: World, dispute: Json) -> None:
    """The bank decided, or nobody answered in time."""
    words = dispute["evidence"]["uncategorized_text"]
    verdict = DECIDED_BY.get(words or "", "lost")
    if dispute["status"] == "under_review" and words not in DECIDED_BY:
        world.private(dispute)["due_at"] = None
        world.save(dispute)
        return
    if dispute["status"].startswith("warning"):
        verdict = "warning_closed"
    _close(world, dispute, verdict)


def _close(world: World, dispute: Json, status: str) -> Json:
    dispute.update(status=status, is_charge_refundable=status != "lost")
    world.private(dispute)["due_at"] = None
    if status == "won":
        _move(world, dispute, dispute["amount"])
    world.save(dispute, "charge.dispute.closed")
    if status == "won":
        world.emit("charge.dispute.funds_reinstated", dispute)
    return dispute


def _move(world: World, dispute: Json, amount: int, *, fee: int = 0) -> None:
    entry = ledger.enter(
        world,
        amount,
        dispute,
        type="adjustment",
        category="dispute" if amount < 0 else "dispute_reversal",
        fee=fee,
    )
    entries = dispute["balance_transactions"]
    dispute["balance_transactions"] = [
        *entries,
        world.get("balance_transaction", entry),
    ]


def _dispute(world: World, charge: Json, reason: str) -> Json:
    dispute = {
        **skeleton("dispute"),
        "id": world.new_id("du_"),
        "amount": charge["amount"],
        "charge": charge["id"],
        "created": world.now,
        "currency": charge["currency"],
        "payment_intent": charge["payment_intent"],
        "reason": reason,
    }
    dispute["evidence"]["enhanced_evidence"] = {}
    details = dispute["evidence_details"]
    details.update(
        due_by=world.now + ANSWER_WITHIN,
        enhanced_eligibility={},
        submission_count=0,
        submission_method="not_submitted",
    )
    return dispute
