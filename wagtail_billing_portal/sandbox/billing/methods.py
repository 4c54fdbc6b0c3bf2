"""Payment methods: attached to customers, chosen to pay. ``details`` makes them."""

from __future__ import annotations

import datetime as dt

from wagtail_billing_portal.sandbox.billing import (
    banks,
    cards,
    details,
    local_methods,
)
from wagtail_billing_portal.sandbox.billing.details import create, from_details
from wagtail_billing_portal.sandbox.billing.fields import Json
from wagtail_billing_portal.sandbox.billing.instruments import Instrument
from wagtail_billing_portal.sandbox.errors import InvalidRequest, ResourceMissing
from wagtail_billing_portal.sandbox.world import World

__all__ = ["create", "from_details"]


def card_of(method: Json) -> Instrument:
    """The test card or account behind a payment method: what it does."""
    private = method["_sandbox"]
    if number := private.get("card"):
        return cards.card_of_number(number)
    return banks.account(method["type"], private["account"])


def has_expired(method: Json, now: int) -> bool:
    """Whether the card's last month is over."""
    if method["type"] != "card":
        return False
    card = method["card"]
    today = dt.datetime.fromtimestamp(now, tz=dt.UTC)
    return (card["exp_year"], card["exp_month"]) < (today.year, today.month)


def known(world: World, method_id: str, *, param: str = "payment_method") -> Json:
    """A stored payment method, or a new one for a reusable ``pm_...`` id."""
    if card := cards.card_of_method(method_id):
        return create(world, card)
    if account := banks.account_of_method(method_id):
        return details.create_account(world, account)
    return world.get("payment_method", method_id, param=param)


def is_reusable(method_id: str) -> bool:
    """Whether an id is one of Stripe's that stand for a new method each time."""
    return bool(cards.card_of_method(method_id) or banks.account_of_method(method_id))


def check_usable(method: Json, customer: str | None) -> None:
    """Refuse what belongs to somebody else, or was given up."""
    if method["customer"] and method["customer"] != customer:
        instead = (
            f"supplied {method['id']} belongs to a different Customer than {customer}"
            if customer
            else f"supplied {method['id']} belongs to the Customer {method['customer']}"
        )
        raise InvalidRequest(
            f"The `payment_method` parameter {instead}. Please include the Customer "
            "in the `customer` parameter.",
            param="payment_method",
        )
    if method["customer"] is None and _is_used_up(method):
        raise _used_up()


def attach(world: World, method_id: str, customer: str) -> Json:
    """Keep a payment method for a customer; the bank must have no objection."""
    method = known(world, method_id)
    world.get("customer", customer, param="customer")
    if method["customer"] == customer:
        return method
    if method["customer"]:
        raise InvalidRequest(
            "The payment method you provided has already been attached to a customer.",
            param="payment_method",
            code="payment_method_unexpected_state",
        )
    if method["type"] in local_methods.SINGLE:
        raise InvalidRequest(
            f"A PaymentMethod of type {method['type']} can only be used once and cannot "
            "be attached to a customer.",
            param="payment_method",
            code="payment_method_unexpected_state",
        )
    if _is_used_up(method):
        raise _used_up()
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
    for card in world.find("card", id=method["id"]):
        world.delete(card, "customer.source.deleted")
    _forget_default(world, method["id"], owner)
    return method


def owned(world: World, method_id: str, customer: str, *, param: str) -> Json:
    """A payment method that must be attached to this very customer."""
    found = world.find("payment_method", id=method_id)
    if not found and not is_reusable(method_id):
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
    candidates = [invoice["default_payment_method"], invoice["default_source"]]
    if subscription_id:
        subscription = world.get("subscription", subscription_id)
        candidates.append(subscription["default_payment_method"])
        candidates.append(subscription["default_source"])
    customer = world.get("customer", invoice["customer"])
    candidates.append(customer["invoice_settings"]["default_payment_method"])
    candidates.append(customer["default_source"])
    chosen = next((method_id for method_id in candidates if method_id), None)
    return world.get("payment_method", chosen) if chosen else None


def for_subscription(world: World, subscription: Json) -> Json | None:
    """What the next invoice of a subscription, stored or not, would be paid with."""
    like_invoice = {
        "customer": subscription["customer"],
        "default_payment_method": subscription["default_payment_method"],
        "default_source": subscription["default_source"],
        "parent": None,
    }
    return for_invoice(world, like_invoice)


def subscription_of(invoice: Json) -> str | None:
    """The subscription that an invoice belongs to."""
    parent = (invoice["parent"] or {}).get("subscription_details") or {}
    found: str | None = parent.get("subscription")
    return found


def card_network_update(
    world: World, method_id: str, *, exp_month: int, exp_year: int
) -> Json:
    """Play the card network, which tells of a renewed card by itself."""
    method = world.get("payment_method", method_id)
    method["card"] = {**method["card"], "exp_month": exp_month, "exp_year": exp_year}
    before = world.get("payment_method", method_id)["card"]
    world.save(method)
    previous = {
        name: before[name]
        for name in ("exp_month", "exp_year")
        if before[name] != method["card"][name]
    }
    with world.at(world.now):
        world.emit("payment_method.automatically_updated", method, {"card": previous})
    return method


def _is_used_up(method: Json) -> bool:
    private = method["_sandbox"]
    once = private.get("used") and not private["set_up"]
    return bool(private.get("detached") or once)


def _used_up() -> InvalidRequest:
    return InvalidRequest(
        "This PaymentMethod was previously used without being attached to a "
        "Customer or was detached from a Customer, and may not be used again.",
        param="payment_method",
        code="payment_method_unexpected_state",
    )


def _forget_default(world: World, method_id: str, owner: str) -> None:
    customer = world.get("customer", owner)
    settings = customer["invoice_settings"]
    if settings["default_payment_method"] == method_id:
        customer["invoice_settings"] = {**settings, "default_payment_method": None}
    if customer["default_source"] == method_id:
        left = world.find("card", customer=owner)
        customer["default_source"] = left[-1]["id"] if left else None
    world.save(customer, "customer.updated")
    for subscription in world.find("subscription", customer=owner):
        if subscription["default_payment_method"] == method_id:
            subscription["default_payment_method"] = None
            world.save(subscription, "customer.subscription.updated")
