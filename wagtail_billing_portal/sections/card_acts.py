"""What can be done with a subscription, and why the rest can't."""

from __future__ import annotations

from typing import Any

from ..accounts import BillingAccount
from ..models import Price, Subscription
from ..policies.subscriptions import (
    may_add,
    may_apply_code,
    may_change_plan,
    may_change_quantity,
    may_leave,
    may_pause,
    may_remove,
    may_resubscribe,
    may_resume,
    may_undo_change,
)
from .base import address
from .discounts import discounts_of
from .subscription_card import SubscriptionCard, phase_to_come
from .words import plan_words, price_words

#: What stands against the plan of before, but not against another one.
OTHERS_REMAIN = ("", "not_for_sale", "not_eligible")


def add_changes(
    card: SubscriptionCard, account: BillingAccount, subscription: Subscription
) -> None:
    """Say what can be changed, or why not, and what changes by itself."""
    id = subscription.pk
    decision = may_change_plan(account, subscription)
    if decision:
        card.change_url = address("change", id)
    of_quantity = may_change_quantity(account, subscription)
    if of_quantity:
        card.quantity_url = address("quantity", id)
    card.explain(decision)
    card.explain(of_quantity)
    if may_add(account, subscription) or _has_extras(account, subscription):
        card.extras_url = address("extras", id)
    if may_undo_change(account, subscription):
        card.undo_change_url = address("undo_change", id)
    _add_what_comes(card, subscription)


def add_pauses(
    card: SubscriptionCard, account: BillingAccount, subscription: Subscription
) -> None:
    """Say whether it can be paused or resumed, or why not."""
    if subscription.is_resting:
        _add_resumption(card, account, subscription)
        return
    decision = may_pause(account, subscription)
    if decision:
        card.pause_url = address("pause", subscription.pk)
    card.explain(decision)


def add_discounts(
    card: SubscriptionCard, account: BillingAccount, subscription: Subscription
) -> None:
    """Say what is taken off, and where a code can be typed in."""
    card.discounts = discounts_of(account, subscription)
    decision = may_apply_code(account, subscription)
    if decision:
        card.code_url = address("apply_code", subscription.pk)
    card.explain(decision)


def add_ends(
    card: SubscriptionCard, account: BillingAccount, subscription: Subscription
) -> None:
    """Say whether it can be cancelled, or begun anew after its end, or why not."""
    if card.undo_url:
        return
    if card.is_over:
        again = may_resubscribe(account, subscription)
        card.again_url = address("subscribe_again", subscription.pk) if again else ""
        card.may_choose_again = again.code in OTHERS_REMAIN
        card.explain(again)
        return
    decision = may_leave(account, subscription)
    if decision:
        card.cancel_url = address("cancel", subscription.pk)
    card.explain(decision)


def _has_extras(account: BillingAccount, subscription: Subscription) -> bool:
    return any(
        bool(may_remove(account, subscription, item))
        for item in subscription.items.all()
    )


def _add_what_comes(card: SubscriptionCard, subscription: Subscription) -> None:
    phase, waiting = phase_to_come(subscription), subscription.pending_update
    coming = phase["items"] if phase else []
    awaited = (waiting or {}).get("subscription_items") or []
    ids = [item["price"] for item in (*coming, *awaited) if item.get("price")]
    prices = Price.objects.select_related("product").in_bulk(ids) if ids else {}
    currency = subscription.currency
    card.comes = _words_of(coming, prices, currency)
    if waiting is not None:
        card.awaits = _words_of(awaited, prices, currency)


def _words_of(
    items: list[dict[str, Any]], prices: dict[str, Price], currency: str
) -> str:
    """Items as a schedule or a change that waits has them."""
    found = [
        (prices.get(it.get("price") or ""), it.get("quantity") or 1) for it in items
    ]
    words = [
        [plan_words(price), price_words(price, currency, count)]
        for price, count in found
        if price is not None
    ]
    return "; ".join(", ".join(filter(None, parts)) for parts in words)


def _add_resumption(
    card: SubscriptionCard, account: BillingAccount, subscription: Subscription
) -> None:
    decision = may_resume(account, subscription)
    if decision:
        card.resume_url = address("resume", subscription.pk)
    else:
        # It would say to resume first, which is what can't be done.
        card.why_not = [it for it in card.why_not if it.code != "paused"]
    card.explain(decision)
