"""A list inside another object is its first page; the rest is a request away."""

from __future__ import annotations

import pytest

LINES = 13


@pytest.fixture
def invoice(api, shop):
    customer = shop.customer()
    for number in range(LINES):
        api.invoice_items.create(
            {"customer": customer, "amount": 100 + number, "currency": "eur"}
        )
    return api.invoices.create(
        {
            "customer": customer,
            "currency": "eur",
            "pending_invoice_items_behavior": "include",
        }
    )


def test_an_invoice_shows_the_first_ten_of_its_lines(api, invoice):
    found = api.invoices.retrieve(invoice.id).lines

    assert len(found.data) == 10
    assert found.has_more
    assert found.url == f"/v1/invoices/{invoice.id}/lines"


def test_all_lines_can_be_walked_through(api, invoice):
    listed = api.invoices.line_items.list(invoice.id, {"limit": 5})
    inside = [line.id for line in invoice.lines.auto_paging_iter()]

    assert [line.id for line in listed.auto_paging_iter()] == inside
    assert len(inside) == LINES


def test_the_sum_counts_them_all_and_events_show_the_first(api, invoice):
    api.invoices.pay(invoice.id)

    (paid,) = api.events.list({"type": "invoice.paid"}).data
    assert paid.data.object["total"] == sum(range(100, 100 + LINES))
    assert len(paid.data.object["lines"]["data"]) == 10


def test_a_preview_shows_them_all(api, shop, invoice):
    customer = str(invoice.customer)
    for _number in range(LINES):
        api.invoice_items.create({"customer": customer, "amount": 5, "currency": "eur"})
    shop.subscribe(customer=customer)

    preview = api.invoices.create_preview({"customer": customer})

    assert not preview.lines.has_more
