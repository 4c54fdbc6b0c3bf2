from __future__ import annotations

from collections.abc import Iterator

from ..models import Customer, PaymentMethod
from .family import Family, Json


def _columns(data: Json) -> Json:
    return {"type": data.get("type") or ""}


def _scopes(alias: str) -> Iterator[Json]:
    yield {}
    # Older accounts list what no customer has; then some defaults are still unknown.
    if PaymentMethod.objects.on_account(alias).filter(as_of=0).exists():
        customers = Customer.objects.existing().on_account(alias).order_by("pk")
        for customer in customers.values_list("pk", flat=True).iterator():
            yield {"customer": customer}


PAYMENT_METHODS = Family(
    model=PaymentMethod,
    events=(
        "payment_method.attached",
        "payment_method.updated",
        "payment_method.automatically_updated",
        "payment_method.detached",
    ),
    columns=_columns,
    references={"customer": lambda data: data.get("customer")},
    # A detached method can never be attached again.
    rank=lambda data: 0 if data.get("customer") else 1,
    retrieve=lambda client, id: client.v1.payment_methods.retrieve(id),
    list=lambda client, params: client.v1.payment_methods.list(params),
    scopes=_scopes,
    lists_by_creation=False,
    # Cards of payments that were given up: nobody's, and never to be used again.
    is_wanted=lambda data: data.get("customer") is not None,
)
