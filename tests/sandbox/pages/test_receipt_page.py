from __future__ import annotations

import pytest


@pytest.fixture
def charge(shop):
    shop.subscription()
    return shop.v1.charges.list({"limit": 1}).data[0]


def test_a_receipt_says_what_was_paid_and_how(shop, charge, browser):
    invoice = shop.v1.invoices.list({"limit": 1}).data[0]

    page = browser.get(charge.receipt_url).content.decode()

    for words in ("€12.00 paid", "Visa ending 4242", invoice.number, "Paid"):
        assert words in page
    assert invoice.hosted_invoice_url in page


def test_refunds_are_shown_on_the_receipt(shop, charge, browser):
    shop.v1.refunds.create({"charge": charge.id, "amount": 200})
    partly = browser.get(charge.receipt_url).content.decode()
    shop.v1.refunds.create({"charge": charge.id})

    page = browser.get(charge.receipt_url).content.decode()

    assert "Partly refunded" in partly
    assert "€10.00" in partly
    assert "−€2.00" in page
    assert "Refunded" in page
    assert "€0.00" in page


def test_a_receipt_that_was_mailed_has_a_number(shop, browser):
    intent = shop.v1.payment_intents.create(
        {
            "amount": 500,
            "currency": "eur",
            "confirm": True,
            "payment_method": "pm_card_visa",
            "receipt_email": "ada@shop.example",
            "return_url": "https://shop.example/",
            "description": "A loaf",
        }
    )
    charge = shop.v1.charges.retrieve(intent.latest_charge)

    page = browser.get(charge.receipt_url).content.decode()

    assert f"Receipt {charge.receipt_number}" in page
    assert "A loaf" in page


def test_receipts_are_linked_from_invoice_and_portal(shop, charge, browser):
    invoice = shop.v1.invoices.list({"limit": 1}).data[0]

    pages = [
        browser.get(url).content.decode()
        for url in (invoice.hosted_invoice_url, shop.portal().url)
    ]

    assert all(charge.receipt_url in page for page in pages)


def test_an_unknown_receipt_is_no_page(browser, client, shop):
    assert browser.get("/stripe-sandbox/receipts/none/").status_code == 404
    assert client.post("/stripe-sandbox/receipts/none/").status_code == 405
