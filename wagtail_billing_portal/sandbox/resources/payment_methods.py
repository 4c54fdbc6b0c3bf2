from __future__ import annotations

from typing import Any

from wagtail_billing_portal.sandbox.billing import cards, methods
from wagtail_billing_portal.sandbox.billing.fields import (
    address,
    assign,
    merge_metadata,
    need,
    supported,
    supported_value,
)
from wagtail_billing_portal.sandbox.errors import InvalidRequest, ResourceMissing
from wagtail_billing_portal.sandbox.routing import operation
from wagtail_billing_portal.sandbox.world import World

Json = dict[str, Any]


@operation(
    "POST",
    "/v1/payment_methods",
    handles={"type", "card", "billing_details", "metadata", "allow_redisplay"},
)
def create_payment_method(world: World, params: Json) -> Json:
    """A card, by number or by test token, that belongs to nobody yet."""
    need(params, "type")
    supported_value(params["type"], "card", param="type")
    need(params, "card")
    method = _create_card(world, params["card"], params.get("billing_details"))
    if "allow_redisplay" in params:
        method["allow_redisplay"] = params["allow_redisplay"]
    merge_metadata(method, params)
    return world.save(method)


@operation("GET", "/v1/payment_methods/{payment_method}")
def retrieve_payment_method(world: World, params: Json, payment_method: str) -> Json:
    return world.get("payment_method", payment_method)


@operation(
    "POST",
    "/v1/payment_methods/{payment_method}",
    handles={"allow_redisplay", "billing_details", "card", "metadata"},
)
def update_payment_method(world: World, params: Json, payment_method: str) -> Json:
    """Change the address or expiry of an attached card, not its number."""
    method = world.get("payment_method", payment_method)
    if method["customer"] is None:
        raise InvalidRequest(
            "You must save this PaymentMethod to a customer before you can update it.",
            code="payment_method_unexpected_state",
        )
    if details := params.get("billing_details"):
        _write_details(method, details)
    if card := params.get("card"):
        supported(card, {"exp_month", "exp_year"}, param="card")
        method["card"] = {**method["card"], **card}
    assign(method, params, ("allow_redisplay",))
    merge_metadata(method, params)
    return world.save(method, "payment_method.updated")


@operation("POST", "/v1/payment_methods/{payment_method}/attach", handles={"customer"})
def attach_payment_method(world: World, params: Json, payment_method: str) -> Json:
    need(params, "customer")
    if cards.card_of_method(payment_method) is None:
        world.get("payment_method", payment_method)
    return methods.attach(world, payment_method, params["customer"])


@operation("POST", "/v1/payment_methods/{payment_method}/detach")
def detach_payment_method(world: World, params: Json, payment_method: str) -> Json:
    return methods.detach(world, world.get("payment_method", payment_method))


@operation(
    "GET",
    "/v1/payment_methods",
    handles={"allow_redisplay", "customer", "type"},
)
def list_payment_methods(world: World, params: Json) -> Json:
    need(params, "customer")
    world.get("customer", params["customer"], param="customer")
    return _list(world, params, params["customer"])


@operation(
    "GET",
    "/v1/customers/{customer}/payment_methods",
    handles={"allow_redisplay", "type"},
)
def list_customer_payment_methods(world: World, params: Json, customer: str) -> Json:
    world.get("customer", customer)
    return _list(world, params, customer)


@operation("GET", "/v1/customers/{customer}/payment_methods/{payment_method}")
def retrieve_customer_payment_method(
    world: World, params: Json, customer: str, payment_method: str
) -> Json:
    world.get("customer", customer)
    method = world.get("payment_method", payment_method)
    if method["customer"] != customer:
        raise ResourceMissing("payment_method", payment_method)
    return method


def _list(world: World, params: Json, customer: str) -> Json:
    same = ("allow_redisplay", "type")
    equals = {name: params[name] for name in same if name in params}
    return world.list("payment_method", params, customer=customer, **equals)


def _create_card(world: World, sent: Json, details: Json | None) -> Json:
    if "token" in sent:
        card = cards.card_of_token(sent["token"])
        if card is None:
            raise ResourceMissing("token", sent["token"], param="card[token]")
        return methods.create(world, card, billing_details=details)
    supported(sent, {"number", "exp_month", "exp_year", "cvc"}, param="card")
    need(sent, "number", "exp_month", "exp_year")
    return methods.from_details(world, sent, billing_details=details)


def _write_details(method: Json, sent: Json) -> None:
    details = dict(method["billing_details"])
    assign(details, sent, ("email", "name", "phone", "tax_id"))
    if "address" in sent:
        blank = {"city": None}
        details["address"] = address(sent["address"] or blank, details["address"])
    method["billing_details"] = details
