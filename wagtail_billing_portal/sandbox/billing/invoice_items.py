"""Invoice items: what will be on a customer's next invoice."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from wagtail_billing_portal.sandbox.billing import (
    amounts,
    catalog,
    discounts,
    items,
    lines,
    taxes,
)
from wagtail_billing_portal.sandbox.billing.fields import (
    Json,
    assign,
    merge_metadata,
    only_one,
)
from wagtail_billing_portal.sandbox.contract import skeleton
from wagtail_billing_portal.sandbox.errors import InvalidRequest
from wagtail_billing_portal.sandbox.world import World

KIND = "invoiceitem"
FIELDS = (
    "amount",
    "description",
    "discountable",
    "discounts",
    "metadata",
    "period",
    "price_data",
    "pricing",
    "quantity",
    "quantity_decimal",
    "tax_behavior",
    "tax_rates",
    "unit_amount_decimal",
)


def build(
    world: World,
    params: Json,
    *,
    customer: str,
    currency: str | None,
    path: str = "",
) -> Json:
    """An invoice item from request parameters, which may be nested under ``path``.

    It is not stored yet.
    """
    item = {
        **skeleton(KIND),
        "id": world.new_id("ii_"),
        "amount": 0,
        "currency": currency,
        "customer": customer,
        "date": world.now,
        "discountable": True,
        "discounts": [],
        "metadata": {},
        "net_amount": 0,
        "period": {"end": world.now, "start": world.now},
        "quantity": 1,
        "quantity_decimal": "1",
        "tax_rates": [],
    }
    write(world, item, params, path=path)
    return item


def sell(
    world: World, price: Json, params: Json, *, customer: str, currency: str
) -> Json:
    """An invoice item for a price that was looked up already; not stored yet."""
    rest = {name: params[name] for name in ("metadata", "tax_rates") if name in params}
    item = build(world, rest, customer=customer, currency=currency)
    quantity = params.get("quantity", 1)
    _put_price(world, item, price, Decimal(quantity))
    item.update(
        net_amount=item["amount"], quantity=quantity, quantity_decimal=str(quantity)
    )
    return item


def release(world: World, ids: list[str]) -> None:
    """Let items wait for another invoice; the one they were on will not be paid."""
    for item in world.find(KIND, id=ids):
        item["invoice"] = None
        world.save(item)


def write(world: World, item: Json, params: Json, *, path: str = "") -> None:
    """Put what was sent into an item, and work its amount out anew."""
    assign(item, params, ("description", "discountable"))
    merge_metadata(item, params)
    if "period" in params:
        item["period"] = dict(params["period"])
    if "tax_rates" in params:
        item["tax_rates"] = taxes.read(
            world, params["tax_rates"], param=_at(path, "tax_rates")
        )
    if "tax_behavior" in params:
        world.private(item)["tax_behavior"] = params["tax_behavior"]
    _write_amount(world, item, params, path)
    if "discounts" in params:
        item["discounts"] = discounts.read(
            world,
            params["discounts"],
            customer=item["customer"],
            param=_at(path, "discounts"),
            invoice_item=item["id"],
            present=item["discounts"] or [],
            amount=item["amount"],
            currency=item["currency"],
        )


def _at(path: str, name: str) -> str:
    return f"{path}[{name}]" if path else name


def _write_amount(world: World, item: Json, params: Json, path: str) -> None:
    only_one(params, "quantity", "quantity_decimal")
    sent = params.get("quantity", params.get("quantity_decimal"))
    quantity = Decimal(item["quantity_decimal"] if sent is None else str(sent))
    price_path = path or "pricing"
    price = _price(world, item, params, price_path)
    if price is not None:
        _check_currency(price, item, price_path)
        _put_price(world, item, price, quantity)
    elif (unit := params.get("unit_amount_decimal")) is not None:
        item["amount"] = amounts.whole(Decimal(str(unit)) * quantity)
    elif "amount" in params:
        item["amount"] = params["amount"]
    item["currency"] = item["currency"] or "usd"
    whole = quantity == int(quantity)
    item.update(
        net_amount=item["amount"],
        quantity=int(quantity) if whole else None,
        quantity_decimal=amounts.plain(quantity),
    )


def _put_price(world: World, item: Json, price: Json, quantity: Decimal) -> None:
    item["amount"] = amounts.line_amount(price, item["currency"], quantity)
    item["pricing"] = lines.pricing(price, item["currency"])
    item["description"] = item["description"] or lines.product_name(world, price)


def _price(world: World, item: Json, params: Json, path: str) -> Json | None:
    """The price that says what it costs: the one sent, or the one it has already."""
    if data := params.get("price_data"):
        sent: Json = {"price_data": data}
    elif price_id := (params.get("pricing") or {}).get("price"):
        sent = {"price": price_id}
    elif item["pricing"] and ("quantity" in params or "quantity_decimal" in params):
        details: Any = item["pricing"]["price_details"]
        return world.get("price", details["price"])
    else:
        return None
    price = items.priced(world, sent, param=path)
    if price["recurring"]:
        raise InvalidRequest(
            "The price specified is set to `type=recurring` but this field only accepts "
            "prices with `type=one_time`.",
            param=f"{path}[price]",
        )
    return price


def _check_currency(price: Json, item: Json, path: str) -> None:
    if catalog.in_currency(price, item["currency"]) is None:
        raise InvalidRequest(
            f"The price specified only supports `{price['currency']}`. This doesn't "
            f"match the expected currency: `{item['currency']}`.",
            param=f"{path}[price]",
        )
    item["currency"] = item["currency"] or price["currency"]
