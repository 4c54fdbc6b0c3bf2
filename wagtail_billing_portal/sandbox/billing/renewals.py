"""What happens by itself as time passes."""

from __future__ import annotations

from copy import deepcopy

from wagtail_billing_portal.sandbox.billing import (
    collection_pauses,
    cycles,
    drafts,
    dunning,
    ending,
    invoicing,
    pauses,
    payments,
    pending_intervals,
    pending_updates,
    previews,
    reminders,
    resumption,
    standing,
    transitions,
    usage,
)
from wagtail_billing_portal.sandbox.billing.fields import Json
from wagtail_billing_portal.sandbox.clock import due_work
from wagtail_billing_portal.sandbox.errors import InvalidRequest
from wagtail_billing_portal.sandbox.world import World


@due_work("subscription")
def subscription_due(world: World, subscription: Json) -> None:
    """Expire, end, warn, or begin the next period: whichever is due now."""
    if transitions.catch_up(world, subscription):
        subscription = world.get("subscription", subscription["id"])
    if pending_updates.is_over(world, subscription):
        standing.drop_pending_update(world, subscription)
    if collection_pauses.is_over(world, subscription):
        collection_pauses.end(world, subscription)
        standing.save(world, subscription)
    if resumption.is_over(world, subscription):
        standing.stay_paused(world, subscription)
    if pending_intervals.is_due(world, subscription):
        _bill_what_is_pending(world, subscription)
    due_at = subscription["_sandbox"]["due_at"]
    if due_at is not None and due_at <= world.now:
        _do_next(world, subscription)


def _do_next(world: World, subscription: Json) -> None:
    cancel_at = subscription["cancel_at"]
    if subscription["status"] == "incomplete":
        ending.expire(world, subscription)
    elif cancel_at is not None and cancel_at <= world.now:
        _end(world, subscription)
    elif standing.period_end(subscription) <= world.now:
        _begin_period(world, subscription)
    elif reminders.is_due(world, subscription):
        _tell_of_renewal(world, subscription)
    else:
        world.private(subscription)["trial_warned"] = True
        standing.save(world, subscription, standing.TRIAL_WILL_END)


@due_work("invoice")
def invoice_due(world: World, invoice: Json) -> None:
    """Finalize a draft, try again to be paid, or note that it is late."""
    if invoice["status"] == "draft":
        if not _finalize(world, invoice):
            return
        if not collection_pauses.waive(world, invoice):
            _ask_for_payment(world, invoice)
    elif invoice["collection_method"] == "send_invoice":
        if invoice["due_date"] > world.now:
            world.private(invoice)["due_at"] = invoice["due_date"]
            world.save(invoice)
            world.emit("invoice.will_be_due", invoice)
            return
        world.private(invoice)["due_at"] = None
        world.save(invoice)
        world.emit("invoice.overdue", invoice)
        standing.unpaid(world, invoice)
    elif dunning.is_hopeless(world, invoice):
        dunning.skip(world, invoice)
    else:
        payments.collect(world, invoice)


def _finalize(world: World, invoice: Json) -> bool:
    """Whether a draft became an invoice; a refusal leaves it to its merchant."""
    try:
        invoicing.finalize(world, invoice)
    except InvalidRequest as refusal:
        draft = world.get("invoice", invoice["id"])
        if draft["_sandbox"].get("due_at") is not None:
            invoicing.finalization_failed(world, draft, refusal)
        return False
    return True


def _begin_period(world: World, subscription: Json) -> None:
    if subscription["status"] == "trialing" and not _end_trial(world, subscription):
        return
    invoice = cycles.advance(world, subscription, reason="subscription_cycle")
    _hold(world, subscription, invoice)
    world.add(invoice, "invoice.created")
    standing.save(world, subscription)


def _bill_what_is_pending(world: World, subscription: Json) -> None:
    pending = cycles.pending_items(world, subscription)
    pending_intervals.plan(world, subscription)
    ends = [subscription["cancel_at"], standing.period_end(subscription)]
    soon_billed = any(end is not None and end <= world.now for end in ends)
    if pending and not soon_billed and subscription["status"] != "paused":
        reason = pending_intervals.REASON
        invoice = cycles.bill(world, subscription, pending, reason=reason)
        subscription["latest_invoice"] = invoice["id"]
        _hold(world, subscription, invoice)
        world.add(invoice, "invoice.created")
    standing.save(world, subscription)


def _hold(world: World, subscription: Json, invoice: Json) -> None:
    if subscription["status"] == "unpaid":
        invoice["auto_advance"] = False
    else:
        collection_pauses.hold(world, subscription, invoice)


def _end(world: World, subscription: Json) -> None:
    used = usage.of_all(world, subscription)
    ending.end(world, subscription, keep_prorations=True)
    pending = cycles.pending_items(world, subscription)
    if pending or used:
        reason = "subscription_cycle"
        invoice = cycles.bill(world, subscription, pending, more=used, reason=reason)
        drafts.hold_for_an_hour(world, invoice)
        subscription["latest_invoice"] = invoice["id"]
        standing.save(world, subscription)
        world.add(invoice, "invoice.created")


def _tell_of_renewal(world: World, subscription: Json) -> None:
    reminders.told(world, subscription)
    standing.save(world, subscription)
    try:
        invoice = previews.of_running(world, deepcopy(subscription), {})
    except InvalidRequest:
        return  # Its schedule pauses or ends it first.
    world.emit("invoice.upcoming", invoice)


def _end_trial(world: World, subscription: Json) -> bool:
    """Whether the subscription goes on after its trial."""
    behavior = subscription["trial_settings"]["end_behavior"]
    missing = behavior["missing_payment_method"]
    sends = subscription["collection_method"] == "send_invoice"
    if missing == "create_invoice" or sends or pauses.can_be_paid(world, subscription):
        subscription["status"] = "active"
        return True
    if missing == "cancel":
        ending.end(world, subscription)
    else:
        pauses.pause(world, subscription, "trial_end_without_payment_method")
    return False


def _ask_for_payment(world: World, invoice: Json) -> None:
    if invoice["collection_method"] != "send_invoice" or not invoice["amount_due"]:
        payments.collect(world, invoice)
    else:
        world.emit("invoice.sent", invoice)
