"""What The Weekly Loaf sells, made at Stripe through its own library."""

from __future__ import annotations

from typing import Any

from wagtail_billing_portal.gateway import stripe_for
from weekly_loaf.demo.seeding.texts import extra_texts, plan_texts

ACCOUNT = "default"
CURRENCY = {"en-gb": "gbp", "de": "eur"}


def lookup_key(plan: str, interval: str, currency: str) -> str:
    """The name by which a price is found again, at Stripe and in the mirror."""
    return f"{plan}_{interval}_{currency}"


def seed_catalog() -> None:
    """Plans and extras, monthly and yearly, in two currencies."""
    with stripe_for(ACCOUNT) as client:
        for plan in (*plan_texts(), *extra_texts()):
            _seed_plan(client, plan)


def _seed_plan(client: Any, plan: dict[str, Any]) -> None:
    product = client.v1.products.create(
        {
            "name": plan["name"][0],
            "description": plan["description"][0],
            "marketing_features": [{"name": text[0]} for text in plan["features"]],
            "metadata": {"plan": plan["key"]},
        }
    )
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
