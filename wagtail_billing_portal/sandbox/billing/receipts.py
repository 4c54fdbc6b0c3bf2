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


def invoice_of(world: World, charge: Json) -> Json | None:
    """The invoice that a charge paid, if it paid one."""
    if not charge["payment_intent"]:
        return None
    intent = world.get("payment_intent", charge["payment_intent"])
    invoice_id = intent["_sandbox"].get("invoice")
    return world.get("invoice", invoice_id) if invoice_id else None


def url_of(world: World, paid: Json) -> str:
    """Where the receipt of an invoice payment is, if money came by it."""
    charge_id = paid["payment"].get("charge")
    if intent_id := paid["payment"].get("payment_intent"):
        charge_id = world.get("payment_intent", intent_id)["latest_charge"]
    return str(world.get("charge", charge_id)["receipt_url"]) if charge_id else ""


def number() -> str:
    """What an e-mailed receipt is called."""
    return f"{secrets.randbelow(9000) + 1000}-{secrets.randbelow(9000) + 1000}"
