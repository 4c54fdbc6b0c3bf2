from __future__ import annotations

from typing import Any

import pytest
import stripe


def _open(api: Any, customer: str, **more: Any) -> Any:
    sent = {"customer": customer, "currency": "eur", "auto_advance": False, **more}
    invoice = api.invoices.create(sent)
    item = {"customer": customer, "invoice": invoice.id}
    api.invoice_items.create({**item, "amount": 1000, "currency": "eur"})
    return api.invoices.finalize_invoice(invoice.id)


def _discounted(shop: Any, api: Any) -> Any:
    coupon = api.coupons.create({"percent_off": 50, "duration": "once"})
    vat = {"display_name": "VAT", "percentage": 20, "inclusive": False}
    invoice = _open(
        api,
        shop.customer(),
        discounts=[{"coupon": coupon.id}],
        default_tax_rates=[api.tax_rates.create(vat).id],
    )
    assert invoice.total == 600
    return invoice


@pytest.mark.parametrize(("amount", "asked_less"), [(1000, 600), (500, 300)])
def test_a_line_is_credited_less_its_discount_and_with_its_tax(
    shop: Any, api: Any, amount: int, asked_less: int
) -> None:
    invoice = _discounted(shop, api)
    line = {
        "type": "invoice_line_item",
        "invoice_line_item": invoice.lines.data[0].id,
        "amount": amount,
    }

    note = api.credit_notes.create({"invoice": invoice.id, "lines": [line]})

    assert (note.subtotal, note.discount_amount) == (amount, amount // 2)
    assert note.total == note.amount == asked_less
    assert note.total_taxes[0].taxable_amount == amount // 2
    left = api.invoices.retrieve(invoice.id)
    assert left.amount_remaining == 600 - asked_less


def test_a_debit_under_way_brings_what_was_asked_before_the_credit(
    shop: Any, api: Any
) -> None:
    customer = shop.customer("pm_sepaDebit_success_de")
    invoice = _open(api, customer)
    api.invoices.pay(invoice.id)

    api.credit_notes.create({"invoice": invoice.id, "amount": 200})
    shop.wait(days=20)

    (intent,) = api.payment_intents.list({"customer": customer}).data
    paid = api.invoices.retrieve(invoice.id)
    assert (intent.amount, intent.amount_received) == (1000, 1000)
    assert (paid.status, paid.amount_paid, paid.amount_overpaid) == ("paid", 1000, 200)


def test_nobody_can_pay_what_was_credited_in_full(shop: Any, api: Any) -> None:
    customer = shop.customer()
    invoice = _open(api, customer)

    api.credit_notes.create({"invoice": invoice.id, "amount": 1000})

    assert api.invoices.retrieve(invoice.id).status == "paid"
    (intent,) = api.payment_intents.list({"customer": customer}).data
    assert intent.status == "canceled"


def test_no_more_is_credited_than_was_asked_for(shop: Any, api: Any) -> None:
    invoice = _open(api, shop.customer())
    api.credit_notes.create({"invoice": invoice.id, "amount": 700})

    with pytest.raises(stripe.InvalidRequestError, match="more than what is left"):
        api.credit_notes.create({"invoice": invoice.id, "amount": 400})


def test_a_refund_of_another_payment_settles_no_credit_note(
    shop: Any, api: Any
) -> None:
    customer = shop.customer()
    paid = api.invoices.pay(_open(api, customer).id)
    other = api.payment_intents.create(
        {
            "amount": 400,
            "currency": "eur",
            "confirm": True,
            "payment_method": "pm_card_visa",
            "return_url": "https://shop.test/",
        }
    )
    refund = api.refunds.create({"payment_intent": other.id})

    order = {"refund": refund.id, "amount_refunded": 400}
    with pytest.raises(stripe.InvalidRequestError, match="not of this invoice") as no:
        api.credit_notes.create({"invoice": paid.id, "amount": 400, "refunds": [order]})

    assert no.value.param == "refunds[0][refund]"
