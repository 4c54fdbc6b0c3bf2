from __future__ import annotations

from typing import Any

from wagtail_billing_portal.sandbox.billing import refunds
from wagtail_billing_portal.sandbox.pagination import page
from wagtail_billing_portal.sandbox.routing import expander, operation
from wagtail_billing_portal.sandbox.world import World

Json = dict[str, Any]


@operation(
    "POST",
    "/v1/refunds",
    handles={"amount", "charge", "metadata", "payment_intent", "reason"},
)
def create_refund(world: World, params: Json) -> Json:
    """Give money back, all that is left unless an amount is named."""
    wanted = ("amount", "charge", "payment_intent", "reason")
    sent = {name: params[name] for name in wanted if name in params}
    return refunds.create(world, **sent, metadata=params.get("metadata") or {})


@operation("GET", "/v1/refunds/{refund}")
def retrieve_refund(world: World, params: Json, refund: str) -> Json:
    return world.get(refunds.KIND, refund)


@operation("POST", "/v1/refunds/{refund}", handles={"metadata"})
def update_refund(world: World, params: Json, refund: str) -> Json:
    return refunds.update(world, world.get(refunds.KIND, refund), params)


@operation("GET", "/v1/refunds", handles={"charge", "payment_intent"})
def list_refunds(world: World, params: Json) -> Json:
    same = ("charge", "payment_intent")
    equals = {name: params[name] for name in same if name in params}
    return world.list(refunds.KIND, params, **equals)


@operation("POST", "/v1/refunds/{refund}/cancel")
def cancel_refund(world: World, params: Json, refund: str) -> Json:
    return refunds.cancel(world.get(refunds.KIND, refund))


@operation("POST", "/v1/test_helpers/refunds/{refund}/expire")
def expire_refund(world: World, params: Json, refund: str) -> Json:
    return refunds.cancel(world.get(refunds.KIND, refund))


@expander("charge", "refunds")
def expand_refunds(world: World, charge: Json) -> Json:
    found = refunds.of_charge(world, charge["id"])
    return page(found, {}, url=f"/v1/charges/{charge['id']}/refunds")
