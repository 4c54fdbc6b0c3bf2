"""What a checkout shows is what is charged and what the invoice says."""

from __future__ import annotations

import pytest
import stripe

from tests.sandbox.resources.shop import NEEDS_3DS


@pytest.fixture
def coupon(api):
    return api.coupons.create({"percent_off": 25, "duration": "forever"})


def taxed(api, percentage=19, *, inclusive=False):
    rate = {"display_name": "VAT", "percentage": percentage, "inclusive": inclusive}
    return api.tax_rates.create(rate).id


def sums(session):
    details = session.total_details
    return (
        session.amount_subtotal,
        details.amount_discount,
        details.amount_tax,
        session.amount_total,
    )


@pytest.mark.parametrize("number", ["4242424242424242", NEEDS_3DS])
def test_a_discount_and_tax_reach_the_invoice(api, shop, coupon, number):
    session = shop.session(
        discounts=[{"coupon": coupon.id}],
        subscription_data={"default_tax_rates": [taxed(api)]},
    )
    assert sums(session) == (1200, 300, 171, 1071)

    outcome = shop.pay(session, number)
    if number == NEEDS_3DS:
        shop.authenticate(outcome.intent_id)

    done = api.checkout.sessions.retrieve(
        session.id, {"expand": ["invoice", "subscription.discounts"]}
    )
    assert (done.invoice.total, done.invoice.amount_paid) == (1071, 1071)
    (discount,) = done.subscription.discounts
    assert discount.source.coupon == coupon.id
    assert discount.checkout_session == session.id
    assert done.subscription.default_tax_rates[0].percentage == 19


def test_a_lines_own_rate_comes_first(api, shop):
    line = {"price": shop.price(), "quantity": 1}
    own = {**line, "tax_rates": [taxed(api, 7, inclusive=True)]}
    session = shop.session(
        line_items=[own], subscription_data={"default_tax_rates": [taxed(api)]}
    )
    assert sums(session) == (1200, 0, 79, 1200)

    shop.pay(session)

    done = api.checkout.sessions.retrieve(session.id, {"expand": ["invoice"]})
    assert (done.invoice.total, done.invoice.total_taxes[0].amount) == (1200, 79)


def test_tax_goes_by_where_the_payer_lives(api, shop):
    customer = shop.customer(card=None, address={"country": "DE"})
    session = shop.session(customer=customer, automatic_tax={"enabled": True})
    assert sums(session) == (1200, 0, 228, 1428)
    assert session.automatic_tax.status == "complete"

    shop.pay(session)

    done = api.checkout.sessions.retrieve(session.id, {"expand": ["invoice"]})
    assert done.invoice.amount_paid == 1428


def test_an_unknown_payer_is_taxed_by_the_country_of_the_card(api, shop):
    session = shop.session(automatic_tax={"enabled": True})
    assert session.automatic_tax.status == "requires_location_inputs"

    shop.pay(session)

    done = api.checkout.sessions.retrieve(session.id, {"expand": ["invoice"]})
    assert done.amount_total == 1440
    assert done.invoice.amount_paid == 1440


def test_tax_needs_a_place(shop):
    with pytest.raises(stripe.InvalidRequestError) as refused:
        shop.session(customer=shop.customer(card=None), automatic_tax={"enabled": True})

    assert refused.value.code == "customer_tax_location_invalid"


def test_a_payment_is_discounted_once(api, shop, coupon):
    line = {"price": shop.price(1000, recurring=None), "quantity": 1}
    discounts = [{"coupon": coupon.id}]
    session = shop.session(mode="payment", line_items=[line], discounts=discounts)

    shop.pay(session)

    done = api.checkout.sessions.retrieve(session.id, {"expand": ["payment_intent"]})
    assert done.payment_intent.amount_received == 750


def test_nothing_is_redeemed_by_looking(api, shop, coupon):
    shop.session(discounts=[{"coupon": coupon.id}])

    assert "customer.discount.created" not in shop.events()
    assert api.coupons.retrieve(coupon.id).times_redeemed == 0
