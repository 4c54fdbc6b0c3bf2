"""What follows a failed renewal: when to try again, and what in the end."""

from __future__ import annotations

from wagtail_billing_portal.sandbox.billing import (
    ending,
    invoicing,
    methods,
    pauses,
    pending_updates,
    standing,
)
from wagtail_billing_portal.sandbox.billing.account_settings import (
    configure,
    settings_of,
)
from wagtail_billing_portal.sandbox.billing.fields import Json
from wagtail_billing_portal.sandbox.billing.periods import DAY
from wagtail_billing_portal.sandbox.world import World

__all__ = ["configure", "give_up", "is_hopeless", "plan_next", "skip"]

# Banks that answer so would answer so again.
HARD_DECLINES = frozenset(
    {
        "authentication_required",
        "highest_risk_level",
        "incorrect_number",
        "lost_card",
        "pickup_card",
        "revocation_of_all_authorizations",
        "revocation_of_authorization",
        "stolen_card",
        "transaction_not_allowed",
    }
)


def plan_next(world: World, invoice: Json) -> None:
    """Set the next automatic attempt, or none when they are used up."""
    subscription = invoicing.subscription_of(world, invoice)
    days = settings_of(world)["retry_after_days"]
    private = world.private(invoice)
    if subscription is None or not _may_retry(subscription, invoice):
        invoicing.stop_collecting(world, invoice)
    elif invoice["attempt_count"] <= len(days):
        wait = days[invoice["attempt_count"] - 1] * DAY
        invoice["next_payment_attempt"] = private["due_at"] = world.now + wait
    else:
        invoicing.stop_collecting(world, invoice)
        private["given_up"] = True


def _may_retry(subscription: Json, invoice: Json) -> bool:
    if pending_updates.waits_for(subscription, invoice):
        return False
    return subscription["status"] not in (*standing.ENDED, "incomplete")


def is_hopeless(world: World, invoice: Json) -> bool:
    """Whether the bank has already said that this method will not pay."""
    intent = invoicing.intent_of(world, invoice)
    method = methods.for_invoice(world, invoice)
    if intent is None or method is None:
        return False
    if intent["status"] == "requires_action":
        return bool(intent["payment_method"] == method["id"])
    error = intent["last_payment_error"] or {}
    tried = (error.get("payment_method") or {}).get("id")
    codes = {error.get("code"), error.get("decline_code")}
    return tried == method["id"] and bool(codes & HARD_DECLINES)


def skip(world: World, invoice: Json) -> None:
    """Let an attempt pass without charging: only another method would help."""
    invoice["attempt_count"] += 1
    plan_next(world, invoice)
    world.save(invoice, "invoice.updated")
    if invoice["_sandbox"].get("given_up"):
        give_up(world, invoice)


def give_up(world: World, invoice: Json) -> None:
    """Do what is set for a subscription whose last retry failed."""
    subscription = invoicing.subscription_of(world, invoice)
    if subscription is None or subscription["status"] in (*standing.ENDED, "paused"):
        return
    match settings_of(world)["final_action"]:
        case "cancel":
            ending.end(world, subscription, reason=ending.PAYMENT_FAILED)
        case "pause" if pauses.is_possible(subscription):
            pauses.pause(world, subscription, "final_payment_failure")
        case "pause":
            ending.end(world, subscription, reason=ending.PAYMENT_FAILED)
        case "unpaid":
            subscription["status"] = "unpaid"
            standing.save(world, subscription)
