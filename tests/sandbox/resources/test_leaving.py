from __future__ import annotations

import pytest
import stripe

from tests.sandbox.resources.shop import HOUR, moment


@pytest.fixture
def subscription(shop):
    """Paid for in March; it is the middle of the month."""
    subscription = shop.subscribe(items=[{"price": shop.price(3100)}])
    shop.travel(moment(2026, 3, 16, 12))
    return subscription


def pending(api):
    return [item.amount for item in api.invoice_items.list({"pending": True}).data]


def test_what_is_given_back_waits_for_the_next_bill(api, shop, subscription):
    left = api.subscriptions.cancel(subscription.id, {"prorate": True})

    assert left.status == "canceled"
    assert pending(api) == [-1550]
    assert len(shop.invoices()) == 1
    order = {"customer": left.customer, "pending_invoice_items_behavior": "include"}
    invoice = api.invoices.finalize_invoice(api.invoices.create(order).id)
    assert (invoice.status, invoice.ending_balance) == ("paid", -1550)


def test_what_is_given_back_can_be_billed_at_once(api, shop, subscription):
    order = {"prorate": True, "invoice_now": True}
    left = api.subscriptions.cancel(subscription.id, order)

    last = shop.invoices()[0]
    assert (last.total, last.ending_balance) == (-1550, -1550)
    assert left.latest_invoice == last.id
    assert pending(api) == []


def test_the_last_bill_may_give_nothing_back(api, shop, subscription):
    item = subscription["items"].data[0].id
    api.subscriptions.update(subscription.id, {"items": [{"id": item, "quantity": 2}]})

    api.subscriptions.cancel(subscription.id, {"invoice_now": True})

    assert shop.invoices()[0].amount_paid == 1550
    assert pending(api) == []


def test_prorations_are_dropped_but_not_what_was_added_by_hand(api, shop, subscription):
    item = subscription["items"].data[0].id
    api.subscriptions.update(subscription.id, {"items": [{"id": item, "quantity": 2}]})
    fee = {"customer": subscription.customer, "subscription": subscription.id}
    api.invoice_items.create({**fee, "amount": 500, "currency": "eur"})

    api.subscriptions.cancel(subscription.id)

    assert pending(api) == [500]


def test_what_is_pending_at_the_end_of_the_last_period_is_billed(
    api, shop, subscription
):
    item = subscription["items"].data[0].id
    order = {"items": [{"id": item, "quantity": 2}], "cancel_at_period_end": True}
    api.subscriptions.update(subscription.id, order)

    shop.travel(moment(2026, 4, 1) + HOUR)

    assert shop.subscription(subscription.id).status == "canceled"
    assert shop.invoices()[0].amount_paid == 1550


def test_a_customer_has_no_discount_of_its_own(api, shop):
    with pytest.raises(stripe.InvalidRequestError, match="No active discount") as error:
        api.customers.delete_discount(shop.customer())

    assert error.value.http_status == 404
