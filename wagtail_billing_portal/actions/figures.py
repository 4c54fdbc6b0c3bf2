"""What a member is shown of an invoice to come, and confirms."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from ..models import Subscription, moment
from ..money import charged_of
from ..policies.timing import Change
from .confirmation import signed

Json = dict[str, Any]


@dataclass(frozen=True)
class Line:
    """One line of an invoice to come, in minor units; negative: in one's favour."""

    description: str
    amount: int


@dataclass(frozen=True)
class Bill:
    """What an invoice to come says, in minor units of its currency."""

    lines: tuple[Line, ...] = ()
    subtotal: int = 0
    discount: int = 0
    tax: int = 0
    total: int = 0
    #: Taken from (positive) or left on (negative) the customer's balance.
    from_balance: int = 0
    amount_due: int = 0
    #: Of that, what is too small to be charged, and comes with a later invoice.
    carried_over: int = 0

    def after(self, balance: int, currency: str) -> Bill:
        """The same with another balance (Stripe's: negative is the customer's credit)."""
        due = charged_of(self.total + balance, currency)
        taken = self.total - due
        return replace(
            self,
            amount_due=due,
            from_balance=taken,
            carried_over=_carried_over(taken, balance),
        )

    @property
    def has_details(self) -> bool:
        return len(self.lines) > 1 or bool(self.tax or self.discount)


@dataclass(frozen=True)
class Figures:
    """All that a member confirms; equal figures mean nothing has changed."""

    currency: str
    #: What is charged with the change; ``None`` where nothing is.
    now: Bill | None
    #: What is charged next.
    then: Bill | None
    #: Unix seconds of the next charge.
    then_at: int | None
    #: Unix seconds of the change; ``None``: at once.
    changes_at: int | None
    ends_trial: bool = False

    @property
    def due_now(self) -> int:
        return self.now.amount_due if self.now else 0

    @property
    def money(self) -> list[Any]:
        """What has to be the same when it is charged; moments may pass meanwhile."""
        bills = (self.now, self.then)
        sums = [
            (it.subtotal, it.discount, it.tax, it.total, it.amount_due)
            for it in bills
            if it
        ]
        return [self.currency, self.ends_trial, bool(self.changes_at), *map(list, sums)]

    @property
    def charged_then(self) -> datetime | None:
        return moment(self.then_at)

    @property
    def changes(self) -> datetime | None:
        return moment(self.changes_at)


@dataclass(frozen=True)
class Preview:
    """A change with its figures, and the second for which they were reckoned."""

    change: Change
    figures: Figures
    proration_date: int

    def signed(self, subscription: Subscription) -> str:
        """The figures as a form carries them: nobody can have others confirmed."""
        shown = {
            "change": self.change.as_words(),
            "money": self.figures.money,
            "proration_date": self.proration_date,
        }
        return signed("change", subscription, shown)


def bill_of(invoice: Json) -> Bill:
    """The figures of an invoice as Stripe serves it, or of none."""
    if not invoice:
        return Bill()
    taxes: Sequence[Json] = invoice.get("total_taxes") or []
    discounts: Sequence[Json] = invoice.get("total_discount_amounts") or []
    lines = (invoice.get("lines") or {}).get("data") or []
    taken = invoice["total"] - invoice["amount_due"]
    return Bill(
        lines=tuple(Line(it.get("description") or "", it["amount"]) for it in lines),
        subtotal=invoice["subtotal"],
        discount=sum(it["amount"] for it in discounts),
        tax=sum(it["amount"] for it in taxes),
        total=invoice["total"],
        from_balance=taken,
        amount_due=invoice["amount_due"],
        carried_over=_carried_over(taken, invoice.get("starting_balance") or 0),
    )


def end_of(invoice: Json, *, after: int) -> int | None:
    """When the first of what an invoice to come pays for is used up, in Unix seconds."""
    lines = (invoice.get("lines") or {}).get("data") or []
    ends = [line["period"]["end"] for line in lines if not _is_proration(line)]
    # What was used before is on it, too.
    return min((end for end in ends if end > after), default=None)


def _is_proration(line: Json) -> bool:
    parent = line.get("parent") or {}
    details = (parent.get(parent.get("type") or "") or {}) if parent else {}
    return bool(details.get("proration"))


def _carried_over(taken: int, balance: int) -> int:
    """What no credit pays for, where ``balance`` (Stripe's) is negative for a credit."""
    return max(taken - max(-balance, 0), 0)
