from __future__ import annotations

from datetime import UTC, datetime

import pytest
from django.utils import translation

from wagtail_billing_portal.sandbox.pages.document import document_of

MOMENT = int(datetime(2026, 11, 19, tzinfo=UTC).timestamp())


@pytest.fixture(autouse=True)
def english():
    with translation.override("en"):
        yield


@pytest.fixture
def invoice(shop):
    return shop.subscription().latest_invoice.to_dict()


def document(invoice, **changed):
    return document_of({**invoice, **changed}, seller=["Shop"], names={})


def labels(rows):
    return [(row.label, row.value) for row in rows]


@pytest.mark.parametrize(
    ("changed", "headline"),
    [
        ({"status": "void"}, "€12.00, not due: this invoice was cancelled"),
        ({"status": "open", "amount_remaining": 1200}, "€12.00 due"),
        (
            {"status": "open", "amount_remaining": 1200, "due_date": MOMENT},
            "€12.00 due by 19 November 2026",
        ),
        ({"status": "draft", "amount_remaining": 1200}, "€12.00 due"),
    ],
)
def test_the_headline_says_what_is_due(invoice, changed, headline):
    assert document(invoice, **changed).headline == headline


def test_discount_tax_and_credit_lead_to_what_is_paid(invoice):
    printed = document(
        invoice,
        total=1100,
        amount_paid=900,
        starting_balance=-200,
        ending_balance=0,
        total_discount_amounts=[{"amount": 200, "discount": "di_1"}],
        total_taxes=[
            {"amount": 100, "tax_behavior": "exclusive"},
            {"amount": 50, "tax_behavior": "inclusive"},
        ],
    )

    assert labels(printed.totals) == [
        ("Subtotal", "€12.00"),
        ("Discount", "−€2.00"),
        ("Tax", "€1.00"),
        ("Tax (included)", "€0.50"),
        ("Total", "€11.00"),
        ("Applied balance", "−€2.00"),
        ("Amount paid", "€9.00"),
    ]


def test_what_was_paid_already_is_taken_off(invoice):
    printed = document(invoice, status="open", amount_paid=500, amount_remaining=700)

    assert labels(printed.totals)[-2:] == [
        ("Already paid", "−€5.00"),
        ("Amount due", "€7.00"),
    ]


def test_a_void_invoice_asks_for_nothing(invoice):
    assert labels(document(invoice, status="void").totals)[-1][0] == "Total"


def test_a_proration_keeps_its_sentence(invoice):
    line = invoice["lines"]["data"][0]
    names = {line["pricing"]["price_details"]["product"]: "Supporter"}
    line["parent"]["subscription_item_details"]["proration"] = True

    printed = document_of(invoice, seller=["Shop"], names=names)

    assert printed.lines[0].description == line["description"]
