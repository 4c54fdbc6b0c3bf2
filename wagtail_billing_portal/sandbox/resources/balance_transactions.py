from __future__ import annotations

from typing import Any

from wagtail_billing_portal.sandbox.billing import ledger
from wagtail_billing_portal.sandbox.routing import operation
from wagtail_billing_portal.sandbox.world import World

Json = dict[str, Any]


@operation("GET", "/v1/balance")
def retrieve_balance(world: World, params: Json) -> Json:
    return ledger.balance(world)


@operation("GET", "/v1/balance_transactions/{entry}")
def retrieve_balance_transaction(world: World, params: Json, entry: str) -> Json:
    return world.get(ledger.KIND, entry)


@operation("GET", "/v1/balance_transactions", handles={"currency", "source", "type"})
def list_balance_transactions(world: World, params: Json) -> Json:
    same = ("currency", "source", "type")
    equals = {name: params[name] for name in same if name in params}
    return world.list(ledger.KIND, params, **equals)
