from __future__ import annotations

from typing import Any

from wagtail_billing_portal.sandbox.billing import (
    banks,
    details,
    local_methods,
    methods,
)
from wagtail_billing_portal.sandbox.billing.fields import (
    assign,
    merge_metadata,
    need,
    supported,
)
from wagtail_billing_portal.sandbox.billing.instruments import EXPIRED
from wagtail_billing_portal.sandbox.errors import InvalidRequest, ResourceMissing
from wagtail_billing_portal.sandbox.routing import operation
from wagtail_billing_portal.sandbox.world import World

Json = dict[str, Any]

KIND = "payment_method"


@operation(
    "POST",
    "/v1/payment_methods",
    handles={
        *banks.TYPES,
        *local_methods.KINDS,
        "allow_redisplay",
        "billing_details",
        "card",
        "metadata",
        "radar_options",
        "type",
    },
)
def create_payment_method(world: World, params: Json) -> Json:
    """A way to pay, by number or by test token, that belongs to nobody yet."""
    need(params, "type")
    return details.from_params(world, params)


@operation("GET", "/v1/payment_methods/{payment_method}")
def retrieve_payment_method(world: World, params: Json, payment_method: str) -> Json:
    return world.get(KIND, payment_method)


@operation(
    "POST",
    "/v1/payment_methods/{payment_method}",
    handles={
        "allow_redisplay",
        "billing_details",
        "card",
        "metadata",
        "us_bank_account",
    },
)
def update_payment_method(world: World, params: Json, payment_method: str) -> Json:
    """Change the address or expiry of an attached card, not its number."""
    method = world.get(KIND, payment_method)
    if method["customer"] is None:
        raise InvalidRequest(
            "You must save this PaymentMethod to a customer before you can update it.",
            code="payment_method_unexpected_state",
        )
    if sent := params.get("billing_details"):
        details.write_billing_details(method, sent)
    if card := params.get("card"):
        _change_card(world, method, card)
    if account := params.get("us_bank_account"):
        _check_kind(method, "us_bank_account")
        method["us_bank_account"] = {**method["us_bank_account"], **account}
    assign(method, params, ("allow_redisplay",))
    merge_metadata(method, params)
    return world.save(method, "payment_method.updated")


@operation("POST", "/v1/payment_methods/{payment_method}/attach", handles={"customer"})
def attach_payment_method(world: World, params: Json, payment_method: str) -> Json:
    need(params, "customer")
    if not methods.is_reusable(payment_method):
        world.get(KIND, payment_method)
    return methods.attach(world, payment_method, params["customer"])


@operation("POST", "/v1/payment_methods/{payment_method}/detach")
def detach_payment_method(world: World, params: Json, payment_method: str) -> Json:
    return methods.detach(world, world.get(KIND, payment_method))


@operation(
    "GET",
    "/v1/payment_methods",
    handles={"allow_redisplay", "customer", "type"},
)
def list_payment_methods(world: World, params: Json) -> Json:
    if "customer" not in params:
        return _list(world, params)
    world.get("customer", params["customer"], param="customer")
    return _list(world, params, customer=params["customer"])


@operation(
    "GET",
    "/v1/customers/{customer}/payment_methods",
    handles={"allow_redisplay", "type"},
)
def list_customer_payment_methods(world: World, params: Json, customer: str) -> Json:
    world.get("customer", customer)
    return _list(world, params, customer=customer)


@operation("GET", "/v1/customers/{customer}/payment_methods/{payment_method}")
def retrieve_customer_payment_method(
    world: World, params: Json, customer: str, payment_method: str
) -> Json:
    world.get("customer", customer)
    method = world.get(KIND, payment_method)
    if method["customer"] != customer:
        raise ResourceMissing(KIND, payment_method)
    return method


def _list(world: World, params: Json, **owner: str) -> Json:
    same = ("allow_redisplay", "type")
    equals = {name: params[name] for name in same if name in params}
    return world.list(KIND, params, **owner, **equals)


def _change_card(world: World, method: Json, sent: Json) -> None:
    _check_kind(method, "card")
    supported(sent, {"exp_month", "exp_year", "networks"}, param="card")
    if networks := sent.get("networks"):
        details.prefer_network(method, networks)
    dates = {name: sent[name] for name in ("exp_month", "exp_year") if name in sent}
    if not 1 <= dates.get("exp_month", 1) <= 12:
        raise InvalidRequest(
            "Your card's expiration month is invalid.",
            code="invalid_expiry_month",
            param="card[exp_month]",
        )
    method["card"] = {**method["card"], **dates}
    if dates and methods.has_expired(method, world.now):
        raise EXPIRED.error(keep=False)


def _check_kind(method: Json, kind: str) -> None:
    if method["type"] != kind:
        raise InvalidRequest(
            f"You cannot update `{kind}` of a PaymentMethod of type {method['type']}.",
            param=kind,
        )
