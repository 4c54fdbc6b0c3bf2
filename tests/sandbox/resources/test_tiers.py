from __future__ import annotations

from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from wagtail_billing_portal.sandbox.billing import amounts, tiers
from wagtail_billing_portal.sandbox.billing.rounding import allocate

CENTS = st.integers(0, 10_000)


def tier(up_to=None, unit=None, flat=None):
    return {
        "flat_amount_decimal": None if flat is None else str(flat),
        "unit_amount_decimal": None if unit is None else str(unit),
        "up_to": up_to,
    }


def price(*of, mode="graduated", **fields):
    option = {"tiers": list(of), "unit_amount_decimal": fields.pop("unit", None)}
    return {
        "id": "price_1",
        "billing_scheme": "tiered" if of else "per_unit",
        "tiers_mode": mode if of else None,
        "transform_quantity": None,
        "_sandbox": {"currency_options": {"usd": option}},
        **fields,
    }


# The worked example of Stripe's guide: $7 up to 5, $6.50 up to 10, $6 from there.
SEATS = (tier(5, 700), tier(10, 650), tier(None, 600))


def test_volume_charges_everything_at_the_rate_of_its_tier():
    volume = price(*SEATS, mode="volume")

    assert amounts.line_amount(volume, "usd", 5) == 3500
    assert amounts.line_amount(volume, "usd", 6) == 3900
    assert amounts.line_amount(volume, "usd", 20) == 12000
    assert amounts.line_amount(volume, "usd", 25) == 15000


def test_graduated_charges_each_tier_at_its_own_rate():
    graduated = price(*SEATS)

    assert amounts.line_amount(graduated, "usd", 5) == 3500
    assert amounts.line_amount(graduated, "usd", 6) == 4150
    assert amounts.line_amount(graduated, "usd", 20) == 12750
    assert amounts.line_amount(graduated, "usd", 25) == 15750


def test_flat_fees_are_parts_of_their_own():
    graduated = price(tier(5, 500, flat=1000), tier(None, 400, flat=2000))

    parts = tiers.parts(graduated, "usd", 7)

    assert [part.amount for part in parts] == [2500, 1000, 800, 2000]
    assert [part.quantity for part in parts] == [5, 1, 2, 1]
    assert parts[1].label == "Flat fee for tier 1"


def test_nothing_used_still_owes_the_first_flat_fee():
    graduated = price(tier(5, 500, flat=1000), tier(None, 400))

    assert amounts.line_amount(graduated, "usd", 0) == 1000


def test_packages_are_sold_whole_or_not_at_all():
    up = {"divide_by": 5, "round": "up"}
    packs = price(unit="1000", transform_quantity=up)
    full = price(unit="1000", transform_quantity={**up, "round": "down"})

    assert amounts.line_amount(packs, "usd", 6) == 2000
    assert amounts.line_amount(full, "usd", 6) == 1000


def test_fractions_of_a_cent_are_rounded_once_per_line():
    assert amounts.line_amount(price(unit="0.05"), "usd", 110) == 6
    assert amounts.line_amount(price(unit="0.05"), "usd", Decimal("109.9")) == 5


@given(
    rates=st.lists(st.tuples(st.integers(1, 50), CENTS), min_size=1, max_size=4),
    last=CENTS,
    quantity=st.integers(0, 300),
)
def test_more_never_costs_less_when_graduated(rates, last, quantity):
    edge, steps = 0, []
    for width, unit in rates:
        edge += width
        steps.append(tier(edge, unit))
    graduated = price(*steps, tier(None, last))

    parts = tiers.parts(graduated, "usd", quantity)

    assert sum(part.quantity for part in parts) == quantity
    assert sum(part.amount for part in parts) == amounts.line_amount(
        graduated, "usd", quantity
    )
    assert amounts.line_amount(graduated, "usd", quantity + 1) >= sum(
        part.amount for part in parts
    )


@given(amount=CENTS, weights=st.lists(CENTS, min_size=1, max_size=8))
def test_what_is_shared_out_adds_up_and_takes_nobody_below_zero(amount, weights):
    amount = min(amount, sum(weights))

    parts = allocate(amount, weights)

    assert sum(parts) == amount
    assert all(0 <= part <= weight for part, weight in zip(parts, weights, strict=True))
