"""What Stripe tells of a customer only when asked to expand it."""

from __future__ import annotations

from typing import Any

from wagtail_billing_portal.sandbox.billing import tax_table
from wagtail_billing_portal.sandbox.routing import expander
from wagtail_billing_portal.sandbox.world import World

Json = dict[str, Any]


@expander("customer", "tax")
def expand_tax(world: World, customer: Json) -> Json:
    """Where the customer is taxed, and whether anything is known of that country."""
    location = _location(customer)
    status = "unrecognized_location"
    if location:
        known = location["country"] in tax_table.RATES
        status = "supported" if known else "not_collecting"
    return {
        "automatic_tax": status,
        "ip_address": None,
        "location": location,
        "provider": "stripe",
    }


@expander("customer", "invoice_credit_balance")
def expand_invoice_credit_balance(world: World, customer: Json) -> Json:
    """What is in the customer's favor, which is the balance the other way around."""
    if not customer["currency"]:
        return {}
    return {customer["currency"]: -customer["balance"]}


def _location(customer: Json) -> Json | None:
    places = {
        "shipping_destination": (customer["shipping"] or {}).get("address"),
        "billing_address": customer["address"],
    }
    for source, place in places.items():
        if place and place["country"]:
            state = place["state"]
            return {"country": place["country"], "source": source, "state": state}
    return None
