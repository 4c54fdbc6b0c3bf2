"""A customer's own discount, given in the words of an earlier version."""

from __future__ import annotations

import pytest
import stripe

EARLIER = {"stripe_version": "2024-06-20"}


@pytest.fixture
def discounted(api):
    """Gives a new customer with a card a discount that lasts so long."""

    def make(duration="forever", percent=25, **params):
        coupon = api.coupons.create(
            {"percent_off": percent, "duration": duration, **params}
        )
        return api.customers.create(
            {
                "coupon": coupon.id,
                "payment_method": "pm_card_visa",
                "invoice_settings": {"default_payment_method": "pm_card_visa"},
            },
            EARLIER,
        )

    return make


def totals(api, customer):
    return [it.total for it in api.invoices.list({"customer": customer}).data]


def test_it_counts_on_every_invoice_without_a_discount_of_its_own(
    api, shop, discounted
):
    customer = discounted()
    other = api.coupons.create({"percent_off": 50, "duration": "forever"})

    shop.subscribe(customer=customer.id)
    shop.subscribe(customer=customer.id, discounts=[{"coupon": other.id}])
    item = {"customer": customer.id, "amount": 400, "currency": "eur"}
    api.invoice_items.create(item)
    api.invoices.create(
        {"customer": customer.id, "pending_invoice_items_behavior": "include"}
    )

    assert customer.discount.customer == customer.id
    assert totals(api, customer.id) == [300, 600, 900]


def test_one_that_lasts_once_ends_with_its_first_invoice(api, shop, discounted):
    customer = discounted("once").id

    shop.subscribe(customer=customer)
    shop.wait(days=32)

    assert totals(api, customer) == [1200, 900]
    assert api.customers.retrieve(customer).discount is None


def test_another_takes_its_place(api, shop, discounted):
    customer = discounted()
    other = api.coupons.create({"percent_off": 50, "duration": "forever"})

    updated = api.customers.update(customer.id, {"coupon": other.id}, EARLIER)

    told = api.events.list({"type": "customer.discount.updated"}).data[0].data
    assert updated.discount.source.coupon == other.id
    assert told.object.id == updated.discount.id
    assert told.previous_attributes["id"] == customer.discount.id
    shop.subscribe(customer=customer.id)
    assert totals(api, customer.id) == [600]


@pytest.mark.parametrize(
    "take_off",
    [
        lambda api, id: api.customers.delete_discount(id),
        lambda api, id: api.customers.update(id, {"coupon": ""}, EARLIER),
    ],
)
def test_it_can_be_taken_off(api, shop, discounted, take_off):
    customer = discounted().id

    take_off(api, customer)

    assert api.customers.retrieve(customer).discount is None
    assert shop.events("discount") == [
        "customer.discount.created",
        "customer.discount.deleted",
    ]


def test_todays_words_have_none_for_it(api):
    with pytest.raises(stripe.InvalidRequestError, match="unknown parameter: coupon"):
        api.customers.create({"coupon": "GOLD"})
