"""D3: what is paid by invoice can be cancelled only, on Stripe's own pages."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.tools.changing import confirm, price_at_stripe, url
from tests.tools.shop import buttons, soup, words
from wagtail_billing_portal.models import Subscription

HOUR = 3600


@pytest.fixture
def on_account(stripe_side, shop, customer, plans) -> Subscription:
    """Reader, whose first invoice was sent and is still to be paid."""
    stripe_side.stop_clock()
    id = stripe_side.subscribe(
        customer, shop.reader, collection_method="send_invoice", days_until_due=14
    )
    stripe_side.advance(seconds=HOUR + 60)
    stripe_side.deliver_all()
    return Subscription.objects.get(pk=id)


def invoices_of(stripe_side: Any, subscription: Subscription) -> list[Any]:
    listed = stripe_side.client.v1.invoices.list({"subscription": subscription.pk})
    return list(listed.data)


def test_d3_an_invoice_collected_subscription_can_be_changed(
    ada, stripe_side, shop, customer, on_account
):
    stripe_side.settle(customer)
    stripe_side.advance(days=15)
    stripe_side.deliver_all()
    page = url("change_confirm", on_account.pk, price=shop.supporter)

    shown = words(ada.get(page))
    answer = confirm(ada, page)

    assert "Nothing is charged today." in shown
    assert "You are on Supporter · monthly now." in words(ada.get(answer["Location"]))
    assert price_at_stripe(stripe_side, on_account) == shop.supporter
    assert len(invoices_of(stripe_side, on_account)) == 1

    stripe_side.advance(days=17)

    renewal = invoices_of(stripe_side, on_account)[0]
    assert renewal.total > 1200
    assert f"Next invoice €{renewal.total / 100:.2f}" in shown


def test_d3_an_open_invoice_is_paid_on_stripes_page(
    ada, stripe_side, customer, on_account
):
    for page in (ada.get(url("overview")), ada.get(url("subscription", on_account.pk))):
        assert "An invoice for €5.00 is open. Please pay it by" in words(page)
        assert "Invoice, due within 14 days" in words(page)
        assert "Pay €5.00" in buttons(page)
    [pay] = [it for it in soup(page).select("a") if it.text.strip() == "Pay €5.00"]

    there = ada.get(pay["href"])

    [invoice] = invoices_of(stripe_side, on_account)
    assert there["Location"] == invoice.hosted_invoice_url
    stripe_side.settle(customer)
    stripe_side.deliver_all()
    paid = words(ada.get(url("subscription", on_account.pk)))
    assert "is open" not in paid
    assert "Next invoice" in paid
    assert "Next charge" not in paid


def test_d3_an_invoice_that_is_overdue_is_called_so(ada, stripe_side, on_account):
    stripe_side.advance(days=15)
    stripe_side.deliver_all()

    page = ada.get(url("subscription", on_account.pk))

    assert "An invoice is overdue." in words(page)
    assert "Your last payment" not in words(page)
    assert "Pay €5.00" in buttons(page)


def test_d3_many_subscriptions_ask_for_open_invoices_once(
    ada, stripe_side, shop, customer, on_account
):
    def queries() -> int:
        with CaptureQueriesContext(connection) as asked:
            ada.get(url("overview"))
        return len(asked)

    before = queries()
    for price in (shop.team, shop.supporter):
        stripe_side.subscribe(
            customer, price, collection_method="send_invoice", days_until_due=14
        )
    stripe_side.advance(seconds=HOUR + 60)
    stripe_side.deliver_all()

    assert queries() == before
    assert "An invoice for €12.00 is open." in words(ada.get(url("overview")))
