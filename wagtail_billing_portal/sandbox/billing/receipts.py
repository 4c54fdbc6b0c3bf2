"""The address of a charge's receipt, and its number once it was mailed."""

from __future__ import annotations

import secrets

from wagtail_billing_portal.sandbox.billing.fields import Json
from wagtail_billing_portal.sandbox.world import World, random_text

PAGE = "_receipt_page"


def prepare(world: World, charge: Json) -> None:
    """Give a paid charge the address of its receipt."""
    token = random_text(48)
    world.add({"id": token, "object": PAGE, "charge": charge["id"]})
    world.private(charge)["receipt_token"] = token
    charge["receipt_url"] = world.url(f"/receipts/{token}/")
    if charge["receipt_email"]:
        charge["receipt_number"] = number()


def number() -> str:
    """What an e-mailed receipt is called."""
    return f"{secrets.randbelow(9000) + 1000}-{secrets.randbelow(9000) + 1000}"
