from __future__ import annotations

from ..models import Invoice, moment
from .family import Family, Json

STATUS_RANK = {"draft": 0, "open": 1, "uncollectible": 2, "paid": 3, "void": 3}


def _columns(data: Json) -> Json:
    return {
        "status": data.get("status") or "",
        "number": data.get("number") or "",
        "created": moment(data.get("created")),
        "currency": data.get("currency") or "",
        "total": data.get("total") or 0,
    }


def _subscription(data: Json) -> str | None:
    parent = data.get("parent") or {}
    return (parent.get("subscription_details") or {}).get("subscription")


INVOICES = Family(
    model=Invoice,
    events=tuple(
        f"invoice.{what}"
        for what in (
            "created",
            "updated",
            "finalized",
            "finalization_failed",
            "sent",
            "paid",
            "payment_succeeded",
            "payment_failed",
            "payment_action_required",
            "payment_attempt_required",
            "overdue",
            "overpaid",
            "will_be_due",
            "marked_uncollectible",
            "voided",
            "deleted",
        )
    ),
    deletions=frozenset({"invoice.deleted"}),
    columns=_columns,
    references={
        "customer": lambda data: data.get("customer"),
        "subscription": _subscription,
    },
    expand_only=frozenset(
        {"payments", "confirmation_secret", "amount_paid_off_stripe"}
    ),
    rank=lambda data: STATUS_RANK.get(data.get("status") or "", 0),
    retrieve=lambda client, id: client.v1.invoices.retrieve(id),
    list=lambda client, params: client.v1.invoices.list(params),
)
