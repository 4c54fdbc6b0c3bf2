from __future__ import annotations

from typing import Any

from wagtail_billing_portal.sandbox.billing import balances
from wagtail_billing_portal.sandbox.billing.fields import assign, merge_metadata
from wagtail_billing_portal.sandbox.errors import InvalidRequest, ResourceMissing
from wagtail_billing_portal.sandbox.routing import operation
from wagtail_billing_portal.sandbox.world import World

Json = dict[str, Any]

_PATH = "/v1/customers/{customer}/balance_transactions"


@operation("POST", _PATH, handles={"amount", "currency", "description", "metadata"})
def create_balance_transaction(world: World, params: Json, customer: str) -> Json:
    """A credit given, or a debt noted, by hand."""
    owner = world.get("customer", customer)
    currency = params["currency"].lower()
    if owner["currency"] not in (None, currency):
        raise InvalidRequest(
            f"The customer's currency is {owner['currency']}: its balance cannot be "
            f"changed in {currency}.",
            param="currency",
        )
    if not params["amount"]:
        raise InvalidRequest("The amount must not be 0.", param="amount")
    made = balances.change(
        world, customer, params["amount"], type="adjustment", currency=currency
    )
    transaction = made or {}
    assign(transaction, params, ("description",))
    merge_metadata(transaction, params)
    return world.save(transaction)


@operation("GET", _PATH + "/{transaction}")
def retrieve_balance_transaction(
    world: World, params: Json, customer: str, transaction: str
) -> Json:
    return _owned(world, customer, transaction)


@operation("POST", _PATH + "/{transaction}", handles={"description", "metadata"})
def update_balance_transaction(
    world: World, params: Json, customer: str, transaction: str
) -> Json:
    """Change its labels; what moved has moved."""
    stored = _owned(world, customer, transaction)
    assign(stored, params, ("description",))
    merge_metadata(stored, params)
    return world.save(stored)


@operation("GET", _PATH, handles={"invoice"})
def list_balance_transactions(world: World, params: Json, customer: str) -> Json:
    world.get("customer", customer, include_deleted=True)
    equals = {"invoice": params["invoice"]} if "invoice" in params else {}
    return world.list(balances.KIND, params, customer=customer, **equals)


def _owned(world: World, customer: str, transaction: str) -> Json:
    stored: Json = world.get(balances.KIND, transaction)
    if stored["customer"] != customer:
        raise ResourceMissing(balances.KIND, transaction)
    return stored
