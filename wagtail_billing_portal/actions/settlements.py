"""What is given back, and what is still owed, when a subscription ends at once."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

from ..accounts import BillingAccount
from ..exceptions import FiguresChanged
from ..gateway import options, rows_of, stripe_for
from ..models import CancelSettlement, Subscription
from ..policies.subscriptions import may_cancel_now
from .confirmation import shown_in, signed
from .repayments import credit_notes_for, look_at_payments
from .upcoming import invoice_to_come

Json = dict[str, Any]
#: The metadata by which a credit note says for whose end it was made.
ENDED = "ended_subscription"


@dataclass(frozen=True)
class Settlement:
    """The money that a member confirms along with the end, in minor units."""

    currency: str
    kind: str
    #: What the time is worth that is not used up.
    unused: int = 0
    #: Given back, by credit notes for these invoices.
    notes: tuple[tuple[str, int], ...] = ()
    #: Charged at once, for what was used and not billed yet.
    owed: int = 0
    #: Credit that no invoice has used yet, such as a pause gave; it stays the member's.
    kept: int = 0
    #: Unix seconds up to which it was reckoned.
    at: int = 0

    @property
    def back(self) -> int:
        return sum(amount for _invoice, amount in self.notes)

    @property
    def is_refund(self) -> bool:
        return self.kind == CancelSettlement.REFUND

    @property
    def money(self) -> list[Any]:
        """What has to be the same when it is settled."""
        return [self.currency, self.kind, self.back, self.owed, self.kept]

    def signed(self, subscription: Subscription) -> str:
        """The figures as a form carries them: nobody can have others confirmed."""
        return signed("end", subscription, {"money": self.money, "at": self.at})


def preview_end(
    account: BillingAccount, subscription: Subscription, *, at: int | None = None
) -> Settlement:
    """What ending it at once gives back and costs. Nothing is changed.

    ``at`` (Unix seconds) is that of an earlier preview. Raises ``NotAllowed`` or
    another ``BillingError``.
    """
    may_cancel_now(account, subscription).require()
    kind = account.settings.cancel_settlement
    # Time that was not paid for is not given back.
    gives_back = kind != CancelSettlement.NOTHING and subscription.status == "active"
    last = (
        _asked(subscription, at, behavior="none") if has_last_bill(subscription) else {}
    )
    total = last.get("total", 0)
    if not gives_back:
        return Settlement(
            subscription.currency,
            kind,
            owed=last.get("amount_due", 0),
            kept=max(0, -total),
            at=at or 0,
        )
    settled = _asked(subscription, at, behavior="create_prorations")
    settlement = Settlement(
        currency=subscription.currency,
        kind=kind,
        unused=total - settled.get("total", 0),
        owed=last.get("amount_due", 0),
        kept=max(0, -total),
        at=at or settled.get("as_of", 0),
    )
    return _with_notes(settlement, subscription)


def end_again(
    account: BillingAccount, subscription: Subscription, figures: str
) -> Settlement:
    """The settlement that a member confirmed, if its figures still hold.

    Raises ``FiguresChanged`` when they do not, ``NotAllowed`` or another
    ``BillingError``.
    """
    seen = shown_in(figures, act="end", subscription=subscription)
    again = preview_end(account, subscription, at=seen["at"] or None)
    if again.unused > 0:
        # What is promised is to be there, whatever the mirror has not heard of yet.
        look_at_payments(subscription, again.unused)
        again = _with_notes(again, subscription)
    if again.money != seen["money"]:
        raise FiguresChanged("Stripe reckons otherwise by now.")
    return again


def settle(subscription: Subscription, kind: str, notes: list[list[Any]]) -> None:
    """Give back what was promised, each part once however often this is asked.

    Raises ``BillingError``; what was given back until then stays given.
    """
    way = "refund_amount" if kind == CancelSettlement.REFUND else "credit_amount"
    with stripe_for(subscription.stripe_account) as client:
        for invoice, amount in notes:
            # Stripe forgets a key after a day, and repeats a failure until then.
            listed = client.v1.credit_notes.list({"invoice": invoice, "limit": 100})
            if any(_is_for(it.data, subscription) for it in rows_of(listed)):
                continue
            params: Any = {
                "invoice": invoice,
                "amount": amount,
                way: amount,
                "reason": "order_change",
                "metadata": {ENDED: subscription.pk},
            }
            client.v1.credit_notes.create(
                params,
                # A subscription ends once, so there is one such note an invoice.
                options("settle", subscription.pk, invoice),
            )


def has_last_bill(subscription: Subscription) -> bool:
    """Whether an invoice has to come with the end.

    For what was used and not billed yet, and for what a pause gave back, which Stripe
    then adds to the customer's balance.
    """
    return bool(subscription.metered_items) or subscription.status == "paused"


def _with_notes(settlement: Settlement, subscription: Subscription) -> Settlement:
    notes = credit_notes_for(subscription, settlement.unused)
    return replace(settlement, notes=notes)


def _is_for(note: Json, subscription: Subscription) -> bool:
    return (note.get("metadata") or {}).get(ENDED) == subscription.pk


def _asked(subscription: Subscription, at: int | None, *, behavior: str) -> Json:
    details: Json = {"cancel_now": True, "proration_behavior": behavior}
    if at is not None and behavior != "none":
        details["proration_date"] = at
    answer = invoice_to_come(subscription, details)
    return {**answer.data, "as_of": answer.as_of} if answer.data else {}
