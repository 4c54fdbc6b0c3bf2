"""Whatever the steps cost: how many is read from the lines, or said to be unknown."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from wagtail_billing_portal.actions.usage import usage_in
from wagtail_billing_portal.models import Price, Subscription, SubscriptionItem
from wagtail_billing_portal.sandbox.billing import tiers as reckoning

#: Few different amounts, so that a fee often costs as much as a unit.
AMOUNTS = st.sampled_from([None, "0", "1", "2", "0.5", "3.25"])
COUNTS = st.one_of(st.integers(0, 40), st.decimals(0, 40, places=1))


@st.composite
def steps(draw: st.DrawFn) -> list[dict[str, Any]]:
    """The tiers of a price, as Stripe has them."""
    widths = draw(st.lists(st.integers(1, 9), max_size=3))
    edges = [sum(widths[: n + 1]) for n in range(len(widths))]
    return [draw(_step(edge)) for edge in (*edges, None)]


def _step(edge: int | None) -> st.SearchStrategy[dict[str, Any]]:
    return st.tuples(AMOUNTS, AMOUNTS).map(
        lambda pair: {
            "up_to": edge,
            "unit_amount_decimal": pair[0] or ("0" if pair[1] is None else None),
            "flat_amount_decimal": pair[1],
        }
    )


def read(tiers: list[dict[str, Any]], mode: str, count: Any) -> tuple[Any, int]:
    """How many a preview of so many is read to have, and what they cost."""
    shape = {"billing_scheme": "tiered", "tiers_mode": mode}
    at_stripe = {**shape, "_sandbox": {"currency_options": {"eur": {"tiers": tiers}}}}
    lines = [
        {
            "id": f"il_{n}",
            "amount": part.amount,
            "quantity_decimal": str(part.quantity),
            "parent": {"subscription_item_details": {"subscription_item": "si_1"}},
        }
        for n, part in enumerate(reckoning.parts(at_stripe, "eur", Decimal(count)))
    ]
    total = sum(line["amount"] for line in lines)
    invoice = {
        "lines": {"data": lines, "has_more": False},
        "subtotal": total,
        "total": total,
        "amount_due": total,
    }
    price = Price(
        id="price_1",
        currency="eur",
        data={**shape, "recurring": {"usage_type": "metered"}},
        on_request={"tiers": tiers},
    )
    subscription = Subscription(id="sub_1", data={"currency": "eur"})
    item = SubscriptionItem(id="si_1", subscription=subscription, price=price)
    subscription._prefetched_objects_cache = {"items": [item]}
    [use] = usage_in(invoice, subscription).uses.values()
    return use.quantity, use.amount


def is_counted(tiers: list[dict[str, Any]], count: Any) -> bool:
    """Whether the step in which ``count`` ends has a price for each unit."""
    tier = tiers[reckoning.tier_of(tiers, Decimal(count))]
    return tier["unit_amount_decimal"] is not None


@given(tiers=steps(), count=COUNTS)
def test_step_by_step_the_number_is_read_or_covered_by_a_fee(tiers, count):
    quantity, _amount = read(tiers, "graduated", count)

    assert quantity == (count if is_counted(tiers, count) else None)


@given(tiers=steps(), count=COUNTS)
def test_by_volume_the_number_is_read_or_unknown_and_never_wrong(tiers, count):
    quantity, _amount = read(tiers, "volume", count)

    assert quantity in ((count, None) if is_counted(tiers, count) else (None,))


@given(tiers=steps(), count=COUNTS)
def test_by_volume_without_fees_the_number_is_always_read(tiers, count):
    plain = [{**tier, "flat_amount_decimal": None} for tier in tiers]
    plain = [
        {**it, "unit_amount_decimal": it["unit_amount_decimal"] or "1"} for it in plain
    ]

    assert read(plain, "volume", count)[0] == count
