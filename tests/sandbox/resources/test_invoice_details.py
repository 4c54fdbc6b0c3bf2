from __future__ import annotations

from typing import Any


def test_an_invoice_shows_the_customers_tax_ids(shop: Any, api: Any) -> None:
    customer = shop.customer()
    number = {"type": "eu_vat", "value": "DE123456789"}
    api.customers.tax_ids.create(customer, number)

    subscription = shop.subscribe(customer=customer)

    invoice = api.invoices.retrieve(subscription.latest_invoice)
    assert [tax_id.to_dict() for tax_id in invoice.customer_tax_ids] == [number]


def test_an_invoice_says_what_its_subscription_wants_printed(
    shop: Any, api: Any
) -> None:
    printed = {
        "custom_fields": [{"name": "Order", "value": "4711"}],
        "description": "Thank you",
        "footer": "By the sea",
    }

    subscription = shop.subscribe(invoice_settings=printed)

    invoice = api.invoices.retrieve(subscription.latest_invoice)
    assert (invoice.description, invoice.footer) == ("Thank you", "By the sea")
    assert invoice.custom_fields[0].value == "4711"
