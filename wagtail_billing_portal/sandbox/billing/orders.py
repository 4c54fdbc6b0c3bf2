"""New subscriptions as they are ordered, before anything is stored."""

from __future__ import annotations

from wagtail_billing_portal.sandbox.billing import cancellation, items, starts, terms
from wagtail_billing_portal.sandbox.billing.fields import Json, need, supported
from wagtail_billing_portal.sandbox.billing.periods import period_end
from wagtail_billing_portal.sandbox.contract import skeleton
from wagtail_billing_portal.sandbox.errors import InvalidRequest
from wagtail_billing_portal.sandbox.world import World

ITEM_FIELDS = (
    "discounts",
    "metadata",
    "price",
    "price_data",
    "quantity",
    "tax_rates",
)


def build(world: World, params: Json, *, prices: list[Json] | None = None) -> Json:
    """A subscription as ordered, not stored yet; ``prices`` if already looked up."""
    customer = world.get("customer", params["customer"], param="customer")
    need(params, "items")
    sent_items = params["items"]
    if prices is None:
        prices = _prices(world, sent_items)
    start = starts.read(world, params, prices)
    subscription = {
        **_blank(world),
        "billing_cycle_anchor": start.anchor,
        "billing_cycle_anchor_config": start.anchor_config,
        "billing_mode": _billing_mode(params),
        "currency": items.common_currency(
            customer, prices, params.get("currency"), param="items"
        ),
        "customer": customer["id"],
        "start_date": start.begins,
        "status": "trialing" if start.trial_end else "incomplete",
        "trial_end": start.trial_end,
        "trial_start": world.now if start.trial_end else None,
    }
    free_start = params.get("proration_behavior") == "none"
    world.private(subscription)["free_start"] = free_start
    _fill(world, subscription, sent_items, prices)
    terms.write(world, subscription, params)
    cancellation.write(world, subscription, params)
    return subscription


def _blank(world: World) -> Json:
    blank = skeleton("subscription")
    return {
        **blank,
        "id": world.new_id("sub_"),
        "cancellation_details": cancellation.blank_details(),
        "collection_method": "charge_automatically",
        "created": world.now,
        "default_tax_rates": [],
        "invoice_settings": {**blank["invoice_settings"], "issuer": {"type": "self"}},
        "payment_settings": {
            "payment_method_options": None,
            "payment_method_types": None,
            "save_default_payment_method": "off",
        },
        "trial_settings": terms.trial_settings({}),
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
        item = items.create(
            world, subscription["id"], sent, price, start=world.now, end=end
        )
        terms.write_item(world, subscription, item, sent)
        made.append(item)
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


def _billing_mode(params: Json) -> Json:
    mode = params.get("billing_mode") or {"type": "flexible"}
    sent = mode.get("flexible") or {}
    if mode["type"] == "classic":
        if sent:
            raise InvalidRequest(
                "`billing_mode[flexible]` can only be set where `billing_mode[type]` is "
                "`flexible`.",
                param="billing_mode[flexible]",
            )
        return {"flexible": None, "type": "classic", "updated_at": None}
    flexible = {"proration_discounts": "included", **sent}
    return {"flexible": flexible, "type": "flexible", "updated_at": None}
