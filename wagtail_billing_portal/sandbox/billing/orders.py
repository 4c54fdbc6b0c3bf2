"""New subscriptions as they are ordered, before anything is stored."""

from __future__ import annotations

from wagtail_billing_portal.sandbox.billing import cancellation, items, methods
from wagtail_billing_portal.sandbox.billing.fields import (
    Json,
    merge_metadata,
    need,
    only_one,
    supported,
)
from wagtail_billing_portal.sandbox.billing.periods import DAY, period_end
from wagtail_billing_portal.sandbox.contract import skeleton
from wagtail_billing_portal.sandbox.errors import InvalidRequest
from wagtail_billing_portal.sandbox.world import World

ITEM_FIELDS = ("metadata", "price", "price_data", "quantity")


def build(world: World, params: Json, *, prices: list[Json] | None = None) -> Json:
    """A subscription as ordered, not stored yet; ``prices`` if already looked up."""
    customer = world.get("customer", params["customer"], param="customer")
    need(params, "items")
    sent_items = params["items"]
    if prices is None:
        prices = _prices(world, sent_items)
    trial_end = _trial_end(world, params, prices)
    subscription = {
        **_blank(world),
        "billing_cycle_anchor": trial_end or world.now,
        "billing_mode": _billing_mode(params),
        "collection_method": params.get("collection_method", "charge_automatically"),
        "currency": items.common_currency(
            customer, prices, params.get("currency"), param="items"
        ),
        "customer": customer["id"],
        "days_until_due": _days_until_due(params),
        "description": params.get("description") or None,
        "status": "trialing" if trial_end else "incomplete",
        "trial_end": trial_end,
        "trial_start": world.now if trial_end else None,
    }
    _fill(world, subscription, sent_items, prices)
    merge_metadata(subscription, params)
    write_payment(world, subscription, params)
    cancellation.write(world, subscription, params)
    return subscription


def write_payment(world: World, subscription: Json, params: Json) -> None:
    """Apply what a request says about how the subscription is paid."""
    if sent := params.get("payment_settings"):
        supported(sent, {"save_default_payment_method"}, param="payment_settings")
        subscription["payment_settings"] = {**subscription["payment_settings"], **sent}
    if sent := (params.get("trial_settings") or {}).get("end_behavior"):
        path = "trial_settings[end_behavior]"
        supported(sent, {"missing_payment_method"}, param=path)
        subscription["trial_settings"] = _trial_settings(sent["missing_payment_method"])
    if "default_payment_method" in params:
        method_id = params["default_payment_method"] or None
        if method_id:
            customer = subscription["customer"]
            methods.owned(world, method_id, customer, param="default_payment_method")
        subscription["default_payment_method"] = method_id


def _blank(world: World) -> Json:
    blank = skeleton("subscription")
    return {
        **blank,
        "id": world.new_id("sub_"),
        "cancellation_details": cancellation.blank_details(),
        "created": world.now,
        "default_tax_rates": [],
        "invoice_settings": {**blank["invoice_settings"], "issuer": {"type": "self"}},
        "payment_settings": {
            "payment_method_options": None,
            "payment_method_types": None,
            "save_default_payment_method": "off",
        },
        "start_date": world.now,
        "trial_settings": _trial_settings("create_invoice"),
        "_sandbox": {},
    }


def _fill(
    world: World, subscription: Json, sent_items: list[Json], prices: list[Json]
) -> None:
    made = []
    for sent, price in zip(sent_items, prices, strict=True):
        anchor, rhythm = subscription["billing_cycle_anchor"], price["recurring"]
        end = subscription["trial_end"] or period_end(
            world.now, anchor=anchor, recurring=rhythm
        )
        made.append(
            items.create(
                world, subscription["id"], sent, price, start=world.now, end=end
            )
        )
    items.check(made, subscription["billing_mode"]["type"])
    subscription["items"] = items.page_of(made, subscription["id"])


def _prices(world: World, sent_items: list[Json]) -> list[Json]:
    prices: list[Json] = []
    for index, sent in enumerate(sent_items):
        path = f"items[{index}]"
        supported(sent, ITEM_FIELDS, param=path)
        price = items.recurring_price(world, sent, param=path)
        prices.append(price)
    return prices


def _trial_end(world: World, params: Json, prices: list[Json]) -> int | None:
    only_one(params, "trial_end", "trial_period_days")
    end = params.get("trial_end")
    days = params.get("trial_period_days")
    if end is None and params.get("trial_from_plan"):
        days = prices[0]["recurring"]["trial_period_days"]
    if days:
        return world.now + int(days) * DAY
    if end is None or end == "now":
        return None
    if int(end) <= world.now:
        raise InvalidRequest(
            "Invalid timestamp: must be an integer Unix timestamp in the future.",
            param="trial_end",
        )
    return int(end)


def _billing_mode(params: Json) -> Json:
    mode = params.get("billing_mode") or {"type": "flexible"}
    supported(mode, {"type"}, param="billing_mode")
    if mode["type"] == "classic":
        return {"flexible": None, "type": "classic", "updated_at": None}
    flexible = {"proration_discounts": "included"}
    return {"flexible": flexible, "type": "flexible", "updated_at": None}


def _days_until_due(params: Json) -> int | None:
    days = params.get("days_until_due")
    if params.get("collection_method") == "send_invoice" and days is None:
        raise InvalidRequest(
            "If `collection_method` is set to `send_invoice`, `days_until_due` "
            "must be set.",
            param="days_until_due",
        )
    return days


def _trial_settings(missing_payment_method: str) -> Json:
    return {
        "end_behavior": {
            **skeleton("subscription", "trial_settings", "end_behavior"),
            "missing_payment_method": missing_payment_method,
        }
    }
