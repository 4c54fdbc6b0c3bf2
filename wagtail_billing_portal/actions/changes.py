"""Another plan, another quantity, an extra more or less."""

from __future__ import annotations

import logging
from dataclasses import dataclass
from typing import Any

from ..accounts import BillingAccount
from ..exceptions import BillingError, FiguresChanged
from ..gateway import Params, answer_of, options, stripe_for
from ..mirror.ingest import version_of
from ..mirror.refresh import let_in, look_again
from ..models import Act, Subscription, SubscriptionSchedule
from ..models.schedules import MADE_BY
from ..policies.subscriptions import may_undo_change
from ..policies.timing import Change, comes_at, waits
from .acts import note
from .base import change as change_row
from .base import forget_related, once
from .figures import Preview
from .previews import preview_again, terms_of

logger = logging.getLogger("wagtail_billing_portal.actions")


@dataclass(frozen=True)
class Changed:
    """What came of a confirmed change."""

    subscription: Subscription
    preview: Preview
    #: Nothing has changed yet: a payment or the bank's consent is missing.
    needs_payment: bool = False


def make_change(
    account: BillingAccount,
    subscription: Subscription,
    change: Change,
    *,
    signed: str,
    key: str,
) -> Changed:
    """Do what a member confirmed: now, or with the end of the period.

    ``signed`` are the figures that were shown. Raises ``FiguresChanged`` when they no
    longer hold, ``NotAllowed`` or another ``BillingError``; then nothing was changed.
    """
    try:
        preview = preview_again(account, subscription, change, signed)
    except FiguresChanged:
        # Perhaps it was done before, and only the answer was lost.
        see(subscription)
        raise
    set_free(subscription, key=key)
    if waits(account.settings, subscription, change):
        _schedule(account, subscription, change, preview, key)
        return Changed(subscription, preview)
    _change_now(account, subscription, change, preview, key)
    return Changed(subscription, preview, subscription.pending_update is not None)


def undo_change(
    account: BillingAccount, subscription: Subscription, *, key: str
) -> Subscription:
    """Leave everything as it is. Raises ``NotAllowed`` or another ``BillingError``."""
    may_undo_change(account, subscription).require()
    set_free(subscription, key=key)
    note(account, subscription, Act.UNSCHEDULED)
    return subscription


def set_free(subscription: Subscription, *, key: str) -> None:
    """Let the subscription decide about itself, whatever schedule is attached."""
    schedule = subscription.schedule
    if schedule is not None:
        _release(subscription, schedule, key)


def _release(
    subscription: Subscription, schedule: SubscriptionSchedule, key: str
) -> None:
    change_row(
        schedule,
        lambda client: client.v1.subscription_schedules.release(
            schedule.pk, {}, options(key, "release", schedule.pk)
        ),
    )
    see(subscription)


def see(subscription: Subscription) -> None:
    """Let the mirror know what became of it, and with it who asks next."""
    look_again(subscription)
    forget_related(subscription)
    subscription.refresh_from_db()


def _change_now(
    account: BillingAccount,
    subscription: Subscription,
    change: Change,
    preview: Preview,
    key: str,
) -> None:
    terms = terms_of(account.settings, subscription, change)
    params: dict[str, Any] = {
        "items": change.params,
        "proration_behavior": terms.behavior,
        **terms.params,
        "expand": ["latest_invoice.payments"],
    }
    if terms.behavior != "none":
        params["proration_date"] = preview.proration_date
    if not _takes_days(subscription):
        # What has not been paid for is not given, and what fails costs nothing.
        params["payment_behavior"] = "pending_if_incomplete"
    change_row(
        subscription,
        lambda client: client.v1.subscriptions.update(
            subscription.pk, params, once(subscription, key)
        ),
    )
    if subscription.pending_update is None:
        note(account, subscription, Act.CHANGED, _about(change))


def _takes_days(subscription: Subscription) -> bool:
    """Whether its money comes days later: Stripe lets no change wait for that."""
    method = subscription.payment_method
    return subscription.is_paid_by_invoice or bool(method and method.is_debit)


def _schedule(
    account: BillingAccount,
    subscription: Subscription,
    change: Change,
    preview: Preview,
    key: str,
) -> None:
    """Put a schedule in charge that makes the change when the period ends.

    Stripe takes the phases only in a second call. When that fails, the schedule is
    released again; one that is left over has no plans, and stands in nobody's way.
    """
    seen = version_of(subscription)
    with stripe_for(subscription.stripe_account) as client:
        made = answer_of(
            client.v1.subscription_schedules.create(
                {"from_subscription": subscription.pk},
                options(key, "schedule", str(seen.as_of), seen.digest),
            )
        )
    id, wanted = made.data["id"], _plan(made.data, subscription, change)
    try:
        with stripe_for(subscription.stripe_account) as client:
            planned = answer_of(
                client.v1.subscription_schedules.update(
                    id, wanted, options(key, "phases", id)
                )
            )
    except BillingError:
        _take_back(subscription, id, key)
        raise
    let_in(planned, account=subscription.stripe_account)
    see(subscription)
    note(account, subscription, Act.SCHEDULED, _about(change))


def _take_back(subscription: Subscription, schedule: str, key: str) -> None:
    """Release a schedule that got no phases; left over, it stands in nobody's way."""
    try:
        with stripe_for(subscription.stripe_account) as client:
            client.v1.subscription_schedules.release(
                schedule, {}, options(key, "back", schedule)
            )
    except BillingError as error:
        logger.warning("%s is left over, without plans: %s", schedule, error)
    see(subscription)


def _plan(schedule: Params, subscription: Subscription, change: Change) -> Params:
    return {
        "metadata": {**MADE_BY, "about": _about(change)},
        "end_behavior": "release",
        "proration_behavior": "none",
        "phases": _phases(schedule, subscription, change),
    }


def _phases(
    schedule: dict[str, Any], subscription: Subscription, change: Change
) -> list[dict[str, Any]]:
    """The phase that runs, stated again as Stripe wants it, and the one to come."""
    [first, *_later] = schedule["phases"]
    running = [_restated(item) for item in first["items"]]
    kept = {
        name: first[name]
        for name in ("start_date", "end_date", "trial_end")
        if first.get(name) is not None
    }
    is_one_date = len(subscription.period_ends) < 2
    if not is_one_date and (comes := comes_at(subscription, change)):
        kept["end_date"] = int(comes.timestamp())
    # What a phase doesn't state, the subscription loses.
    shared = {
        "proration_behavior": "none",
        **_discounts_of(first),
        **_taxes_of(first, "default_tax_rates"),
    }
    price = change.price or subscription.price
    after = {
        "items": _items_after(running, change),
        "duration": {
            "interval": price.interval if price else "month",
            "interval_count": price.interval_count if price else 1,
        },
        **shared,
    }
    if change.restarts and is_one_date:
        # Else the first new period would end when the old one would have.
        after["billing_cycle_anchor"] = "phase_start"
    return [{"items": running, **kept, **shared}, after]


def _restated(item: dict[str, Any]) -> dict[str, Any]:
    wanted = {"price": item["price"], **_terms_of(item)}
    if item.get("quantity") is not None:
        wanted["quantity"] = item["quantity"]
    return wanted


def _terms_of(item: dict[str, Any]) -> dict[str, Any]:
    """What is taken off an item by itself, and put on it."""
    return {**_discounts_of(item), **_taxes_of(item, "tax_rates")}


def _discounts_of(it: dict[str, Any]) -> dict[str, Any]:
    discounts = [{"discount": one["discount"]} for one in it.get("discounts") or []]
    return {"discounts": discounts} if discounts else {}


def _taxes_of(it: dict[str, Any], name: str) -> dict[str, Any]:
    rates = [rate["id"] for rate in it.get(name) or []]
    return {name: rates} if rates else {}


def _items_after(running: list[dict[str, Any]], change: Change) -> list[dict[str, Any]]:
    """In the order of before: the new one stands where the old one stood."""
    old = change.item.price_id if change.item else None
    wanted = [{k: v for k, v in it.items() if k != "id"} for it in change.params]
    new = [it for it in wanted if "price" in it]
    if old is None:
        return running + new
    after = []
    for item in running:
        kept = {k: item[k] for k in ("discounts", "tax_rates") if k in item}
        is_old = item["price"] == old
        after += [{**kept, **it} for it in new] if is_old else [item]
    return after


def _about(change: Change) -> str:
    """Names for the timeline: prices by id, read with the mirror's words."""
    if change.price is None:
        return f"-{change.item.price_id if change.item else ''}"
    return f"{change.price.pk} x{change.quantity}"
