from __future__ import annotations

from typing import Any

from wagtail_billing_portal.sandbox.billing import bills, drafts, invoice_items
from wagtail_billing_portal.sandbox.billing.fields import merge_metadata, supported
from wagtail_billing_portal.sandbox.errors import InvalidRequest
from wagtail_billing_portal.sandbox.routing import operation
from wagtail_billing_portal.sandbox.world import World

Json = dict[str, Any]

_LINE = set(invoice_items.FIELDS) - {"tax_behavior", "unit_amount_decimal"}
_CHANGES = {"invoice_metadata", "lines"}


@operation(
    "POST",
    "/v1/invoices",
    handles={
        *bills.FIELDS,
        "currency",
        "customer",
        "pending_invoice_items_behavior",
        "subscription",
    },
)
def create_invoice(world: World, params: Json) -> Json:
    """An invoice by hand; a draft until it is finalized."""
    if "customer" not in params:
        raise InvalidRequest(
            "Missing required param: customer.",
            param="customer",
            code="parameter_missing",
        )
    return bills.create(world, params)


@operation("POST", "/v1/invoices/{invoice}", handles=bills.FIELDS)
def update_invoice(world: World, params: Json, invoice: str) -> Json:
    """Change a draft; of a final invoice only its labels."""
    stored = world.get("invoice", invoice)
    bills.write(world, stored, params)
    if stored["status"] == "draft":
        drafts.refresh(world, stored)
    return world.save(stored, "invoice.updated")


@operation("DELETE", "/v1/invoices/{invoice}")
def delete_invoice(world: World, params: Json, invoice: str) -> Json:
    """Throw a draft away, and with it what was on it."""
    stored = world.get("invoice", invoice)
    if stored["status"] != "draft" or stored["parent"]:
        raise InvalidRequest(
            "You can only delete draft invoices that are not for a subscription: void "
            "the invoice instead.",
            code="invoice_not_editable",
        )
    for item in world.find(invoice_items.KIND, invoice=invoice):
        world.delete(item, "invoiceitem.deleted")
    return world.delete(stored, "invoice.deleted")


@operation(
    "POST",
    "/v1/invoices/{invoice}/add_lines",
    handles=_CHANGES,
)
def add_lines(world: World, params: Json, invoice: str) -> Json:
    """More to pay for on a draft: new, or items that wait."""
    stored = _draft(world, params, invoice)
    for index, sent in enumerate(params["lines"]):
        supported(sent, {*_LINE, "invoice_item"}, param=f"lines[{index}]")
        param = f"lines[{index}][invoice_item]"
        if waiting := sent.get("invoice_item"):
            item = world.get(invoice_items.KIND, waiting, param=param)
            if item["customer"] != stored["customer"] or item["invoice"]:
                raise InvalidRequest(
                    f"The invoice item {waiting} does not wait for this invoice.",
                    param=param,
                )
        else:
            item = invoice_items.build(
                world, sent, customer=stored["customer"], currency=stored["currency"]
            )
            world.add(item, "invoiceitem.created")
        bills.take(world, stored, [item])
    return world.save(stored, "invoice.updated")


@operation(
    "POST",
    "/v1/invoices/{invoice}/update_lines",
    handles=_CHANGES,
)
def update_lines(world: World, params: Json, invoice: str) -> Json:
    stored = _draft(world, params, invoice)
    for index, sent in enumerate(params["lines"]):
        supported(sent, {*_LINE, "id"}, param=f"lines[{index}]")
        _update(world, stored, sent["id"], sent, param=f"lines[{index}][id]")
    return world.save(stored, "invoice.updated")


@operation(
    "POST",
    "/v1/invoices/{invoice}/remove_lines",
    handles=_CHANGES,
)
def remove_lines(world: World, params: Json, invoice: str) -> Json:
    """Take lines off a draft: thrown away, or left to wait for another."""
    stored = _draft(world, params, invoice)
    for index, sent in enumerate(params["lines"]):
        line = bills.known_line(stored, sent["id"], param=f"lines[{index}][id]")
        item = bills.item_of(world, line)
        bills.drop(world, stored, [sent["id"]])
        if item is None:
            continue
        if sent["behavior"] == "delete":
            world.delete(item, "invoiceitem.deleted")
        else:
            world.save({**item, "invoice": None})
    return world.save(stored, "invoice.updated")


@operation("POST", "/v1/invoices/{invoice}/lines/{line}", handles=_LINE)
def update_line(world: World, params: Json, invoice: str, line: str) -> Json:
    stored = _draft(world, {}, invoice)
    _update(world, stored, line, params)
    world.save(stored, "invoice.updated")
    return bills.known_line(stored, line)


def _update(
    world: World, invoice: Json, line_id: str, sent: Json, *, param: str | None = None
) -> None:
    line = bills.known_line(invoice, line_id, param=param)
    item = bills.item_of(world, line)
    if item is None:
        raise InvalidRequest(
            "This line belongs to a subscription: change the subscription instead.",
            param=param,
        )
    invoice_items.write(world, item, {k: v for k, v in sent.items() if k != "id"})
    world.save(item)
    bills.rewrite(world, invoice, item)


def _draft(world: World, params: Json, invoice: str) -> Json:
    stored = world.get("invoice", invoice)
    bills.check_draft(stored)
    if "invoice_metadata" in params:
        merge_metadata(stored, {"metadata": params["invoice_metadata"]})
    return stored
