"""The account's balance: what every charge, refund and dispute moved.

The fee is always the same: 2.9 % of what was charged and 30 in the smallest unit,
and 1500 for a dispute. Nothing of it comes back with a refund.
"""

from __future__ import annotations

from wagtail_billing_portal.sandbox.billing.fields import Json
from wagtail_billing_portal.sandbox.billing.periods import DAY
from wagtail_billing_portal.sandbox.clock import due_work
from wagtail_billing_portal.sandbox.contract import skeleton
from wagtail_billing_portal.sandbox.world import World

KIND = "balance_transaction"
AVAILABLE_AFTER = 2 * DAY
DISPUTE_FEE = 1500


def fee_of(amount: int) -> int:
    """What taking a payment costs."""
    return (amount * 29 + 500) // 1000 + 30


def enter(
    world: World,
    amount: int,
    source: Json,
    *,
    type: str,
    category: str,
    fee: int = 0,
    at_once: bool = False,
) -> str:
    """Write down that money came or went, and return the entry's id."""
    entry = {
        **skeleton(KIND),
        "id": world.new_id("txn_"),
        "amount": amount,
        "available_on": world.now if at_once else world.now + AVAILABLE_AFTER,
        "balance_type": "payments",
        "created": world.now,
        "currency": source["currency"],
        "description": source.get("description"),
        "fee": fee,
        "fee_details": _fees(fee, source["currency"]),
        "net": amount - fee,
        "reporting_category": category,
        "source": source["id"],
        "status": "available" if at_once else "pending",
        "type": type,
    }
    if not at_once:
        world.private(entry)["due_at"] = entry["available_on"]
    world.add(entry)
    return str(entry["id"])


def balance(world: World) -> Json:
    """What is there and what is on its way, by currency."""
    sums: dict[str, dict[str, int]] = {"available": {}, "pending": {}}
    for entry in world.find(KIND):
        sums["available"].setdefault(entry["currency"], 0)
        sums["pending"].setdefault(entry["currency"], 0)
        sums[entry["status"]][entry["currency"]] += entry["net"]
    blank = skeleton("balance")
    optional = (name for name, value in list(blank.items()) if value is None)
    for name in list(optional):
        del blank[name]
    return {
        **blank,
        **{
            status: [
                {"amount": sum_, "currency": currency, "source_types": {"card": sum_}}
                for currency, sum_ in sorted(by_currency.items())
            ]
            for status, by_currency in sums.items()
        },
    }


@due_work(KIND)
def entry_due(world: World, entry: Json) -> None:
    """Pending money became available."""
    entry["status"] = "available"
    world.private(entry)["due_at"] = None
    world.save(entry)


def _fees(fee: int, currency: str) -> list[Json]:
    if not fee:
        return []
    return [
        {
            "amount": fee,
            "application": None,
            "currency": currency,
            "description": "Stripe processing fees",
            "type": "stripe_fee",
        }
    ]
