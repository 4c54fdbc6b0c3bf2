from __future__ import annotations

from typing import Any

from ..actions.figures import Bill
from ..money import format_amount


def bill_words(bill: Bill, currency: str) -> dict[str, Any]:
    """An invoice to come as ``elements/bill.html`` shows it."""

    def money(amount: int) -> str:
        return format_amount(amount, currency)

    credit = bill.from_balance - bill.carried_over
    lines = [(line.description, money(line.amount)) for line in bill.lines]
    return {
        "lines": lines if bill.has_details else [],
        "discount": money(-bill.discount) if bill.discount else "",
        "tax": money(bill.tax) if bill.tax else "",
        "from_credit": money(-credit) if credit > 0 else "",
        "carried_over": money(-bill.carried_over) if bill.carried_over else "",
        "to_credit": money(-bill.total) if bill.total < 0 else "",
        "due": money(bill.amount_due),
        "is_free": bill.amount_due == 0,
    }
