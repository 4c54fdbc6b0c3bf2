from __future__ import annotations

from ..models import Customer, moment
from .family import Family, Json


def _columns(data: Json) -> Json:
    return {
        "email": data.get("email") or "",
        "name": data.get("name") or "",
        "created": moment(data.get("created")),
    }


def _default_payment_method(data: Json) -> str | None:
    return (data.get("invoice_settings") or {}).get("default_payment_method")


CUSTOMERS = Family(
    model=Customer,
    events=("customer.created", "customer.updated", "customer.deleted"),
    deletions=frozenset({"customer.deleted"}),
    columns=_columns,
    references={"default_payment_method": _default_payment_method},
    expand_only=frozenset(
        {
            "subscriptions",
            "sources",
            "tax_ids",
            "tax",
            "cash_balance",
            "invoice_credit_balance",
        }
    ),
    retrieve=lambda client, id: client.v1.customers.retrieve(id),
    list=lambda client, params: client.v1.customers.list(params),
)
