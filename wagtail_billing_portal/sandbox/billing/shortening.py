"""Periods that a planned end cuts short, and that its taking back prolongs."""

from __future__ import annotations

from wagtail_billing_portal.sandbox.billing import debits, periods, proration, usage
from wagtail_billing_portal.sandbox.billing.fields import Json
from wagtail_billing_portal.sandbox.world import World


def adjust(world: World, subscription: Json) -> list[Json]:
    """Let the items' periods end where the subscription does; what that costs."""
    if subscription["status"] == "trialing":
        return []
    prorations = []
    for item in subscription["items"]["data"]:
        if item["current_period_end"] <= world.now or usage.is_metered(item):
            continue
        end, natural = item["current_period_end"], _natural_end(subscription, item)
        wanted = min(subscription["cancel_at"] or natural, natural)
        if wanted < end:
            prorations.append(proration.credit(world, subscription, item, at=wanted))
            item["current_period_end"] = wanted
            debits.cut(item, wanted)
        elif wanted > end:
            prorations.append(_prolong(world, subscription, item, wanted))
    return prorations


def _prolong(world: World, subscription: Json, item: Json, until: int) -> Json:
    since = item["current_period_end"]
    paid_so_far = item.get("_sandbox", {}).get("debits", [])
    item["current_period_end"] = until
    asked = proration.debit(world, subscription, item, at=since)
    debits.record(item, [*paid_so_far, debits.by_item(asked)])
    return asked


def _natural_end(subscription: Json, item: Json) -> int:
    return periods.around(
        item["current_period_start"],
        anchor=subscription["billing_cycle_anchor"],
        recurring=item["price"]["recurring"],
    )[1]
