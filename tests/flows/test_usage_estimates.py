"""However it is priced, taxed and discounted: the estimate is what is then charged."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.convergence.stories import undone_afterwards
from tests.tools.metering import (
    IN_THREE_STEPS,
    by_volume,
    graduated,
    in_packages,
    subscribed_to_calls,
    use,
)
from tests.tools.shop import account_of_user
from wagtail_billing_portal.actions.figures import bill_of
from wagtail_billing_portal.actions.usage import usage_of
from wagtail_billing_portal.models import Subscription
from wagtail_billing_portal.testing import StripeSide

WITH_FEES = [
    {"up_to": 100, "flat_amount": 700, "unit_amount": 0},
    {"up_to": 1000, "flat_amount": 7, "unit_amount": 7},
    {"up_to": "inf", "flat_amount_decimal": "250.5", "unit_amount_decimal": "1.25"},
]
PRICES = {
    "each": {"unit_amount": 3},
    "a fraction each": {"unit_amount": None, "unit_amount_decimal": "0.37"},
    "graduated": graduated(*IN_THREE_STEPS),
    "volume": by_volume(*IN_THREE_STEPS),
    "graduated with fees": graduated(*WITH_FEES),
    "volume with fees": by_volume(*WITH_FEES),
    "packages begun": in_packages(450, 100),
    "packages full": in_packages(450, 100, "down"),
}


def estimated(member: Any, subscription: Subscription) -> tuple[Any, Any]:
    """How many, and the bill."""
    account = account_of_user(member)
    usage = usage_of(account, account.subscription_with(subscription.pk))
    [read] = usage.uses.values()
    return read.quantity, replace(usage.bill, lines=())


def charged(stripe_side: StripeSide, subscription: Subscription) -> Any:
    """The bill of the renewal."""
    stripe_side.advance(days=32)
    listed = stripe_side.client.v1.invoices.list({"subscription": subscription.pk})
    return replace(bill_of(listed.data[0].to_dict(for_json=True)), lines=())


def terms_of(stripe_side: StripeSide, *, discount: str, tax: str) -> dict[str, Any]:
    v1 = stripe_side.client.v1
    terms: dict[str, Any] = {}
    if discount:
        off: Any = {"percent": {"percent_off": 15}, "amount": {"amount_off": 300}}
        coupon: Any = {"duration": "forever", "currency": "eur", **off[discount]}
        if discount == "percent":
            del coupon["currency"]
        terms["discounts"] = [{"coupon": v1.coupons.create(coupon).id}]
    if tax:
        rate: Any = {
            "display_name": "VAT",
            "percentage": 19,
            "inclusive": tax == "inclusive",
        }
        terms["default_tax_rates"] = [v1.tax_rates.create(rate).id]
    return terms


@pytest.mark.parametrize("count", [0, 1, 100, 101, 12_345])
@pytest.mark.parametrize("priced", PRICES)
def test_the_estimate_is_what_the_renewal_charges(stripe_side, member, priced, count):
    calls = subscribed_to_calls(stripe_side, member, **PRICES[priced])
    if count:
        use(stripe_side, calls, count)

    read, bill = estimated(member, calls)

    assert (read, bill) == (count, charged(stripe_side, calls))


@given(
    priced=st.sampled_from(sorted(PRICES)),
    counts=st.lists(st.decimals(0, 20_000, places=2), min_size=1, max_size=3),
    discount=st.sampled_from(["", "percent", "amount"]),
    tax=st.sampled_from(["", "inclusive", "exclusive"]),
    mode=st.sampled_from(["flexible", "classic"]),
)
@settings(
    max_examples=12,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
def test_with_tax_and_discount_it_is_the_same_to_the_minor_unit(
    stripe_side: StripeSide,
    member: Any,
    priced: str,
    counts: list[Decimal],
    discount: str,
    tax: str,
    mode: str,
) -> None:
    with undone_afterwards():
        params = terms_of(stripe_side, discount=discount, tax=tax)
        params["billing_mode"] = {"type": mode}
        behavior = {"tax_behavior": tax or "unspecified"}
        calls = subscribed_to_calls(
            stripe_side, member, params=params, **{**PRICES[priced], **behavior}
        )
        for count in counts:
            use(stripe_side, calls, count)

        read, bill = estimated(member, calls)

        assert read == sum(counts)
        assert bill == charged(stripe_side, calls)
