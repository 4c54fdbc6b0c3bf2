"""What was paid for a subscription and can be given back, as the mirror knows it."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from ..gateway import rows_of, rows_of_page, stripe_for
from ..mirror.refresh import let_in
from ..models import Invoice, InvoicePayment, Refund, Subscription

#: Time that is not used up was paid for not long ago.
MOST_INVOICES = 12


def credit_notes_for(
    subscription: Subscription, unused: int
) -> tuple[tuple[str, int], ...]:
    """The newest paid invoices that ``unused`` is taken from, never more than paid."""
    notes = []
    if unused > 0:
        for invoice, there in _what_is_left(subscription):
            if (part := min(unused, there)) > 0:
                notes.append((invoice.pk, part))
                unused -= part
    return tuple(notes)


def look_at_payments(subscription: Subscription, unused: int) -> None:
    """Let the mirror know what was paid and given back by now, as far as it matters.

    Raises ``BillingError``.
    """
    alias = subscription.stripe_account
    params: Any = {
        "subscription": subscription.pk,
        "status": "paid",
        "limit": MOST_INVOICES,
        "expand": ["data.payments"],
    }
    with stripe_for(alias) as client:
        paid = rows_of_page(client.v1.invoices.list(params))
    for answer in paid:
        let_in(answer, account=alias)
    looked: set[str] = set()
    while unseen := dict(credit_notes_for(subscription, unused)).keys() - looked:
        for id in unseen:
            _look_at_what_was_returned(Invoice.objects.get(pk=id))
        looked |= unseen


def _look_at_what_was_returned(invoice: Invoice) -> None:
    with stripe_for(invoice.stripe_account) as client:
        v1 = client.v1
        found = [*rows_of(v1.credit_notes.list({"invoice": invoice.pk, "limit": 100}))]
        for payment in _payments_of(invoice):
            params: Any = {"payment_intent": payment.payment_intent, "limit": 100}
            found += rows_of(v1.refunds.list(params))
    for answer in found:
        let_in(answer, account=invoice.stripe_account)


def _what_is_left(subscription: Subscription) -> list[tuple[Invoice, int]]:
    """Paid invoices, newest first, with what was not given back of each."""
    paid = subscription.invoices.filter(status="paid", deleted_at=None)
    newest = paid.order_by("-created", "-id")[:MOST_INVOICES]
    invoices = list(newest.prefetch_related("payments", "credit_notes"))
    intents = [p.payment_intent for it in invoices for p in _payments_of(it)]
    refunds = list(
        Refund.objects.on_account(subscription.stripe_account).filter(
            payment_intent__in=intents, deleted_at=None
        )
    )
    return [(it, _left_of(it, refunds)) for it in invoices]


def _left_of(invoice: Invoice, refunds: Iterable[Refund]) -> int:
    """What was paid on it by card or bank, and was not given back yet."""
    payments = _payments_of(invoice)
    paid = sum(it.data.get("amount_paid") or 0 for it in payments)
    notes = [it.data for it in invoice.credit_notes.all() if it.status == "issued"]
    given = sum(note.get("post_payment_amount") or 0 for note in notes)
    of_notes = {it["refund"] for note in notes for it in note.get("refunds") or []}
    intents = {it.payment_intent for it in payments}
    by_hand = sum(
        it.data["amount"]
        for it in refunds
        if it.payment_intent in intents and it.pk not in of_notes and _counts(it)
    )
    left: int = paid - given - by_hand
    return left


def _payments_of(invoice: Invoice) -> list[InvoicePayment]:
    return [
        it for it in invoice.payments.all() if it.status == "paid" and it.payment_intent
    ]


def _counts(refund: Refund) -> bool:
    return refund.status not in ("failed", "canceled")
