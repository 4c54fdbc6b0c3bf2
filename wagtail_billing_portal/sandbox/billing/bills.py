"""Invoices written by hand, and what may be done to a draft."""

from __future__ import annotations

from wagtail_billing_portal.sandbox.billing import (
    customer_discounts,
    discounts,
    drafts,
    invoice_items,
    lines,
    methods,
    taxes,
)
from wagtail_billing_portal.sandbox.billing.fields import (
    Json,
    assign,
    merge_metadata,
    only_one,
    supported,
)
from wagtail_billing_portal.sandbox.billing.periods import HOUR
from wagtail_billing_portal.sandbox.contract import skeleton
from wagtail_billing_portal.sandbox.errors import InvalidRequest, ResourceMissing
from wagtail_billing_portal.sandbox.world import World

FIELDS = (
    "auto_advance",
    "automatic_tax",
    "automatically_finalizes_at",
    "collection_method",
    "custom_fields",
    "days_until_due",
    "default_payment_method",
    "default_tax_rates",
    "description",
    "discounts",
    "due_date",
    "effective_at",
    "footer",
    "metadata",
    "number",
    "statement_descriptor",
)
_PLAIN = ("custom_fields", "description", "effective_at", "footer", "number")
_ALWAYS = {"default_payment_method", "description", "footer", "metadata"}


def create(world: World, params: Json) -> Json:
    """A draft for a customer, with what waits for it where that is asked for."""
    customer = world.get("customer", params["customer"], param="customer")
    currency = params.get("currency") or customer["currency"] or "usd"
    invoice = {
        **drafts.blank(world, world.new_id("in_")),
        "auto_advance": False,
        "billing_reason": "manual",
        "collection_method": "charge_automatically",
        "currency": currency.lower(),
        "customer": customer["id"],
        "discounts": customer_discounts.inherited(world, customer["id"]),
        "period_start": world.now,
        "_sandbox": {"days_until_due": None},
    }
    invoice["lines"]["url"] = f"/v1/invoices/{invoice['id']}/lines"
    if subscription_id := params.get("subscription"):
        _for_subscription(world, invoice, subscription_id)
    write(world, invoice, params)
    waiting = []
    asked = params.get("pending_invoice_items_behavior") == "include"
    if asked or params.get("subscription"):
        waiting = _waiting(world, invoice)
    drafts.refresh(world, invoice)
    world.add(invoice, None)
    take(world, invoice, waiting)
    world.save(invoice)
    world.emit("invoice.created", invoice)
    return invoice


def write(world: World, invoice: Json, params: Json) -> None:
    """Put what was sent into an invoice; a final one takes labels only."""
    if invoice["status"] != "draft" and not params.keys() <= _ALWAYS:
        raise InvalidRequest(
            "Finalized invoices can't be updated in this way.",
            code="invoice_not_editable",
        )
    only_one(params, "days_until_due", "due_date")
    assign(invoice, params, (*_PLAIN, "statement_descriptor"))
    merge_metadata(invoice, params)
    _write_collection(world, invoice, params)
    if "default_payment_method" in params:
        method_id = params["default_payment_method"] or None
        if method_id:
            param = "default_payment_method"
            methods.owned(world, method_id, invoice["customer"], param=param)
        invoice["default_payment_method"] = method_id
    if sent := params.get("automatic_tax"):
        supported(sent, {"enabled"}, param="automatic_tax")
        invoice["automatic_tax"] = {
            **skeleton("invoice", "automatic_tax"),
            "enabled": sent["enabled"],
            "liability": {"type": "self"} if sent["enabled"] else None,
        }
    if "default_tax_rates" in params:
        param = "default_tax_rates"
        invoice[param] = taxes.read(world, params[param], param=param)
    if "discounts" in params:
        invoice["discounts"] = discounts.read(
            world,
            params["discounts"],
            customer=invoice["customer"],
            param="discounts",
            invoice=invoice["id"],
            present=invoice["discounts"],
        )


def take(world: World, invoice: Json, waiting: list[Json]) -> None:
    """Put invoice items on a draft."""
    for item in waiting:
        if item["currency"] != invoice["currency"]:
            raise InvalidRequest(
                f"The invoice item {item['id']} is in {item['currency']}, the invoice "
                f"in {invoice['currency']}.",
                param="currency",
            )
        item["invoice"] = invoice["id"]
        world.save(item)
        line = {**lines.for_invoice_item(world, item), "invoice": invoice["id"]}
        invoice["lines"]["data"].append(line)
    drafts.refresh(world, invoice)


def rewrite(world: World, invoice: Json, item: Json) -> None:
    """Bring the line of an invoice item up to date."""
    old = line_of(invoice, item["id"])
    fresh = lines.for_invoice_item(world, item)
    fresh |= {"id": old["id"], "invoice": invoice["id"]}
    held = invoice["lines"]["data"]
    invoice["lines"]["data"] = [fresh if line is old else line for line in held]
    drafts.refresh(world, invoice)


def drop(world: World, invoice: Json, line_ids: list[str]) -> None:
    """Take lines off a draft."""
    for line_id in line_ids:
        line = known_line(invoice, line_id)
        invoice["lines"]["data"].remove(line)
    drafts.refresh(world, invoice)


def line_of(invoice: Json, item_id: str) -> Json:
    """The line that an invoice item became."""
    for line in invoice["lines"]["data"]:
        details = (line["parent"] or {}).get("invoice_item_details") or {}
        if details.get("invoice_item") == item_id:
            found: Json = line
            return found
    raise ResourceMissing(invoice_items.KIND, item_id)


def known_line(invoice: Json, line_id: str, *, param: str | None = None) -> Json:
    """A line of an invoice by its id: the line itself, to be changed in place."""
    for line in invoice["lines"]["data"]:
        if line["id"] == line_id:
            found: Json = line
            return found
    raise ResourceMissing("line_item", line_id, param=param)


def item_of(world: World, line: Json) -> Json | None:
    """The invoice item behind a line, if there is one."""
    details = (line["parent"] or {}).get("invoice_item_details") or {}
    item_id = details.get("invoice_item")
    return world.get(invoice_items.KIND, item_id) if item_id else None


def check_draft(invoice: Json) -> None:
    """Refuse to change what an invoice comes to once it is final."""
    if invoice["status"] != "draft":
        raise InvalidRequest(
            "You can only modify the lines of a draft invoice: "
            f"{invoice['id']} is {invoice['status']}.",
            code="invoice_not_editable",
        )


def _write_collection(world: World, invoice: Json, params: Json) -> None:
    private = world.private(invoice)
    assign(invoice, params, ("auto_advance", "collection_method"))
    sends = invoice["collection_method"] == "send_invoice"
    days, date = params.get("days_until_due"), params.get("due_date")
    if not sends and (days is not None or date is not None):
        raise InvalidRequest(
            "You can only set `days_until_due` or `due_date` when `collection_method` "
            "is `send_invoice`.",
            param="days_until_due" if days is not None else "due_date",
        )
    if days is not None:
        private["days_until_due"] = days
        invoice["due_date"] = None
    if date is not None:
        invoice["due_date"] = date
        private["due_date"] = date
    if sends and private["days_until_due"] is None and not invoice["due_date"]:
        raise InvalidRequest(
            "You must set `days_until_due` or `due_date` when `collection_method` is "
            "`send_invoice`.",
            param="days_until_due",
            code="parameter_missing",
        )
    if invoice["status"] != "draft":
        return
    moment = params.get("automatically_finalizes_at")
    if moment is None and invoice["auto_advance"]:
        moment = invoice["automatically_finalizes_at"] or world.now + HOUR
    moment = moment if invoice["auto_advance"] else None
    invoice["automatically_finalizes_at"] = private["due_at"] = moment


def _waiting(world: World, invoice: Json) -> list[Json]:
    found = world.find(invoice_items.KIND, customer=invoice["customer"], invoice=None)
    wanted = methods.subscription_of(invoice)
    return [
        item
        for item in found
        if wanted in (None, _subscription_of(item))
        and item["currency"] == invoice["currency"]
    ]


def _subscription_of(item: Json) -> str | None:
    details = (item["parent"] or {}).get("subscription_details") or {}
    found: str | None = details.get("subscription")
    return found


def _for_subscription(world: World, invoice: Json, subscription_id: str) -> None:
    subscription = world.get("subscription", subscription_id, param="subscription")
    if subscription["customer"] != invoice["customer"]:
        raise ResourceMissing("subscription", subscription_id, param="subscription")
    invoice["currency"] = subscription["currency"]
    invoice["parent"] = {
        "quote_details": None,
        "subscription_details": {
            "metadata": dict(subscription["metadata"]),
            "subscription": subscription_id,
        },
        "type": "subscription_details",
    }
