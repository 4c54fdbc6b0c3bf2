"""Who pays at a checkout: what they typed, and the customer they become.

``typed`` holds what the page asked for: email, name, phone, address, business_name,
individual_name, custom_fields by key, consent by kind, whether to save the card, and a tax_id with its type and value.
"""

from __future__ import annotations

from wagtail_billing_portal.sandbox.billing import customers, tax_ids
from wagtail_billing_portal.sandbox.billing.fields import Json, address
from wagtail_billing_portal.sandbox.world import World


def known(world: World, session: Json) -> Json | None:
    """What is known of the payer before they came."""
    if not (session["customer"] or session["customer_email"]):
        return None
    return details(world, session, None, {})


def customer_of(
    world: World, session: Json, method: Json | None, typed: Json
) -> str | None:
    """The customer who pays: the one the session is for, or a new one."""
    said = _said(method, typed)
    if session["customer"]:
        _update(world, session, said)
        _keep_tax_id(world, session["customer"], typed)
        return str(session["customer"])
    by_default = session["mode"] == "subscription"
    if session["customer_creation"] != "always" and not by_default:
        return None
    customer = customers.blank(world)
    customer.update(
        email=session["customer_email"] or said["email"],
        name=said["name"],
        phone=said["phone"],
        address=address(said["address"]),
    )
    for name in ("business_name", "individual_name"):
        if typed.get(name):
            customer[name] = typed[name]
    customer_id = str(world.add(customer, "customer.created")["id"])
    _keep_tax_id(world, customer_id, typed)
    return customer_id


def details(world: World, session: Json, method: Json | None, typed: Json) -> Json:
    """Who the session knows its payer to be."""
    customer: Json = {}
    if session["customer"]:
        customer = world.get("customer", session["customer"])
    said = _said(method, typed)
    return {
        "address": said["address"] or customer.get("address"),
        "business_name": typed.get("business_name") or None,
        "email": customer.get("email") or session["customer_email"] or said["email"],
        "individual_name": typed.get("individual_name") or None,
        "name": said["name"] or customer.get("name"),
        "phone": said["phone"] or customer.get("phone"),
        "tax_exempt": customer.get("tax_exempt", "none"),
        "tax_ids": _tax_ids(world, customer.get("id"), typed),
    }


def _keep_tax_id(world: World, customer: str, typed: Json) -> None:
    """Remember a business's number, unless it is known already."""
    sent = typed.get("tax_id")
    if sent and sent not in _known_tax_ids(world, customer):
        tax_ids.create(world, sent["type"], sent["value"], customer=customer)


def _tax_ids(world: World, customer: str | None, typed: Json) -> list[Json]:
    if customer is None:
        return [typed["tax_id"]] if typed.get("tax_id") else []
    return _known_tax_ids(world, customer)


def _known_tax_ids(world: World, customer: str) -> list[Json]:
    found = reversed(world.find(tax_ids.KIND, customer=customer))
    return [{"type": it["type"], "value": it["value"]} for it in found]


def write_answers(session: Json, typed: Json) -> None:
    """Keep on the session what was asked and answered."""
    answers = typed.get("custom_fields") or {}
    for field in session["custom_fields"]:
        if answer := answers.get(field["key"]):
            field[field["type"]]["value"] = answer
    agreed = typed.get("consent") or {}
    if asked := session["consent_collection"]:
        terms = asked["terms_of_service"] == "required"
        promotions = asked["promotions"] == "auto"
        opted = "opt_in" if agreed.get("promotions") else "opt_out"
        session["consent"] = {
            "promotions": opted if promotions else None,
            "terms_of_service": "accepted" if terms else None,
        }
    if session.get("name_collection"):
        session["collected_information"] = {
            "business_name": typed.get("business_name") or None,
            "individual_name": typed.get("individual_name") or None,
            "shipping_details": None,
        }


def place_of(method: Json | None, typed: Json) -> Json | None:
    """Where the payer says they live."""
    place: Json | None = _said(method, typed)["address"]
    return place


def _said(method: Json | None, typed: Json) -> Json:
    """What was typed, on the page or with the card."""
    card = method["billing_details"] if method else {}
    on_card = card.get("address") or {}
    place = {**(typed.get("address") or {})}
    place = {name: value or None for name, value in place.items()}
    if on_card.get("country") and not place.get("country"):
        place["country"] = on_card["country"]
    names = (typed.get(kind) for kind in ("name", "business_name", "individual_name"))
    return {
        "address": address(place) if any(place.values()) else None,
        "email": typed.get("email") or card.get("email") or None,
        "name": next((name for name in names if name), None) or card.get("name"),
        "phone": typed.get("phone") or card.get("phone") or None,
    }


def _update(world: World, session: Json, said: Json) -> None:
    wishes = session["_sandbox"]["customer_update"]
    customer = world.get("customer", session["customer"])
    customer["email"] = customer["email"] or said["email"]
    if session["phone_number_collection"]["enabled"]:
        customer["phone"] = said["phone"] or customer["phone"]
    if wishes.get("address") == "auto" and said["address"]:
        customer["address"] = address(said["address"])
    if wishes.get("name") == "auto" and said["name"]:
        customer["name"] = said["name"]
    world.save(customer, "customer.updated")
