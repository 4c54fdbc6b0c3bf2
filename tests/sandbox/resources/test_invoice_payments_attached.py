from __future__ import annotations

from typing import Any

import pytest


@pytest.fixture
def invoice(shop: Any, api: Any) -> Any:
    customer = shop.customer()
    sent = {"customer": customer, "currency": "eur", "auto_advance": False}
    draft = api.invoices.create(sent)
    item = {"customer": customer, "invoice": draft.id}
    api.invoice_items.create({**item, "amount": 1000, "currency": "eur"})
    return api.invoices.finalize_invoice(draft.id)


def _intent(api: Any, invoice: Any, **more: Any) -> Any:
    about = {"customer": invoice.customer, "amount": 1000, "currency": "eur"}
    return api.payment_intents.create({**about, **more})


def test_a_payment_made_elsewhere_pays_the_invoice(api: Any, invoice: Any) -> None:
    paid = _intent(
        api,
        invoice,
        confirm=True,
        payment_method="pm_card_visa",
        automatic_payment_methods={"enabled": True, "allow_redirects": "never"},
    )

    attached = api.invoices.attach_payment(invoice.id, {"payment_intent": paid.id})

    assert (attached.status, attached.amount_paid) == ("paid", 1000)


def test_voiding_calls_off_every_payment_that_could_still_come(
    api: Any, invoice: Any
) -> None:
    other = _intent(api, invoice)
    api.invoices.attach_payment(invoice.id, {"payment_intent": other.id})

    api.invoices.void_invoice(invoice.id)

    intents = api.payment_intents.list({"customer": invoice.customer}).data
    assert {intent.status for intent in intents} == {"canceled"}
    payments = api.invoice_payments.list({"invoice": invoice.id}).data
    assert [payment.status for payment in payments] == ["canceled", "canceled"]
