from __future__ import annotations

from ..models import PaymentMethod
from .family import Family, Json


def _columns(data: Json) -> Json:
    return {"type": data.get("type") or ""}


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
)
