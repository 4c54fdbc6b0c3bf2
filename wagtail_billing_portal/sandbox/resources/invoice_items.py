from __future__ import annotations

from typing import Any

from wagtail_billing_portal.sandbox.billing import bills, invoice_items
from wagtail_billing_portal.sandbox.errors import InvalidRequest
from wagtail_billing_portal.sandbox.routing import operation
from wagtail_billing_portal.sandbox.world import World

Json = dict[str, Any]


@operation(
    "POST",
    "/v1/invoiceitems",
    handles={
        *invoice_items.FIELDS,
        "currency",
        "customer",
        "invoice",
        "subscription",
    },
)
def create_invoice_item(world: World, params: Json) -> Json:
    """Something to pay for: on the next invoice, or on a draft at once."""
    invoice = _draft(world, params.get("invoice"))
    customer_id = params.get("customer") or (invoice or {}).get("customer")
    if not customer_id:
        raise InvalidRequest(
            "Missing required param: customer.",
            param="customer",
            code="parameter_missing",
        )
    customer = world.get("customer", customer_id, param="customer")
    currency = params.get("currency") or (invoice or customer)["currency"]
    item = invoice_items.build(
        world, params, customer=customer_id, currency=currency and currency.lower()
    )
    if subscription_id := params.get("subscription"):
        item["parent"] = _for_subscription(world, subscription_id, customer_id)
    world.add(item, "invoiceitem.created")
    if invoice:
        bills.take(world, invoice, [item])
        world.save(invoice, "invoice.updated")
    return world.get(invoice_items.KIND, item["id"])


@operation("GET", "/v1/invoiceitems/{invoiceitem}")
def retrieve_invoice_item(world: World, params: Json, invoiceitem: str) -> Json:
    return world.get(invoice_items.KIND, invoiceitem)


@operation("POST", "/v1/invoiceitems/{invoiceitem}", handles=invoice_items.FIELDS)
def update_invoice_item(world: World, params: Json, invoiceitem: str) -> Json:
    """Change what will be charged, as long as the invoice is a draft."""
    item = world.get(invoice_items.KIND, invoiceitem)
    invoice = _draft(world, item["invoice"])
    if item["proration"] and params.keys() & {"amount", "pricing", "price_data"}:
        raise InvalidRequest("You cannot change what a proration comes to.")
    invoice_items.write(world, item, params)
    world.save(item)
    if invoice:
        bills.rewrite(world, invoice, item)
        world.save(invoice, "invoice.updated")
    return item


@operation("DELETE", "/v1/invoiceitems/{invoiceitem}")
def delete_invoice_item(world: World, params: Json, invoiceitem: str) -> Json:
    """Charge it after all not, as long as the invoice is a draft."""
    item = world.get(invoice_items.KIND, invoiceitem)
    if invoice := _draft(world, item["invoice"]):
        bills.drop(world, invoice, [bills.line_of(invoice, invoiceitem)["id"]])
        world.save(invoice, "invoice.updated")
    return world.delete(item, "invoiceitem.deleted")


@operation("GET", "/v1/invoiceitems", handles={"customer", "invoice", "pending"})
def list_invoice_items(world: World, params: Json) -> Json:
    same = ("customer", "invoice")
    equals = {name: params[name] for name in same if name in params}
    if "pending" in params:
        if "invoice" in params:
            raise InvalidRequest(
                "You may only specify one of these parameters: invoice, pending.",
                param="pending",
                code="parameters_exclusive",
            )
        if params["pending"]:
            equals["invoice"] = None
        else:
            equals["invoice"] = [it["id"] for it in world.find("invoice")]
    return world.list(invoice_items.KIND, params, **equals)


def _draft(world: World, invoice_id: str | None) -> Json | None:
    if not invoice_id:
        return None
    invoice = world.get("invoice", invoice_id, param="invoice")
    bills.check_draft(invoice)
    return invoice


def _for_subscription(world: World, subscription_id: str, customer: str) -> Json:
    subscription = world.get("subscription", subscription_id, param="subscription")
    if subscription["customer"] != customer:
        raise InvalidRequest(
            f"The subscription {subscription_id} does not belong to the customer "
            f"{customer}.",
            param="subscription",
        )
    return {
        "subscription_details": {
            "subscription": subscription_id,
            "subscription_item": None,
        },
        "type": "subscription_details",
    }
