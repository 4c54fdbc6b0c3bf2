"""What is charged once beside a subscription's items: set-up fees and the like."""

from __future__ import annotations

from wagtail_billing_portal.sandbox.billing import invoice_items
from wagtail_billing_portal.sandbox.billing.fields import Json, supported
from wagtail_billing_portal.sandbox.errors import InvalidRequest
from wagtail_billing_portal.sandbox.world import World

_PARAM = "add_invoice_items"
_FIELDS = (
    "discountable",
    "discounts",
    "metadata",
    "period",
    "price",
    "price_data",
    "quantity",
    "tax_rates",
)
_MOST = 20


def read(world: World, subscription: Json, params: Json) -> list[Json]:
    """The invoice items that ``add_invoice_items`` asks for, not stored yet."""
    wanted = params.get(_PARAM) or []
    if len(wanted) > _MOST:
        raise InvalidRequest(
            f"You may pass up to {_MOST} items in `{_PARAM}`.", param=_PARAM
        )
    return [
        _one(world, subscription, sent, f"{_PARAM}[{index}]")
        for index, sent in enumerate(wanted)
    ]


def belong_to(item: Json, subscription: Json) -> None:
    """Say which subscription an invoice item is charged beside."""
    item["parent"] = {
        "subscription_details": {
            "subscription": subscription["id"],
            "subscription_item": None,
        },
        "type": "subscription_details",
    }


def _one(world: World, subscription: Json, sent: Json, path: str) -> Json:
    supported(sent, _FIELDS, param=path)
    order = {name: sent[name] for name in sent if name not in ("period", "price")}
    if not sent.get("price") and "price_data" not in sent:
        param = f"{path}[price]"
        raise InvalidRequest(
            f"Missing required param: {param}.", param=param, code="parameter_missing"
        )
    if "price" in sent:
        order["pricing"] = {"price": sent["price"]}
    item = invoice_items.build(
        world,
        order,
        customer=subscription["customer"],
        currency=subscription["currency"],
        path=path,
    )
    belong_to(item, subscription)
    item["period"] = _period(world, subscription, sent.get("period") or {})
    return item


def _period(world: World, subscription: Json, sent: Json) -> Json:
    if not sent:
        return {"start": world.now, "end": world.now}
    present = subscription["items"]["data"]
    named = {
        "max_item_period_start": max(it["current_period_start"] for it in present),
        "min_item_period_end": min(it["current_period_end"] for it in present),
        "now": world.now,
    }

    def moment(side: str) -> int:
        wanted = sent[side]
        found = named.get(wanted["type"], wanted.get("timestamp"))
        if found is None:
            param = f"{_PARAM}[period][{side}][timestamp]"
            raise InvalidRequest(f"Missing required param: {param}.", param=param)
        return int(found)

    period = {"start": moment("start"), "end": moment("end")}
    if period["end"] < period["start"]:
        raise InvalidRequest(
            "The period's end must not lie before its start.", param=f"{_PARAM}[period]"
        )
    return period
