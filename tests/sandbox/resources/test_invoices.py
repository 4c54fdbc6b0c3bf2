from __future__ import annotations

import pytest
import stripe

from tests.sandbox.resources.shop import DECLINED, typed_card
from wagtail_billing_portal.sandbox.billing import payments
from wagtail_billing_portal.sandbox.billing.outcomes import (
    ActionRequired,
    Completed,
    Declined,
)


@pytest.fixture
def unpaid(shop):
    """An open first invoice, which nobody could be charged for."""
    shop.subscribe("pm_card_chargeCustomerFail")
    return shop.invoices()[0]


def page_pay(shop, invoice, number):
    card = typed_card(number)
    return payments.pay_on_page(
        shop.world, invoice.id, card=card, email="a@example.com"
    )


def test_the_parts_of_an_invoice_add_up(api, shop):
    gold, extra = shop.price(1299), shop.price(250, "Extra")
    shop.subscribe(items=[{"price": gold}, {"price": extra, "quantity": 3}])

    invoice = shop.invoices()[0]

    lines = api.invoices.line_items.list(invoice.id).data
    assert sorted(line.amount for line in lines) == [750, 1299]
    assert invoice.subtotal == invoice.total == invoice.amount_due == 2049
    assert (invoice.amount_paid, invoice.amount_remaining) == (2049, 0)


def test_a_line_says_what_it_is_for(shop):
    subscription = shop.subscribe(items=[{"price": shop.price(), "quantity": 2}])

    line = shop.invoices()[0].lines.data[0]

    assert line.description == "2 × Gold (at €12.00 / month)"
    assert line.parent.subscription_item_details.subscription == subscription.id
    assert line.pricing.price_details.price == subscription["items"].data[0].price.id


def test_an_invoice_shows_its_payment_only_when_asked(api, shop):
    shop.subscribe()
    invoice = shop.invoices()[0]

    expanded = api.invoices.retrieve(
        invoice.id, {"expand": ["payments.data.payment.payment_intent"]}
    )

    intent = expanded.payments.data[0].payment.payment_intent
    assert "payments" not in invoice
    assert (intent.status, intent.amount_received) == ("succeeded", 1200)
    assert api.charges.retrieve(intent.latest_charge).paid is True
    found = api.invoice_payments.list({"invoice": invoice.id}).data
    assert [it.id for it in found] == [expanded.payments.data[0].id]


def test_numbers_count_up_per_customer(shop):
    first = shop.subscribe()
    second = shop.subscribe(customer=first.customer)
    other = shop.subscribe()

    def number(subscription: stripe.Subscription) -> str:
        return shop.invoices(subscription=subscription.id)[0].number

    assert number(second) == number(first).replace("0001", "0002")
    assert number(other)[:8] != number(first)[:8]


def test_invoices_are_listed_by_what_they_belong_to(api, shop):
    first, second = shop.subscribe(), shop.subscribe()

    mine = shop.invoices(customer=first.customer)
    paid = shop.invoices(subscription=second.id, status="paid")

    assert [it.id for it in mine] == [first.latest_invoice]
    assert [it.id for it in paid] == [second.latest_invoice]


def test_paying_by_another_card_activates_the_subscription(api, shop, unpaid):
    paid = api.invoices.pay(unpaid.id, {"payment_method": "pm_card_visa"})

    assert (paid.status, paid.amount_remaining) == ("paid", 0)
    subscription = paid.parent.subscription_details.subscription
    assert shop.subscription(subscription).status == "active"


def test_a_declined_payment_is_an_error_and_is_remembered(api, shop, unpaid):
    with pytest.raises(stripe.CardError) as declined:
        api.invoices.pay(unpaid.id)

    assert declined.value.code == "card_declined"
    assert declined.value.error.payment_intent.status == "requires_payment_method"
    failed = api.charges.list({"customer": unpaid.customer}).data
    assert [charge.status for charge in failed] == ["failed", "failed"]
    assert api.invoices.retrieve(unpaid.id).attempt_count == unpaid.attempt_count


def test_a_card_that_asks_first_needs_the_bank_page(api, shop, unpaid):
    with pytest.raises(stripe.CardError) as asked:
        api.invoices.pay(
            unpaid.id, {"payment_method": "pm_card_authenticationRequired"}
        )
    invoice = api.invoices.retrieve(
        unpaid.id, {"expand": ["payments.data.payment.payment_intent"]}
    )
    intent = invoice.payments.data[0].payment.payment_intent
    shop.authenticate(intent.id)

    assert asked.value.code == "invoice_payment_intent_requires_action"
    assert intent.status == "requires_action"
    assert api.invoices.retrieve(unpaid.id).status == "paid"


def test_the_hosted_page_takes_a_card(api, shop, unpaid):
    declined = page_pay(shop, unpaid, DECLINED)
    paid = page_pay(shop, unpaid, "4242424242424242")

    assert isinstance(declined, Declined)
    assert declined.message == "Your card was declined."
    assert paid == Completed(redirect_url=unpaid.hosted_invoice_url)
    assert api.invoices.retrieve(unpaid.id).status == "paid"


def test_the_hosted_page_asks_the_bank(api, shop, unpaid):
    asked = page_pay(shop, unpaid, "4000002760003184")
    assert isinstance(asked, ActionRequired)

    refused = shop.authenticate(asked.intent_id, succeed=False)

    assert isinstance(refused, Declined)
    assert api.invoices.retrieve(unpaid.id).status == "open"


def test_a_paid_invoice_cannot_be_paid_again(api, shop):
    shop.subscribe()

    with pytest.raises(stripe.InvalidRequestError, match="already paid"):
        api.invoices.pay(shop.invoices()[0].id)


def test_voiding_a_first_invoice_ends_the_attempt_to_subscribe(api, shop, unpaid):
    voided = api.invoices.void_invoice(unpaid.id)

    assert (voided.status, voided.auto_advance) == ("void", False)
    subscription = voided.parent.subscription_details.subscription
    assert shop.subscription(subscription).status == "incomplete_expired"
    assert shop.last_event("payment_intent.canceled")


def test_an_uncollectible_invoice_can_still_be_paid(api, shop, unpaid):
    written_off = api.invoices.mark_uncollectible(unpaid.id)
    paid = api.invoices.pay(unpaid.id, {"payment_method": "pm_card_visa"})

    assert written_off.status == "uncollectible"
    assert paid.status == "paid"


def test_a_draft_can_be_finalized_early(api, shop):
    shop.subscribe()
    shop.travel(shop.world.now + 31 * 86_400)
    draft = shop.invoices()[0]

    opened = api.invoices.finalize_invoice(draft.id)

    assert (draft.status, opened.status) == ("draft", "open")
    assert opened.number.endswith("-0002")
    with pytest.raises(stripe.InvalidRequestError, match="already finalized"):
        api.invoices.finalize_invoice(draft.id)


def test_addresses_of_an_invoice_are_absolute_and_unguessable(shop):
    shop.subscribe()
    shop.subscribe()

    urls = {invoice.hosted_invoice_url for invoice in shop.invoices()}

    assert len(urls) == 2
    assert all(len(url.rstrip("/").rsplit("/", 1)[1]) == 48 for url in urls)
    assert shop.invoices()[0].invoice_pdf.endswith("/pdf/")
