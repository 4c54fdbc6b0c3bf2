"""What is charged once beside a subscription that begins at a checkout."""

from __future__ import annotations

import itertools

import pytest

TIERS = {
    "billing_scheme": "tiered",
    "tiers_mode": "graduated",
    "tiers": [
        {"up_to": 3, "unit_amount": 333, "flat_amount": 101},
        {"up_to": "inf", "unit_amount": 77},
    ],
}


def a_fee(shop, amount=500, **params):
    price = shop.price(amount, "Set-up", recurring=None, **params)
    return {"price": price, "quantity": 1}


def with_fee(shop, *, fee=500, **params):
    items = [a_fee(shop, fee), {"price": shop.price(), "quantity": 2}]
    return shop.session(line_items=items, **params)


def test_a_fee_is_charged_with_the_first_period_and_never_again(api, shop):
    session = with_fee(shop)
    assert session.amount_total == 2900
    shop.pay(session)

    shop.wait(days=32)

    renewal, first = shop.invoices()
    (subscription,) = api.subscriptions.list().data
    assert (first.amount_paid, renewal.amount_due) == (2900, 2400)
    assert len(subscription["items"].data) == 1
    assert "invoiceitem.created" in shop.events()


def test_a_fee_is_due_when_a_trial_begins(api, shop):
    session = with_fee(shop, subscription_data={"trial_period_days": 7})

    shop.pay(session)

    done = api.checkout.sessions.retrieve(session.id, {"expand": ["subscription"]})
    assert (done.amount_total, done.payment_status) == (500, "paid")
    assert done.subscription.status == "trialing"


def test_a_fee_may_be_added_by_the_payer(shop):
    extra = [a_fee(shop)]

    session = shop.session(optional_items=extra)

    assert session.optional_items[0].quantity == 1


@pytest.mark.parametrize(
    ("percent", "tax", "inclusive"),
    list(itertools.product([None, 33.3], [7.7, 19], [True, False])),
)
def test_the_page_says_to_the_cent_what_the_invoice_says(
    api, shop, percent, tax, inclusive
):
    rate = {"display_name": "VAT", "percentage": tax, "inclusive": inclusive}
    data = {"default_tax_rates": [api.tax_rates.create(rate).id]}
    params = {"subscription_data": data}
    if percent:
        coupon = api.coupons.create({"percent_off": percent, "duration": "once"})
        params["discounts"] = [{"coupon": coupon.id}]
    tiered = shop.price(name="Seats", unit_amount=None, **TIERS)
    items = [
        {"price": tiered, "quantity": 7},
        a_fee(shop, 333),
        {"price": shop.price(999), "quantity": 1},
        a_fee(shop, 101),
    ]
    session = shop.session(line_items=items, **params)

    shop.pay(session)

    (invoice,) = shop.invoices()
    assert invoice.total == session.amount_total
    assert invoice.subtotal == session.amount_subtotal
    assert invoice.amount_paid == session.amount_total


def test_what_is_metered_costs_nothing_yet(api, shop):
    meter = api.billing.meters.create(
        {
            "display_name": "Calls",
            "event_name": "calls",
            "default_aggregation": {"formula": "sum"},
        }
    )
    metered = {"interval": "month", "usage_type": "metered", "meter": meter.id}
    calls = {"price": shop.price(5, "Calls", recurring=metered)}
    session = shop.session(line_items=[calls, {"price": shop.price(), "quantity": 1}])

    shop.pay(session)

    assert session.amount_total == 1200
    (subscription,) = api.subscriptions.list().data
    assert {item.quantity for item in subscription["items"].data} == {None, 1}
