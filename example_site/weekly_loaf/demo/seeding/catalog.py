"""What The Weekly Loaf sells, made at Stripe through its own library."""

from __future__ import annotations

from typing import Any

from wagtail_billing_portal.gateway import stripe_for
from weekly_loaf.demo.seeding.texts import (
    coupons,
    extra_texts,
    metered_texts,
    plan_texts,
)

ACCOUNT = "default"
CURRENCY = {"en-gb": "gbp", "de": "eur"}


def lookup_key(plan: str, interval: str, currency: str) -> str:
    """The name by which a price is found again, at Stripe and in the mirror."""
    return f"{plan}_{interval}_{currency}"


def seed_catalog() -> None:
    """Plans and extras, monthly and yearly, in two currencies; and discounts."""
    with stripe_for(ACCOUNT) as client:
        for plan in (*plan_texts(), *extra_texts()):
            _seed_plan(client, plan)
        for metered in metered_texts():
            _seed_metered(client, metered)
        for coupon in coupons():
            _seed_coupon(client, coupon)


def _seed_plan(client: Any, plan: dict[str, Any]) -> None:
    product = client.v1.products.create(_described(plan))
    for interval in ("month", "year"):
        for currency, amount in plan[interval].items():
            client.v1.prices.create(
                {
                    "product": product.id,
                    "currency": currency,
                    "unit_amount": amount,
                    "recurring": {"interval": interval},
                    "tax_behavior": "inclusive",
                    "lookup_key": lookup_key(plan["key"], interval, currency),
                }
            )


def _seed_metered(client: Any, metered: dict[str, Any]) -> None:
    """Counted by a meter, in steps, and charged by the month in pounds."""
    meter = client.v1.billing.meters.create(
        {
            "display_name": metered["name"][0],
            "event_name": metered["event"],
            "default_aggregation": {"formula": "sum"},
        }
    )
    product = client.v1.products.create(
        {**_described(metered), "unit_label": metered["unit"][0]}
    )
    client.v1.prices.create(
        {
            "product": product.id,
            "currency": "gbp",
            "billing_scheme": "tiered",
            "tiers_mode": "graduated",
            "tiers": [
                {"up_to": step.get("up_to", "inf"), "unit_amount": step["gbp"]}
                for step in metered["month"]
            ],
            "recurring": {
                "interval": "month",
                "usage_type": "metered",
                "meter": meter.id,
            },
            "tax_behavior": "inclusive",
            "lookup_key": lookup_key(metered["key"], "month", "gbp"),
        }
    )


def _described(ware: dict[str, Any]) -> dict[str, Any]:
    return {
        "name": ware["name"][0],
        "description": ware["description"][0],
        "marketing_features": [{"name": text[0]} for text in ware["features"]],
        "metadata": {"plan": ware["key"]},
    }


def _seed_coupon(client: Any, coupon: dict[str, Any]) -> None:
    client.v1.coupons.create(
        {
            "id": coupon["id"],
            "name": coupon["name"],
            "percent_off": coupon["percent_off"],
            "duration": "repeating",
            "duration_in_months": coupon["months"],
        }
    )
    if code := coupon.get("code"):
        promotion = {"type": "coupon", "coupon": coupon["id"]}
        client.v1.promotion_codes.create({"code": code, "promotion": promotion})
