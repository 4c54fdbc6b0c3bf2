"""Search, for each resource that Stripe lets be searched."""

from __future__ import annotations

from typing import Any

from wagtail_billing_portal.sandbox.routing import operation
from wagtail_billing_portal.sandbox.search import search
from wagtail_billing_portal.sandbox.world import World

Json = dict[str, Any]

# https://docs.stripe.com/search#query-fields-for-each-resource
FIELDS = {
    "charges": (
        "charge",
        "amount billing_details.address.postal_code created currency customer disputed "
        "metadata payment_method_details.card.brand "
        "payment_method_details.card.exp_month payment_method_details.card.exp_year "
        "payment_method_details.card.fingerprint payment_method_details.card.last4 "
        "refunded status",
    ),
    "customers": ("customer", "created email metadata name phone"),
    "invoices": (
        "invoice",
        "created currency customer metadata number receipt_number status subscription "
        "total",
    ),
    "payment_intents": (
        "payment_intent",
        "amount created currency customer metadata status",
    ),
    "prices": ("price", "active currency lookup_key metadata product type"),
    "products": ("product", "active description metadata name shippable url"),
    "subscriptions": ("subscription", "canceled_at created metadata status"),
}


def _register(name: str, kind: str, fields: str) -> None:
    @operation("GET", f"/v1/{name}/search", handles={"limit", "page", "query"})
    def answer(world: World, params: Json) -> Json:
        return search(world, kind, params, fields=fields.split())


for _name, (_kind, _fields) in FIELDS.items():
    _register(_name, _kind, _fields)
