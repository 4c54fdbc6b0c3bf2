"""Customers as they come into being, by a request or on a hosted page."""

from __future__ import annotations

import secrets
import string

from wagtail_billing_portal.sandbox.billing.fields import Json, address
from wagtail_billing_portal.sandbox.contract import skeleton
from wagtail_billing_portal.sandbox.world import World

_PREFIX = string.ascii_uppercase + string.digits


def blank(world: World) -> Json:
    """A customer nobody knows anything about yet; not stored."""
    return {
        **skeleton("customer"),
        "id": world.new_id("cus_"),
        "balance": 0,
        "created": world.now,
        "delinquent": False,
        "invoice_prefix": "".join(secrets.choice(_PREFIX) for _ in range(8)),
        "invoice_settings": {
            "custom_fields": None,
            "default_payment_method": None,
            "footer": None,
            "rendering_options": None,
        },
        "metadata": {},
        "next_invoice_sequence": 1,
        "preferred_locales": [],
        "tax_exempt": "none",
    }


def at_checkout(
    world: World, session: Json, method: Json | None, *, email: str
) -> str | None:
    """The customer who pays: the one the session is for, or a new one."""
    typed = method["billing_details"] if method else {}
    if session["customer"]:
        _update(world, session, typed, email=email)
        return str(session["customer"])
    if session["mode"] == "setup":
        return None
    if session["mode"] == "payment" and session["customer_creation"] != "always":
        return None
    customer = blank(world)
    customer["email"] = session["customer_email"] or email or None
    customer["name"] = typed.get("name")
    if country := (typed.get("address") or {}).get("country"):
        customer["address"] = address({"country": country})
    return str(world.add(customer, "customer.created")["id"])


def details(world: World, session: Json, method: Json | None, *, email: str) -> Json:
    """Who the session knows its payer to be."""
    customer = None
    if session["customer"]:
        customer = world.get("customer", session["customer"])
    typed = method["billing_details"] if method else {}
    known = customer or {"email": session["customer_email"] or email or None}
    return {
        "address": typed.get("address") or known.get("address"),
        "business_name": None,
        "email": known["email"] or email or None,
        "individual_name": None,
        "name": typed.get("name") or known.get("name"),
        "phone": known.get("phone"),
        "tax_exempt": known.get("tax_exempt", "none"),
        "tax_ids": [],
    }


def _update(world: World, session: Json, typed: Json, *, email: str) -> None:
    wishes = session["_sandbox"]["customer_update"]
    customer = world.get("customer", session["customer"])
    customer["email"] = customer["email"] or email or None
    if wishes.get("address") == "auto" and typed.get("address"):
        customer["address"] = address(typed["address"])
    if wishes.get("name") == "auto" and typed.get("name"):
        customer["name"] = typed["name"]
    world.save(customer, "customer.updated")
