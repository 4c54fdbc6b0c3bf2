"""Scripts for invoices."""

from __future__ import annotations

from tests.sandbox.triggers.beginnings import (
    CLOCK,
    CUSTOMER,
    FINALIZED,
    PAYER,
    advanced,
    billed,
    on_clock,
    paid,
    subscribed,
)
from tests.sandbox.triggers.language import Step, delete, post


def paid_in_vain(card: str) -> list[Step]:
    """An invoice, and a card that does not pay it."""
    return [
        CUSTOMER,
        post("method", f"payment_methods/{card}/attach", customer="${customer:id}"),
        *billed(),
        post(
            "paid",
            "invoices/${invoice:id}/pay",
            payment_method="${method:id}",
            fails="card_error",
        ),
    ]


BY_MAIL = {"collection_method": "send_invoice", "days_until_due": 7}
PAID = [PAYER, *billed(), post("paid", "invoices/${invoice:id}/pay")]
REFUSED = paid_in_vain("pm_card_chargeCustomerFail")
ASKED = paid_in_vain("pm_card_threeDSecure2Required")
NOTE = [
    PAYER,
    *billed(),
    FINALIZED,
    post("note", "credit_notes", invoice="${invoice:id}", amount=500),
]

OVERPAID = [
    PAYER,
    *billed(),
    FINALIZED,
    paid(customer="${customer:id}", amount=2500),
    post(
        "attached",
        "invoices/${invoice:id}/attach_payment",
        payment_intent="${payment_intent:id}",
    ),
]

SCRIPTS: dict[str, list[Step]] = {
    "invoice.overpaid": OVERPAID,
    "invoiceitem.created": [CUSTOMER, billed()[0]],
    "invoiceitem.deleted": [
        CUSTOMER,
        billed()[0],
        delete("deleted", "invoiceitems/${item:id}"),
    ],
    "invoice.created": [CUSTOMER, *billed()],
    "invoice.updated": [
        CUSTOMER,
        *billed(),
        post("updated", "invoices/${invoice:id}", metadata={"foo": "bar"}),
    ],
    "invoice.deleted": [
        CUSTOMER,
        *billed(),
        delete("deleted", "invoices/${invoice:id}"),
    ],
    "invoice.finalized": [CUSTOMER, *billed(), FINALIZED],
    "invoice.finalization_failed": [
        CUSTOMER,
        *billed(automatic_tax={"enabled": True}),
        post(
            "finalized",
            "invoices/${invoice:id}/finalize",
            fails="invalid_request_error",
        ),
    ],
    "invoice.sent": [
        CUSTOMER,
        *billed(**BY_MAIL),
        post("sent", "invoices/${invoice:id}/send"),
    ],
    "invoice.paid": PAID,
    "invoice.payment_succeeded": PAID,
    "invoice_payment.paid": PAID,
    "invoice.payment_failed": REFUSED,
    "invoice.payment_action_required": ASKED,
    "invoice.marked_uncollectible": [
        CUSTOMER,
        *billed(),
        FINALIZED,
        post("given up", "invoices/${invoice:id}/mark_uncollectible"),
    ],
    "invoice.voided": [
        CUSTOMER,
        *billed(),
        FINALIZED,
        post("voided", "invoices/${invoice:id}/void"),
    ],
    "invoice.overdue": [
        CLOCK,
        on_clock(CUSTOMER),
        *billed(**BY_MAIL),
        FINALIZED,
        advanced(9),
    ],
    "invoice.will_be_due": [
        CLOCK,
        on_clock(CUSTOMER),
        *billed(**{**BY_MAIL, "days_until_due": 20}),
        FINALIZED,
        advanced(19),
    ],
    "invoice.upcoming": [CLOCK, *subscribed(on_clock(PAYER)), advanced(29)],
    "credit_note.created": NOTE,
    "credit_note.updated": [
        *NOTE,
        post("updated", "credit_notes/${note:id}", metadata={"foo": "bar"}),
    ],
    "credit_note.voided": [*NOTE, post("voided", "credit_notes/${note:id}/void")],
}
