"""What is charged next, where the mirror knows it for certain."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from ..accounts import BillingAccount
from ..models import Invoice, Subscription, SubscriptionItem
from ..money import charged_of
from .savings import savings_of

#: Statuses in which the next invoice is an invoice like the others.
REGULAR = ("active", "trialing", "past_due")


def amounts_to_come(
    account: BillingAccount, subscriptions: Iterable[Subscription]
) -> Mapping[str, int]:
    """Minor units of each one's next charge, by its id; without those not known.

    One query for all of them, and none where nothing could be said anyway.
    """
    found = {
        it: amount for it in subscriptions if (amount := _amount_of(it)) is not None
    }
    billed = account.latest_invoices if found else {}
    return {
        it.pk: amount
        for it, amount in found.items()
        if it.on_trial or _owes_no_difference(it, billed.get(it.pk))
    }


def _amount_of(subscription: Subscription) -> int | None:
    """What the next invoice comes to if all is as it looks here."""
    total = subscription.recurring_amount
    if total is None or not _is_regular(subscription) or _is_taxed_on_top(subscription):
        return None
    savings = savings_of(subscription).values()
    if None in savings:
        return None
    amount = total - sum(it for it in savings if it is not None)
    # What is too small is left to a later invoice.
    return amount if charged_of(amount, subscription.currency) == amount else None


def _is_regular(subscription: Subscription) -> bool:
    """Whether nothing is known that makes the next invoice another one."""
    customer, data = subscription.customer, subscription.data
    is_plain = customer is not None and not (
        customer.data.get("balance") or customer.data.get("discount")
    )
    is_as_it_was = not (
        subscription.is_scheduled
        or subscription.pending_update
        or subscription.is_ending
    )
    # A first period after a trial is shorter where another day was agreed upon.
    is_whole = not subscription.on_trial or (
        data.get("billing_cycle_anchor") == data.get("trial_end")
    )
    return (
        is_plain
        and is_as_it_was
        and is_whole
        and subscription.status in REGULAR
        and subscription.next_charge_at is not None
        and len(set(subscription.period_ends)) == 1
        and not any(entry.get("discounts") for entry in _entries(subscription))
    )


def _is_taxed_on_top(subscription: Subscription) -> bool:
    """Whether tax may come on top of the price."""
    has_rates = subscription.data.get("default_tax_rates") or any(
        it.get("tax_rates") for it in _entries(subscription)
    )
    behaviors = {
        it.price.tax_behavior_in(it.currency)
        for it in subscription.items.all()
        if it.price is not None
    }
    is_automatic = (subscription.data.get("automatic_tax") or {}).get("enabled")
    # Of a rate the mirror has no more than its name.
    return bool(
        has_rates
        or "exclusive" in behaviors
        or (is_automatic and behaviors != {"inclusive"})
    )


def _owes_no_difference(subscription: Subscription, newest: Invoice | None) -> bool:
    """Whether the newest invoice charged what there is now.

    Else something was changed since, and the difference may come with the next one.
    """
    if newest is None or newest.has_hidden_lines or newest.changed_since:
        return False
    return all(_is_billed(item, newest) for item in subscription.items.all())


def _is_billed(item: SubscriptionItem, invoice: Invoice) -> bool:
    lines = [it for it in invoice.lines if _price_of(it) == item.price_id]
    regular = [it["amount"] for it in lines if not _is_difference(it)]
    if regular:
        return bool(sum(regular) == item.amount)
    # A change that was charged at once: credit for the old, and the rest for the new.
    charged = [it.get("quantity") for it in lines if it["amount"] > 0]
    has_steps = item.price is not None and item.price.has_tiers
    return bool(charged) and charged[-1] == (item.quantity or 1) and not has_steps


def _entries(subscription: Subscription) -> list[dict[str, Any]]:
    return (subscription.data.get("items") or {}).get("data") or []


def _price_of(line: dict[str, Any]) -> str | None:
    details = (line.get("pricing") or {}).get("price_details") or {}
    price: str | None = details.get("price")
    return price


def _is_difference(line: dict[str, Any]) -> bool:
    parent = line.get("parent") or {}
    return bool((parent.get(parent.get("type") or "") or {}).get("proration"))
