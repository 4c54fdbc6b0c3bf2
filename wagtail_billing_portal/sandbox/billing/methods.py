"""Payment methods: made from test cards, attached to customers, chosen to pay."""

from __future__ import annotations

import datetime as dt
from typing import Any

from wagtail_billing_portal.sandbox.billing import cards
from wagtail_billing_portal.sandbox.billing.fields import Json, address, assign
from wagtail_billing_portal.sandbox.contract import skeleton
from wagtail_billing_portal.sandbox.errors import InvalidRequest, ResourceMissing
from wagtail_billing_portal.sandbox.world import World


def create(
    world: World,
    card: cards.TestCard,
    *,
    exp_month: int | None = None,
    exp_year: int | None = None,
    cvc: str | None = None,
    billing_details: Json | None = None,
    customer: str | None = None,
) -> Json:
    """A payment method for a card, not announced before it is attached."""
    details = {**_blank_details()}
    sent = billing_details or {}
    assign(details, sent, ("email", "name", "phone", "tax_id"))
    if "address" in sent:
        details["address"] = address(sent["address"]) or details["address"]
    method = {
        **skeleton("payment_method"),
        "id": world.new_id("pm_"),
        "allow_redisplay": "unspecified",
        "billing_details": details,
        "card": _card(
            card,
            exp_month=exp_month or 12,
            exp_year=exp_year or _year(world.now) + 5,
            checked=cvc is not None,
        ),
        "created": world.now,
        "customer": customer,
        "metadata": {},
        "type": "card",
        "_sandbox": {"card": card.number, "set_up": False},
    }
    return world.add(method)


def from_details(
    world: World, sent: Json, *, billing_details: Json | None = None
) -> Json:
    """A payment method from a typed-in number, date and security code."""
    cards.check_details(
        exp_month=sent["exp_month"],
        exp_year=sent["exp_year"],
        cvc=sent.get("cvc"),
        now=world.now,
    )
    return create(
        world,
        cards.card_of_number(sent["number"]),
        exp_month=sent["exp_month"],
        exp_year=sent["exp_year"],
        cvc=sent.get("cvc"),
        billing_details=billing_details,
    )


def card_of(method: Json) -> cards.TestCard:
    """The test card behind a payment method, which decides what it does."""
    return cards.card_of_number(method["_sandbox"]["card"])


def has_expired(method: Json, now: int) -> bool:
    """Whether the card's last month is over."""
    card = method["card"]
    today = dt.datetime.fromtimestamp(now, tz=dt.UTC)
    return (card["exp_year"], card["exp_month"]) < (today.year, today.month)


def known(world: World, method_id: str, *, param: str = "payment_method") -> Json:
    """A stored payment method, or a new one for a reusable ``pm_card_...`` id."""
    if card := cards.card_of_method(method_id):
        return create(world, card)
    return world.get("payment_method", method_id, param=param)


def attach(world: World, method_id: str, customer: str) -> Json:
    """Keep a payment method for a customer; the bank must have no objection."""
    method = known(world, method_id)
    world.get("customer", customer, param="customer")
    if method["customer"] == customer:
        return method
    if method["customer"] or method["_sandbox"].get("detached"):
        raise InvalidRequest(
            "The payment method you provided has already been attached to a customer."
            if method["customer"]
            else "This PaymentMethod was previously used without being attached to a "
            "Customer or was detached from a Customer, and may not be used again.",
            param="payment_method",
            code="payment_method_unexpected_state",
        )
    card = card_of(method)
    if card.decline and not card.attaches:
        raise card.decline.error()
    method["customer"] = customer
    return world.save(method, "payment_method.attached")


def detach(world: World, method: Json) -> Json:
    """Take a payment method away from its customer, for good."""
    owner = method["customer"]
    if owner is None:
        raise InvalidRequest(
            "The payment method you provided is not attached to a customer so "
            "detachment is impossible.",
            code="payment_method_unexpected_state",
        )
    method["customer"] = None
    world.private(method)["detached"] = True
    world.save(method)
    world.emit("payment_method.detached", method, {"customer": owner})
    _forget_default(world, method["id"], owner)
    return method


def owned(world: World, method_id: str, customer: str, *, param: str) -> Json:
    """A payment method that must be attached to this very customer."""
    found = world.find("payment_method", id=method_id)
    if not found and not cards.card_of_method(method_id):
        raise ResourceMissing("payment_method", method_id, param=param)
    if not found or found[0]["customer"] != customer:
        raise InvalidRequest(
            "The customer does not have a payment method with the ID "
            f"{method_id}. The payment method must be attached to the customer.",
            code="resource_missing",
            param=param,
        )
    return found[0]


def for_invoice(world: World, invoice: Json) -> Json | None:
    """What an invoice is paid with: its own, its subscription's, its customer's."""
    subscription_id = subscription_of(invoice)
    candidates = [invoice["default_payment_method"]]
    if subscription_id:
        subscription = world.get("subscription", subscription_id)
        candidates.append(subscription["default_payment_method"])
    customer = world.get("customer", invoice["customer"])
    candidates.append(customer["invoice_settings"]["default_payment_method"])
    chosen = next((method_id for method_id in candidates if method_id), None)
    return world.get("payment_method", chosen) if chosen else None


def subscription_of(invoice: Json) -> str | None:
    """The subscription that an invoice belongs to."""
    details = (invoice["parent"] or {}).get("subscription_details") or {}
    found: str | None = details.get("subscription")
    return found


def _card(
    card: cards.TestCard, *, exp_month: int, exp_year: int, checked: bool
) -> dict[str, Any]:
    return {
        "brand": card.brand,
        "checks": {
            "address_line1_check": None,
            "address_postal_code_check": None,
            "cvc_check": "pass" if checked else "unchecked",
        },
        "country": card.country,
        "display_brand": card.display_brand,
        "exp_month": exp_month,
        "exp_year": exp_year,
        "fingerprint": card.fingerprint,
        "funding": card.funding,
        "generated_from": None,
        "last4": card.last4,
        "networks": {"available": [card.brand], "preferred": None},
        "regulated_status": "unregulated",
        "three_d_secure_usage": {"supported": True},
        "wallet": None,
    }


def _year(moment: int) -> int:
    return dt.datetime.fromtimestamp(moment, tz=dt.UTC).year


def _blank_details() -> Json:
    blank = dict.fromkeys(("email", "name", "phone", "tax_id"))
    return {**blank, "address": address({"city": None})}


def _forget_default(world: World, method_id: str, owner: str) -> None:
    customer = world.get("customer", owner)
    settings = customer["invoice_settings"]
    if settings["default_payment_method"] == method_id:
        customer["invoice_settings"] = {**settings, "default_payment_method": None}
        world.save(customer, "customer.updated")
    for subscription in world.find("subscription", customer=owner):
        if subscription["default_payment_method"] == method_id:
            subscription["default_payment_method"] = None
            world.save(subscription, "customer.subscription.updated")
