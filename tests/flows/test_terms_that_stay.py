"""What was agreed on with a subscription holds whatever a member changes in it."""

from __future__ import annotations

import pytest

from tests.tools.changing import at_stripe, confirm, price_at_stripe, url
from tests.tools.shop import words
from wagtail_billing_portal.models import Subscription

IBAN = {"iban": "DE89370400440532013000"}
IBAN_WITHOUT_MONEY = {"iban": "DE62370400440532013001"}


@pytest.fixture
def vat(stripe_side) -> str:
    rate = {"display_name": "VAT", "percentage": 20, "inclusive": False}
    return stripe_side.client.v1.tax_rates.create(rate).id


def pay_by_debit(
    stripe_side, subscription: Subscription, iban: dict[str, str] = IBAN
) -> None:
    """Have it paid from a bank account, as many in Europe do."""
    v1 = stripe_side.client.v1
    holder = {"name": "Ada Lovelace", "email": "ada@example.com"}
    order = {"type": "sepa_debit", "sepa_debit": iban, "billing_details": holder}
    method = v1.payment_methods.create(order)
    v1.payment_methods.attach(method.id, {"customer": subscription.customer_id})
    v1.subscriptions.update(subscription.pk, {"default_payment_method": method.id})
    stripe_side.deliver_all()


def newest_invoice(stripe_side, subscription: Subscription):
    listed = stripe_side.client.v1.invoices.list({"subscription": subscription.pk})
    return listed.data[0]


@pytest.mark.parametrize("of", ["the subscription", "what it contains"])
def test_a_plan_that_waits_is_taxed_as_the_one_before(
    ada, stripe_side, shop, plans, half_way, vat, of
):
    terms = (
        {"default_tax_rates": [vat]}
        if of == "the subscription"
        else {"items": [{"id": half_way.first_item.pk, "tax_rates": [vat]}]}
    )
    stripe_side.client.v1.subscriptions.update(half_way.pk, terms)
    stripe_side.deliver_all()
    page = url("change_confirm", half_way.pk, price=shop.reader)

    shown = words(ada.get(page))
    confirm(ada, page)
    stripe_side.advance(days=17)
    stripe_side.deliver_all()

    assert "€6.00" in shown
    assert price_at_stripe(stripe_side, half_way) == shop.reader
    assert newest_invoice(stripe_side, half_way).total == 600


def test_who_pays_from_a_bank_account_has_the_plan_at_once(
    ada, stripe_side, shop, plans, half_way
):
    pay_by_debit(stripe_side, half_way)
    page = url("change_confirm", half_way.pk, price=shop.supporter_yearly)

    shown = words(ada.get(page))
    answer = confirm(ada, page)

    assert "You have the change at once." in shown
    assert "the change stays and the amount is still due" in shown
    assert "everything stays as it is" not in shown
    assert "You are on Supporter · yearly now." in words(ada.get(answer["Location"]))
    assert price_at_stripe(stripe_side, half_way) == shop.supporter_yearly
    assert at_stripe(stripe_side, half_way).pending_update is None


def test_what_the_bank_gives_back_later_is_still_due(
    ada, stripe_side, shop, plans, half_way
):
    pay_by_debit(stripe_side, half_way, IBAN_WITHOUT_MONEY)
    confirm(ada, url("change_confirm", half_way.pk, price=shop.supporter_yearly))
    stripe_side.advance(days=4)
    stripe_side.deliver_all()

    page = words(ada.get(url("subscription", half_way.pk)))
    owed = newest_invoice(stripe_side, half_way)
    assert price_at_stripe(stripe_side, half_way) == shop.supporter_yearly
    assert "Your last payment didn't go through." in page
    assert f"Pay €{owed.amount_remaining / 100:.2f}" in page


def test_who_pays_by_card_keeps_what_there_was_if_that_fails(
    ada, shop, plans, half_way
):
    page = ada.get(url("change_confirm", half_way.pk, price=shop.supporter_yearly))

    said = (
        "Paid with Visa ending 4242. If the payment fails, everything stays as it is."
    )
    assert said in words(page)


def test_who_pays_by_invoice_reads_that_it_is_due_afterwards(
    ada, stripe_side, shop, plans, half_way
):
    by_invoice = {"collection_method": "send_invoice", "days_until_due": 14}
    stripe_side.client.v1.subscriptions.update(half_way.pk, by_invoice)
    stripe_side.deliver_all()

    page = ada.get(url("change_confirm", half_way.pk, price=shop.supporter_yearly))

    assert "Invoiced today" in words(page)
    assert "You have the change at once. If the invoice isn't paid in time" in words(
        page
    )
    assert "everything stays as it is" not in words(page)
