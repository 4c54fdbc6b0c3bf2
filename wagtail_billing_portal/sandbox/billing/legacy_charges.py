"""Charges made directly, as integrations did before payment intents."""

from __future__ import annotations

from wagtail_billing_portal.sandbox.billing import (
    charges,
    confirming,
    methods,
    sources,
)
from wagtail_billing_portal.sandbox.billing.fields import Json, merge_metadata, need
from wagtail_billing_portal.sandbox.billing.instruments import (
    AUTHENTICATION_REQUIRED,
    EXPIRED,
)
from wagtail_billing_portal.sandbox.errors import InvalidRequest
from wagtail_billing_portal.sandbox.world import World


def create(world: World, params: Json) -> Json:
    """Charge a token, or a card that a customer keeps; a refusal is an error."""
    need(params, "amount", "currency")
    currency = params["currency"].lower()
    confirming.check_amount(params["amount"], currency)
    order = {**params, "currency": currency, "metadata": {}}
    merge_metadata(order, {"metadata": params.get("metadata") or {}})
    method = _method(world, params)
    order["source"] = sources.shown(method)
    card = methods.card_of(method)
    asks = card.needs_authentication(
        off_session=True, set_up=method["_sandbox"]["set_up"]
    )
    decline = AUTHENTICATION_REQUIRED if asks else card.decline
    decline = EXPIRED if methods.has_expired(method, world.now) else decline
    if decline:
        failed = charges.fail(world, order, method, decline, authenticated=False)
        raise decline.error(charge=failed["id"])
    capture = params.get("capture", True)
    charge = charges.succeed(
        world, order, method, card, authenticated=False, capture=capture
    )
    if not capture:
        world.private(charge)["due_at"] = world.now + charges.HELD_FOR
        world.save(charge)
    return charge


def _method(world: World, params: Json) -> Json:
    source, customer_id = params.get("source"), params.get("customer")
    if customer_id is None:
        if source is None:
            raise InvalidRequest("Must provide source or customer.")
        return sources.redeem(world, source)
    customer = world.get("customer", customer_id, param="customer")
    source = source or customer["default_source"]
    if source is None:
        raise InvalidRequest(
            "Cannot charge a customer that has no active card",
            code="missing",
            param="card",
        )
    if not world.find(sources.CARD, id=source, customer=customer_id):
        raise InvalidRequest(
            f"Customer {customer_id} does not have a linked source with ID {source}.",
            code="missing",
            param="source",
        )
    return world.get("payment_method", source)
