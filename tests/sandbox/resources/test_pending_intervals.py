from __future__ import annotations

import pytest
import stripe

from tests.sandbox.resources.shop import DAY, HOUR, moment

WEEKLY = {"pending_invoice_item_interval": {"interval": "week"}}
MARCH, APRIL = moment(2026, 3, 1), moment(2026, 4, 1)


def add_fee(api, subscription, amount=500):
    fee = {"customer": subscription.customer, "subscription": subscription.id}
    api.invoice_items.create({**fee, "amount": amount, "currency": "eur"})


def test_what_is_pending_is_billed_week_by_week(api, shop):
    subscription = shop.subscribe(**WEEKLY)
    add_fee(api, subscription)

    shop.travel(MARCH + 7 * DAY + HOUR)

    bill = shop.invoices()[0]
    assert subscription.next_pending_invoice_item_invoice == MARCH + 7 * DAY
    assert bill.billing_reason == "automatic_pending_invoice_item_invoice"
    assert (bill.amount_paid, bill.created) == (500, MARCH + 7 * DAY)
    now = shop.subscription(subscription.id)
    assert now.latest_invoice == bill.id
    assert now.next_pending_invoice_item_invoice == MARCH + 14 * DAY


def test_nothing_pending_is_no_bill(shop):
    shop.subscribe(**WEEKLY)

    shop.travel(MARCH + 30 * DAY)

    assert len(shop.invoices()) == 1


def test_a_renewal_at_the_same_moment_takes_it_along(api, shop):
    monthly = {"interval": "month", "interval_count": 1}
    subscription = shop.subscribe(pending_invoice_item_interval=monthly)
    add_fee(api, subscription)

    shop.travel(APRIL + HOUR)

    assert [it.amount_paid for it in shop.invoices()] == [1700, 1200]


def test_it_can_be_chosen_and_taken_back_later(api, shop):
    subscription = shop.subscribe()
    shop.travel(MARCH + 3 * DAY)

    chosen = api.subscriptions.update(subscription.id, WEEKLY)
    off = {"pending_invoice_item_interval": ""}
    left = api.subscriptions.update(subscription.id, off)

    assert chosen.next_pending_invoice_item_invoice == MARCH + 7 * DAY
    assert left.pending_invoice_item_interval is None
    assert left.next_pending_invoice_item_invoice is None


def test_it_is_at_least_once_a_year(shop):
    often = {"interval": "month", "interval_count": 13}

    with pytest.raises(stripe.InvalidRequestError, match="once a year"):
        shop.subscribe(pending_invoice_item_interval=often)
