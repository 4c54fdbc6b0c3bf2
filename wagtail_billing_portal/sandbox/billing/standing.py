"""What a subscription's invoices say about the subscription."""

from __future__ import annotations

from wagtail_billing_portal.sandbox.billing import (
    attached,
    entitlements,
    invoicing,
    pending_updates,
    reminders,
    resumption,
)
from wagtail_billing_portal.sandbox.billing.fields import Json
from wagtail_billing_portal.sandbox.billing.periods import DAY, HOUR
from wagtail_billing_portal.sandbox.world import World

ENDED = ("canceled", "incomplete_expired")
UPDATED = "customer.subscription.updated"
TRIAL_WILL_END = "customer.subscription.trial_will_end"
TIME_TO_PAY = 23 * HOUR
TRIAL_WARNING = 3 * DAY


def save(world: World, subscription: Json, event: str | None = UPDATED) -> Json:
    """Store a subscription together with the next moment it waits for."""
    reminders.plan(world, subscription)
    private = world.private(subscription)
    private["due_at"] = next_moment(subscription)
    warns = private.pop("warns_now", False)
    saved = world.save(subscription, event)
    if warns:
        world.emit(TRIAL_WILL_END, subscription)
    entitlements.refresh(world, subscription["customer"])
    return saved


def plan_trial_warning(world: World, subscription: Json) -> None:
    """Warn of a trial's new end in time, or along with the change if it is near."""
    near = subscription["trial_end"] - world.now <= TRIAL_WARNING
    world.private(subscription).update(trial_warned=near, warns_now=near)


def next_moment(subscription: Json) -> int | None:
    """When something will happen to a subscription by itself."""
    status = subscription["status"]
    if status in ENDED:
        return None
    if status == "incomplete":
        return int(subscription["created"]) + TIME_TO_PAY
    moments = [subscription["cancel_at"]]
    if status != "paused":
        moments.append(period_end(subscription))
    if status == "trialing" and not subscription["_sandbox"].get("trial_warned"):
        moments.append(subscription["trial_end"] - TRIAL_WARNING)
    moments += subscription["_sandbox"].get("moments", {}).values()
    return min((moment for moment in moments if moment is not None), default=None)


def period_end(subscription: Json) -> int:
    """When the first of its items has been used up."""
    items = subscription["items"]["data"]
    return min(int(item["current_period_end"]) for item in items)


def settled(world: World, invoice: Json, *, method: str | None = None) -> None:
    """An invoice is off the table: the subscription may be fine again."""
    subscription = invoicing.subscription_of(world, invoice)
    if subscription is None:
        return
    _set_delinquent(world, subscription["customer"], to=False)
    settings = subscription["payment_settings"] or {}
    if method and settings.get("save_default_payment_method") == "on_subscription":
        subscription["default_payment_method"] = method
    waits = subscription["status"] in ("incomplete", "past_due", "unpaid")
    if waits and not _owes(world, subscription, but=invoice["id"]):
        subscription["status"] = "active"
    applied = False
    if invoice["status"] in ("open", "paid") and pending_updates.waits_for(
        subscription, invoice
    ):
        applied = pending_updates.take(world, subscription, invoice)
    resumed = resumption.complete(subscription, invoice["id"])
    save(world, subscription)
    if applied:
        world.emit(pending_updates.APPLIED, subscription)
    if resumed:
        world.emit(resumption.RESUMED, subscription)
        attached.resumed(world, subscription)


def unpaid(world: World, invoice: Json) -> None:
    """An attempt to be paid for a running subscription failed."""
    subscription = invoicing.subscription_of(world, invoice)
    if subscription is None or subscription["status"] in (*ENDED, "incomplete"):
        return
    if pending_updates.waits_for(subscription, invoice):
        return
    _set_delinquent(world, subscription["customer"], to=True)
    if resumption.attempted(subscription, invoice["id"]):
        save(world, subscription)
        world.emit(resumption.RESUMED, subscription)
    if subscription["status"] == "active":
        subscription["status"] = "past_due"
        save(world, subscription)


def called_off(world: World, invoice: Json) -> None:
    """An invoice is void: what waited for it will not come."""
    subscription = invoicing.subscription_of(world, invoice)
    if subscription is None:
        return
    if pending_updates.waits_for(subscription, invoice):
        drop_pending_update(world, subscription)
    elif resumption.invoice_of(subscription) == invoice["id"]:
        stay_paused(world, subscription)
    else:
        settled(world, invoice)


def stay_paused(world: World, subscription: Json) -> None:
    """What a paused subscription would resume with is not paid."""
    resumption.discard(world, subscription)
    save(world, subscription)


def awaits(world: World, invoice: Json) -> None:
    """Somebody is to confirm the payment of a change; until then it is owed."""
    subscription = invoicing.subscription_of(world, invoice)
    world.private(invoice)["awaited"] = True
    world.save(invoice)
    if subscription and subscription["status"] == "active":
        subscription["status"] = "past_due"
        save(world, subscription)


def drop_pending_update(world: World, subscription: Json) -> None:
    """What was to change once it is paid will not change any more."""
    if pending_updates.discard(world, subscription):
        save(world, subscription)
        world.emit(pending_updates.EXPIRED, subscription)


def _owes(world: World, subscription: Json, *, but: str) -> bool:
    if subscription["status"] != "past_due" and subscription["latest_invoice"] == but:
        return False
    return any(
        invoice["id"] != but and _is_asked_for(subscription, invoice)
        for invoice in world.find(
            "invoice", subscription=subscription["id"], status="open"
        )
    )


def _is_asked_for(subscription: Json, invoice: Json) -> bool:
    if pending_updates.waits_for(subscription, invoice):
        return False
    return bool(invoice["attempted"] or invoice["_sandbox"].get("awaited"))


def _set_delinquent(world: World, customer_id: str, *, to: bool) -> None:
    customer = world.get("customer", customer_id)
    if customer["delinquent"] is not to:
        customer["delinquent"] = to
        world.save(customer, "customer.updated")
