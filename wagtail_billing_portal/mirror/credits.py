"""What was paid towards invoices, and what was given back."""

from __future__ import annotations

from ..models import CreditNote, InvoicePayment, Refund, moment
from .family import Family, Json


def _payment_columns(data: Json) -> Json:
    payment = data.get("payment") or {}
    return {
        "status": data.get("status") or "",
        "payment_intent": payment.get("payment_intent") or "",
    }


def _credit_note_columns(data: Json) -> Json:
    return {
        "status": data.get("status") or "",
        "number": data.get("number") or "",
        "created": moment(data.get("created")),
    }


def _refund_columns(data: Json) -> Json:
    return {
        "status": data.get("status") or "",
        "payment_intent": data.get("payment_intent") or "",
        "created": moment(data.get("created")),
    }


INVOICE_PAYMENTS = Family(
    model=InvoicePayment,
    events=("invoice_payment.paid",),
    columns=_payment_columns,
    references={"invoice": lambda data: data.get("invoice")},
    rank=lambda data: 0 if data.get("status") == "open" else 1,
    retrieve=lambda client, id: client.v1.invoice_payments.retrieve(id),
    # Stripe tells of no other change than that it was paid.
    list=lambda client, params: client.v1.invoice_payments.list(
        {"status": "paid", **params}
    ),
)

CREDIT_NOTES = Family(
    model=CreditNote,
    events=("credit_note.created", "credit_note.updated", "credit_note.voided"),
    columns=_credit_note_columns,
    references={
        "customer": lambda data: data.get("customer"),
        "invoice": lambda data: data.get("invoice"),
    },
    rank=lambda data: 1 if data.get("status") == "void" else 0,
    retrieve=lambda client, id: client.v1.credit_notes.retrieve(id),
    list=lambda client, params: client.v1.credit_notes.list(params),
)

REFUNDS = Family(
    model=Refund,
    events=("refund.created", "refund.updated", "refund.failed"),
    columns=_refund_columns,
    retrieve=lambda client, id: client.v1.refunds.retrieve(id),
    list=lambda client, params: client.v1.refunds.list(params),
)
