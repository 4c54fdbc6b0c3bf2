"""What a schedule is told about its phases."""

from __future__ import annotations

from typing import Any

from ..models import Subscription
from ..policies.timing import Change, comes_at


def last_phase(
    schedule: dict[str, Any], subscription: Subscription
) -> list[dict[str, Any]]:
    """The phase that runs, stated again, as the only one: until all paid is used up."""
    end = subscription.paid_until
    until = {"end_date": int(end.timestamp())} if end else {}
    last = {**_restated(_running(schedule)), **until}
    if subscription.trial_end is None:
        # Over by now, and no longer to be had.
        last.pop("trial_end", None)
    return [last]


def phases_of_change(
    schedule: dict[str, Any], subscription: Subscription, change: Change
) -> list[dict[str, Any]]:
    """The phase that runs, stated again, and the one to come."""
    running = _running(schedule)
    now = _restated(running)
    is_one_date = len(subscription.period_ends) < 2
    if not is_one_date and (comes := comes_at(subscription, change)):
        now["end_date"] = int(comes.timestamp())
    price = change.price or subscription.price
    after = {
        "items": _items_after(now["items"], change),
        "duration": {
            "interval": price.interval if price else "month",
            "interval_count": price.interval_count if price else 1,
        },
        **_terms_of(running),
    }
    if change.restarts and is_one_date:
        # Else the first new period would end when the old one would have.
        after["billing_cycle_anchor"] = "phase_start"
    return [now, after]


def _running(schedule: dict[str, Any]) -> dict[str, Any]:
    start = schedule["current_phase"]["start_date"]
    phases: list[dict[str, Any]] = schedule["phases"]
    return next(it for it in phases if it["start_date"] == start)


def _restated(phase: dict[str, Any]) -> dict[str, Any]:
    """A phase as Stripe gives it, in the words in which Stripe takes it."""
    kept = {
        name: phase[name]
        for name in ("start_date", "end_date", "trial_end")
        if phase.get(name) is not None
    }
    items = [_item(it) for it in phase["items"]]
    return {"items": items, **kept, **_terms_of(phase)}


def _terms_of(phase: dict[str, Any]) -> dict[str, Any]:
    """What a phase doesn't state, the subscription loses."""
    return {
        "proration_behavior": "none",
        **_discounts_of(phase),
        **_taxes_of(phase, "default_tax_rates"),
    }


def _item(item: dict[str, Any]) -> dict[str, Any]:
    wanted = {
        "price": item["price"],
        **_discounts_of(item),
        **_taxes_of(item, "tax_rates"),
    }
    if item.get("quantity") is not None:
        wanted["quantity"] = item["quantity"]
    return wanted


def _discounts_of(it: dict[str, Any]) -> dict[str, Any]:
    discounts = [_discount(one) for one in it.get("discounts") or []]
    return {"discounts": discounts} if discounts else {}


def _discount(one: dict[str, Any]) -> dict[str, Any]:
    """By what it is named: what runs already by itself, what is to come otherwise."""
    names = ("discount", "promotion_code", "coupon")
    return next({name: one[name]} for name in names if one.get(name))


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
