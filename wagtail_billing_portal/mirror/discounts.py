from __future__ import annotations

from typing import Any

from ..exceptions import StripeRefused, UnknownStripeObject
from ..gateway import recast
from ..models import Coupon, Discount, PromotionCode, moment
from .family import Family, Json


def _coupon_columns(data: Json) -> Json:
    return {"name": data.get("name") or "", "valid": bool(data.get("valid"))}


def _code_columns(data: Json) -> Json:
    return {
        "code": data.get("code") or "",
        "active": bool(data.get("active")),
        "expires_at": moment(data.get("expires_at")),
    }


def _retrieve_discount(client: Any, id: str) -> Any:
    """Stripe serves a discount by its owner only."""
    row = Discount.objects.filter(pk=id).first()
    if row is None or not (row.subscription_id or row.customer_id):
        raise StripeRefused(f"Nobody knows whose discount {id} is.")
    if row.subscription_id:
        owner = client.v1.subscriptions.retrieve(
            row.subscription_id, {"expand": ["discounts"]}
        )
        found = owner.last_response.data.get("discounts") or []
    else:
        owner = client.v1.customers.retrieve(row.customer_id)
        found = [owner.last_response.data.get("discount")]
    for discount in found:
        if isinstance(discount, dict) and discount["id"] == id:
            return recast(owner, discount)
    raise UnknownStripeObject(f"{id} is at work no more.")


def _list_discounts(client: Any, params: Json) -> Any:
    raise StripeRefused("Stripe lists discounts with their owners only.")


COUPONS = Family(
    model=Coupon,
    events=("coupon.created", "coupon.updated", "coupon.deleted"),
    deletions=frozenset({"coupon.deleted"}),
    columns=_coupon_columns,
    expand_only=frozenset({"applies_to", "currency_options"}),
    asked_for=("applies_to", "currency_options"),
    # Each redemption is told.
    counted=frozenset({"times_redeemed", "valid"}),
    retrieve=lambda client, id: client.v1.coupons.retrieve(
        id, {"expand": ["applies_to", "currency_options"]}
    ),
    list=lambda client, params: client.v1.coupons.list(
        {"expand": ["data.applies_to", "data.currency_options"], **params}
    ),
)

PROMOTION_CODES = Family(
    model=PromotionCode,
    events=("promotion_code.created", "promotion_code.updated"),
    columns=_code_columns,
    references={
        "coupon": lambda data: (data.get("promotion") or {}).get("coupon"),
        "customer": lambda data: data.get("customer"),
    },
    retrieve=lambda client, id: client.v1.promotion_codes.retrieve(id),
    list=lambda client, params: client.v1.promotion_codes.list(params),
)

DISCOUNTS = Family(
    model=Discount,
    events=(
        "customer.discount.created",
        "customer.discount.updated",
        "customer.discount.deleted",
    ),
    deletions=frozenset({"customer.discount.deleted"}),
    columns=lambda data: {"end": moment(data.get("end"))},
    references={
        "customer": lambda data: data.get("customer"),
        "subscription": lambda data: data.get("subscription"),
        "coupon": lambda data: (data.get("source") or {}).get("coupon"),
        "promotion_code": lambda data: data.get("promotion_code"),
    },
    found_by=("customer", "subscription"),
    retrieve=_retrieve_discount,
    list=_list_discounts,
    scopes=lambda alias: [],
    lists_by_creation=False,
)
