"""Customers as they come into being, by a request or on a hosted page."""

from __future__ import annotations

import secrets
import string

from wagtail_billing_portal.sandbox.billing.fields import Json
from wagtail_billing_portal.sandbox.contract import skeleton
from wagtail_billing_portal.sandbox.world import World

_PREFIX = string.ascii_uppercase + string.digits


def blank(world: World) -> Json:
    """A customer nobody knows anything about yet; not stored."""
    return {
        **skeleton("customer"),
        "id": world.new_id("cus_"),
        "balance": 0,
        "created": world.now,
        "delinquent": False,
        "invoice_prefix": "".join(secrets.choice(_PREFIX) for _ in range(8)),
        "invoice_settings": {
            "custom_fields": None,
            "default_payment_method": None,
            "footer": None,
            "rendering_options": None,
        },
        "metadata": {},
        "next_invoice_sequence": 1,
        "preferred_locales": [],
        "tax_exempt": "none",
    }
