from __future__ import annotations

from typing import Any

from wagtail_billing_portal.sandbox.contract import skeleton
from wagtail_billing_portal.sandbox.routing import operation
from wagtail_billing_portal.sandbox.world import World

Json = dict[str, Any]


@operation("GET", "/v1/account")
def retrieve_account(world: World, params: Json) -> Json:
    """Whose key this is."""
    return {
        **skeleton("account"),
        "id": world.account,
        "capabilities": {"card_payments": "active", "transfers": "active"},
        "charges_enabled": True,
        "controller": {"type": "account"},
        "country": "US",
        "created": 0,
        "default_currency": "usd",
        "details_submitted": True,
        "payouts_enabled": True,
        "type": "standard",
    }
