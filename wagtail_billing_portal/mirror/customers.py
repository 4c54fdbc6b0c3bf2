from __future__ import annotations

from ..models import Customer, TaxID, moment
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
    # Stripe lists tax IDs by customer only.
    list=lambda client, params: client.v1.customers.list(
        {"expand": ["data.tax_ids"], **params}
    ),
)

TAX_IDS = Family(
    model=TaxID,
    events=(
        "customer.tax_id.created",
        "customer.tax_id.updated",
        "customer.tax_id.deleted",
    ),
    deletions=frozenset({"customer.tax_id.deleted"}),
    columns=lambda data: {"type": data.get("type") or ""},
    references={"customer": lambda data: data.get("customer")},
    retrieve=lambda client, id: client.v1.tax_ids.retrieve(id),
    # Those of customers come with their customers.
    list=lambda client, params: client.v1.tax_ids.list(params),
    lists_by_creation=False,
)
