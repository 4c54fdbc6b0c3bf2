from __future__ import annotations

import pytest

from tests.sandbox.resources.shop import moment


@pytest.fixture
def subscribe(api, shop):
    def subscribe(duration, **params):
        coupon = api.coupons.create(
            {"percent_off": 25, "duration": duration, **params}
        ).id
        return shop.subscribe(discounts=[{"coupon": coupon}])

    return subscribe


def test_once_is_the_first_bill_only(shop, subscribe):
    subscription = subscribe("once")
    shop.travel(moment(2026, 4, 2))

    assert [invoice.total for invoice in shop.invoices()] == [1200, 900]
    assert shop.subscription(subscription.id).discounts == []


def test_months_are_counted_by_date(shop, subscribe):
    subscription = subscribe("repeating", duration_in_months=2)
    shop.travel(moment(2026, 5, 2))

    assert [invoice.total for invoice in shop.invoices()] == [1200, 900, 900]
    assert shop.subscription(subscription.id).discounts == []


def test_forever_is_forever(shop, subscribe):
    subscription = subscribe("forever")
    shop.travel(moment(2026, 5, 2))

    assert [invoice.total for invoice in shop.invoices()] == [900, 900, 900]
    assert len(shop.subscription(subscription.id).discounts) == 1
    assert shop.invoices()[0].total_discount_amounts[0].amount == 300
