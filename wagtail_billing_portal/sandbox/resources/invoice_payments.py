from __future__ import annotations

from typing import Any

from wagtail_billing_portal.sandbox.billing import settlement
from wagtail_billing_portal.sandbox.routing import operation
from wagtail_billing_portal.sandbox.world import World

Json = dict[str, Any]


@operation("GET", "/v1/invoice_payments/{invoice_payment}")
def retrieve_invoice_payment(world: World, params: Json, invoice_payment: str) -> Json:
    return world.get(settlement.KIND, invoice_payment)


@operation("GET", "/v1/invoice_payments", handles={"invoice", "payment", "status"})
def list_invoice_payments(world: World, params: Json) -> Json:
    """How invoices were paid, or are to be."""
    equals = {name: params[name] for name in ("invoice", "status") if name in params}
    for name, value in params.get("payment", {}).items():
        equals[f"payment__{name}"] = value
    return world.list(settlement.KIND, params, **equals)
