"""What customers are owed, or owe: each step of it written down."""

from __future__ import annotations

from typing import Any

from wagtail_billing_portal.sandbox.billing.fields import Json
from wagtail_billing_portal.sandbox.contract import skeleton
from wagtail_billing_portal.sandbox.world import World

KIND = "customer_balance_transaction"


def is_kept(world: World, customer_id: str) -> bool:
    """Whether there is still a balance to move: a deleted customer has none."""
    customer = world.get("customer", customer_id, include_deleted=True)
    return not customer.get("deleted")


def change(
    world: World,
    customer_id: str,
    amount: int,
    *,
    type: str,
    currency: str | None = None,
    **about: Any,
) -> Json | None:
    """Move a customer's balance by ``amount``: less than nothing is a credit.

    The only way in which a balance moves. ``about`` names what it was for: an
    ``invoice``, a ``credit_note``, a ``description``. Nothing moves nothing.
    """
    if not amount:
        return None
    customer = world.get("customer", customer_id)
    customer["balance"] += amount
    customer["currency"] = customer["currency"] or currency
    transaction = {
        **skeleton(KIND),
        "id": world.new_id("cbtxn_"),
        "amount": amount,
        "created": world.now,
        "currency": currency or customer["currency"] or "usd",
        "customer": customer_id,
        "ending_balance": customer["balance"],
        "metadata": {},
        "type": type,
        **about,
    }
    world.add(transaction)
    world.save(customer, "customer.updated")
    return transaction
