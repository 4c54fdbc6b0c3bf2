from __future__ import annotations

from ..models import Price, Product
from .family import Family, Json


def _product_columns(data: Json) -> Json:
    return {"name": data.get("name") or "", "active": bool(data.get("active"))}


def _price_columns(data: Json) -> Json:
    recurring = data.get("recurring") or {}
    return {
        "active": bool(data.get("active")),
        "type": data.get("type") or "",
        "currency": data.get("currency") or "",
        "unit_amount": data.get("unit_amount"),
        "interval": recurring.get("interval") or "",
        "interval_count": recurring.get("interval_count") or 1,
    }


PRODUCTS = Family(
    model=Product,
    events=("product.created", "product.updated", "product.deleted"),
    deletions=frozenset({"product.deleted"}),
    columns=_product_columns,
    retrieve=lambda client, id: client.v1.products.retrieve(id),
    list=lambda client, params: client.v1.products.list(params),
)

PRICES = Family(
    model=Price,
    events=("price.created", "price.updated", "price.deleted"),
    deletions=frozenset({"price.deleted"}),
    columns=_price_columns,
    references={"product": lambda data: data.get("product")},
    expand_only=frozenset({"tiers", "currency_options"}),
    asked_for=("tiers", "currency_options"),
    retrieve=lambda client, id: client.v1.prices.retrieve(
        id, {"expand": ["tiers", "currency_options"]}
    ),
    list=lambda client, params: client.v1.prices.list(
        {"expand": ["data.tiers", "data.currency_options"], **params}
    ),
)
