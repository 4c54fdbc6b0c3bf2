from __future__ import annotations

import re
from typing import Any

from wagtail_billing_portal.sandbox.billing import (
    balances,
    customer_discounts,
    customers,
    ending,
    invoicing,
    methods,
    sources,
    standing,
    tax_ids,
    test_clocks,
)
from wagtail_billing_portal.sandbox.billing.fields import (
    address,
    assign,
    merge_metadata,
    supported,
)
from wagtail_billing_portal.sandbox.errors import InvalidRequest
from wagtail_billing_portal.sandbox.pagination import page
from wagtail_billing_portal.sandbox.routing import expander, operation
from wagtail_billing_portal.sandbox.world import World

Json = dict[str, Any]

_PLAIN = (
    "business_name",
    "description",
    "email",
    "individual_name",
    "name",
    "phone",
)
_FIELDS = {
    *_PLAIN,
    "address",
    "balance",
    "invoice_prefix",
    "invoice_settings",
    "metadata",
    "next_invoice_sequence",
    "preferred_locales",
    "shipping",
    "source",
    "tax_exempt",
}
_FIRST = {"payment_method", "tax_id_data", "test_clock"}


@operation("POST", "/v1/customers", handles={*_FIELDS, *_FIRST})
def create_customer(world: World, params: Json) -> Json:
    """Somebody who pays, known by an id before a single payment."""
    customer = customers.blank(world)
    _write(world, customer, {k: v for k, v in params.items() if k in _PLAIN})
    settings = params.get("invoice_settings", {})
    rest = {k: v for k, v in params.items() if k not in {*_PLAIN, "invoice_settings"}}
    _write(world, customer, rest)
    if test_clock := params.get("test_clock"):
        test_clocks.assign(world, customer, test_clock)
    customer = world.add(customer, "customer.created")
    if start := params.get("balance"):
        balances.change(world, customer["id"], start, type="initial")
        customer = world.get("customer", customer["id"])
    for index, sent in enumerate(params.get("tax_id_data") or []):
        path = f"tax_id_data[{index}][value]"
        number = (sent["type"], sent["value"])
        tax_ids.create(world, *number, customer=customer["id"], param=path)
    customer_discounts.write(world, customer["id"], params)
    if token := params.get("source"):
        sources.keep(world, customer["id"], token, {})
    customer = world.get("customer", customer["id"])
    if method_id := params.get("payment_method"):
        method = methods.attach(world, method_id, customer["id"])
        if settings.get("default_payment_method") == method_id:
            settings = {**settings, "default_payment_method": method["id"]}
    if settings:
        _write_invoice_settings(world, customer, settings)
        customer = world.save(customer, "customer.updated")
    return customer


@operation("GET", "/v1/customers/{customer}")
def retrieve_customer(world: World, params: Json, customer: str) -> Json:
    return world.get("customer", customer, include_deleted=True)


@operation("POST", "/v1/customers/{customer}", handles={*_FIELDS, "default_source"})
def update_customer(world: World, params: Json, customer: str) -> Json:
    """Change what is known of a customer; what is not sent stays."""
    stored = world.get("customer", customer)
    _write(world, stored, params)
    saved = world.save(stored, "customer.updated")
    if "balance" in params:
        moved = params["balance"] - saved["balance"]
        balances.change(world, customer, moved, type="adjustment")
    customer_discounts.write(world, customer, params)
    if token := params.get("source"):
        sources.replace(world, customer, token)
    if card := params.get("default_source"):
        sources.choose(world, customer, card)
    return world.get("customer", customer)


@operation("DELETE", "/v1/customers/{customer}")
def delete_customer(world: World, params: Json, customer: str) -> Json:
    """Forget a customer for good; everything it subscribed to ends at once."""
    stored = world.get("customer", customer)
    for subscription in world.find("subscription", customer=customer):
        if subscription["status"] not in standing.ENDED:
            ending.end(world, subscription)
    for invoice in world.find("invoice", customer=customer, status=["draft", "open"]):
        invoicing.stop_collecting(world, invoice)
        invoice["automatically_finalizes_at"] = None
        world.save(invoice, "invoice.updated")
    for method in world.find("payment_method", customer=customer):
        methods.detach(world, method)
    return world.delete(world.get("customer", stored["id"]), "customer.deleted")


@operation("DELETE", "/v1/customers/{customer}/discount")
def delete_customer_discount(world: World, params: Json, customer: str) -> Json:
    """Take off what the customer has on everything; it stays on what it bought."""
    removed = customer_discounts.remove(world, customer)
    if removed is None:
        raise InvalidRequest(
            f"No active discount for customer: {customer}",
            code="resource_missing",
            status=404,
        )
    return removed


@operation("GET", "/v1/customers", handles={"email", "test_clock"})
def list_customers(world: World, params: Json) -> Json:
    filters = ("email", "test_clock")
    equals = {name: params[name] for name in filters if name in params}
    return world.list("customer", params, **equals)


@expander("customer", "subscriptions")
def expand_subscriptions(world: World, customer: Json) -> Json:
    current = [
        subscription
        for subscription in world.find("subscription", customer=customer["id"])
        if subscription["status"] not in standing.ENDED
    ]
    return page(current, {}, url=f"/v1/customers/{customer['id']}/subscriptions")


def _write(world: World, customer: Json, params: Json) -> None:
    if params.get("email"):
        _check_email(params["email"])
    assign(customer, params, _PLAIN)
    assign(customer, params, ("invoice_prefix", "next_invoice_sequence"))
    if "address" in params:
        customer["address"] = address(params["address"], customer["address"])
    if "shipping" in params:
        customer["shipping"] = _shipping(params["shipping"])
    if "preferred_locales" in params:
        customer["preferred_locales"] = params["preferred_locales"] or []
    if "tax_exempt" in params:
        customer["tax_exempt"] = params["tax_exempt"] or "none"
    if params.get("invoice_settings"):
        _write_invoice_settings(world, customer, params["invoice_settings"])
    merge_metadata(customer, params)


def _write_invoice_settings(world: World, customer: Json, sent: Json) -> None:
    fields = ("custom_fields", "default_payment_method", "footer")
    supported(sent, fields, param="invoice_settings")
    if method_id := sent.get("default_payment_method"):
        param = "invoice_settings[default_payment_method]"
        methods.owned(world, method_id, customer["id"], param=param)
    settings = dict(customer["invoice_settings"])
    assign(settings, sent, fields)
    customer["invoice_settings"] = settings


def _shipping(sent: Json | str) -> Json | None:
    if not isinstance(sent, dict):
        return None
    return {
        "address": address(sent["address"]),
        "carrier": None,
        "name": sent["name"],
        "phone": sent.get("phone") or None,
        "tracking_number": None,
    }


def _check_email(email: str) -> None:
    if not re.fullmatch(r"[^@\s]+@[^@\s]+", email) or len(email) > 512:
        raise InvalidRequest(
            f"Invalid email address: {email}", param="email", code="email_invalid"
        )
