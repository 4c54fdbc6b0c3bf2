from __future__ import annotations

from datetime import datetime

from ..models import Subscription, SubscriptionItem, moment
from ..models.subscriptions import TERMINAL
from .family import Children, Family, Json, Wanted


def _columns(data: Json) -> Json:
    return {
        "status": data.get("status") or "",
        "created": moment(data.get("created")),
        "current_period_end": _period_end(data),
        "ends_at": _ends_at(data),
    }


def _items(data: Json) -> list[Json]:
    entries: list[Json] = (data.get("items") or {}).get("data") or []
    return entries


def _period_end(data: Json) -> datetime | None:
    # Items may differ in flexible billing mode; the earliest renews first.
    ends = [end for item in _items(data) if (end := item.get("current_period_end"))]
    return moment(min(ends, default=None))


def _ends_at(data: Json) -> datetime | None:
    if data.get("status") in TERMINAL:
        return moment(
            data.get("ended_at") or data.get("canceled_at") or data.get("created")
        )
    if data.get("cancel_at"):
        return moment(data["cancel_at"])
    # cancel_at alone says it in flexible billing mode; the flag alone in old data.
    return _period_end(data) if data.get("cancel_at_period_end") else None


def _item_prices(data: Json) -> Wanted:
    return {"price": {item["price"] for item in _items(data) if item.get("price")}}


def _item(subscription: Subscription, entry: Json, position: int) -> SubscriptionItem:
    return SubscriptionItem(
        id=entry["id"],
        subscription=subscription,
        price_id=entry.get("price"),
        quantity=entry.get("quantity"),
        position=position,
    )


SUBSCRIPTIONS = Family(
    model=Subscription,
    events=tuple(
        f"customer.subscription.{what}"
        for what in (
            "created",
            "updated",
            "deleted",
            "paused",
            "resumed",
            "trial_will_end",
            "pending_update_applied",
            "pending_update_expired",
        )
    ),
    columns=_columns,
    references={
        "customer": lambda data: data.get("customer"),
        "default_payment_method": lambda data: data.get("default_payment_method"),
    },
    # Nothing leads out of these; ``deleted`` carries a cancelled subscription.
    rank=lambda data: 1 if data.get("status") in TERMINAL else 0,
    child_references=_item_prices,
    children=Children(SubscriptionItem, _items, _item),
    retrieve=lambda client, id: client.v1.subscriptions.retrieve(
        id, {"expand": ["discounts"]}
    ),
    list=lambda client, params: client.v1.subscriptions.list(
        {"status": "all", "expand": ["data.discounts"], **params}
    ),
)
