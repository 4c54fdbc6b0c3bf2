from __future__ import annotations

from io import BytesIO

import pytest
from pypdf import PdfReader

from tests.sandbox.pages.stories import ASKS, DECLINED, a_card


@pytest.fixture
def paid(shop):
    return shop.subscription().latest_invoice


@pytest.fixture
def unpaid(shop):
    """The first invoice of a subscription whose card was refused."""
    return shop.subscription("pm_card_chargeCustomerFail").latest_invoice


def test_a_paid_invoice_shows_what_was_paid_and_how(paid, browser):
    page = browser.get(paid.hosted_invoice_url).content.decode()

    for words in (paid.number, "€12.00 paid on", "Visa ending 4242", "Download PDF"):
        assert words in page
    assert "Pay this invoice" not in page


def test_an_open_invoice_is_paid_on_its_page(shop, unpaid, browser, submit):
    page = browser.get(unpaid.hosted_invoice_url).content.decode()

    paid = submit(unpaid.hosted_invoice_url, **a_card())

    assert "Pay €12.00" in page
    assert (paid.status_code, paid.url) == (303, unpaid.hosted_invoice_url)
    assert shop.v1.invoices.retrieve(unpaid.id).status == "paid"


def test_a_second_click_on_pay_is_harmless(unpaid, submit):
    submit(unpaid.hosted_invoice_url, **a_card())

    again = submit(unpaid.hosted_invoice_url, **a_card())

    assert again.status_code == 303


def test_a_refused_card_leaves_the_invoice_open(shop, unpaid, submit):
    refused = submit(unpaid.hosted_invoice_url, **a_card(DECLINED))

    assert "Your card was declined." in refused.content.decode()
    assert shop.v1.invoices.retrieve(unpaid.id).status == "open"


@pytest.mark.parametrize(
    ("answer", "status", "words"),
    [
        ("complete", "paid", "€12.00 paid on"),
        ("fail", "open", "could not confirm that it was you"),
    ],
)
def test_the_bank_may_ask(shop, unpaid, submit, browser, answer, status, words):
    asked = submit(unpaid.hosted_invoice_url, **a_card(ASKS))

    answered = submit(asked.url, answer=answer)

    assert words in browser.get(answered.url).content.decode()
    assert shop.v1.invoices.retrieve(unpaid.id).status == status


def test_the_pdf_holds_the_invoice(paid, browser):
    answer = browser.get(paid.invoice_pdf)

    file = PdfReader(BytesIO(answer.content))
    text = file.pages[0].extract_text()
    assert answer.headers["Content-Type"] == "application/pdf"
    assert f'"Invoice-{paid.number}.pdf"' in answer.headers["Content-Disposition"]
    assert file.metadata.title == f"Invoice {paid.number}"
    for words in (paid.number, "Supporter", "€12.00", "Ada", "Visa ending 4242"):
        assert words in text


def test_the_pdf_is_only_read(paid, client):
    assert client.post(paid.invoice_pdf).status_code == 405


def test_the_invoice_speaks_the_customers_language(shop, paid, browser):
    shop.v1.customers.update(shop.customer.id, {"preferred_locales": ["de"]})

    page = browser.get(paid.hosted_invoice_url)

    assert page.headers["Content-Language"] == "de"


@pytest.mark.parametrize(
    ("done", "words", "payable"),
    [
        ("void_invoice", "this invoice was cancelled", False),
        ("mark_uncollectible", "Uncollectible", True),
    ],
)
def test_what_became_of_an_invoice_is_told(shop, unpaid, browser, done, words, payable):
    getattr(shop.v1.invoices, done)(unpaid.id)

    page = browser.get(unpaid.hosted_invoice_url).content.decode()

    assert words in page
    assert ('name="number"' in page) is payable


def test_a_payment_under_way_is_waited_for(shop, browser):
    method = shop.v1.payment_methods.create(
        {
            "type": "sepa_debit",
            "sepa_debit": {"iban": "DE89370400440532013000"},
            "billing_details": {"name": "Ada", "email": "ada@shop.example"},
        }
    )
    debited = shop.subscription(method.id)

    page = browser.get(debited.latest_invoice.hosted_invoice_url).content.decode()

    assert "The payment is on its way" in page
    assert 'name="number"' not in page
