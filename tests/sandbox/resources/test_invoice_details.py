from __future__ import annotations

from typing import Any

import pytest
import stripe


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


def test_a_line_can_hold_its_tax_already(api, shop):
    address = {"country": "DE"}
    customer = shop.customer(address=address)
    invoice = api.invoices.create(
        {"customer": customer, "currency": "eur", "automatic_tax": {"enabled": True}}
    )

    api.invoice_items.create(
        {
            "customer": customer,
            "invoice": invoice.id,
            "amount": 1190,
            "currency": "eur",
            "tax_behavior": "inclusive",
        }
    )

    billed = api.invoices.retrieve(invoice.id)
    assert (billed.total, billed.total_excluding_tax) == (1190, 1000)


def test_what_a_line_cannot_take_is_refused(api, shop):
    customer = shop.customer()
    invoice = api.invoices.create({"customer": customer, "currency": "eur"})
    tax = {
        "amount": 1,
        "taxable_amount": 1,
        "tax_rate_data": {
            "display_name": "VAT",
            "inclusive": False,
            "percentage": 20,
        },
    }

    with pytest.raises(stripe.InvalidRequestError) as refusal:
        api.invoices.add_lines(
            invoice.id, {"lines": [{"amount": 5, "tax_amounts": [tax]}]}
        )

    assert refusal.value.param == "lines[0][tax_amounts]"


def test_a_rate_out_of_use_is_not_applied(api, shop):
    rate = api.tax_rates.create(
        {"display_name": "Old", "percentage": 7, "inclusive": False}
    ).id
    api.tax_rates.update(rate, {"active": False})

    with pytest.raises(stripe.InvalidRequestError, match="inactive"):
        api.invoices.create(
            {
                "customer": shop.customer(),
                "currency": "eur",
                "default_tax_rates": [rate],
            }
        )
