"""Payers' consent to be debited."""

from __future__ import annotations

from wagtail_billing_portal.sandbox.billing.fields import Json
from wagtail_billing_portal.sandbox.contract import skeleton
from wagtail_billing_portal.sandbox.world import World, random_text

KIND = "mandate"


def grant(world: World, method: Json, data: Json) -> Json:
    """Write down that a payer may be debited from now on."""
    reference = random_text(16).upper()
    mandate = {
        **skeleton(KIND),
        "id": world.new_id("mandate_"),
        "customer_acceptance": _acceptance(world, data),
        "multi_use": {},
        "payment_method": method["id"],
        "payment_method_details": {
            "type": method["type"],
            method["type"]: _details(world, method["type"], reference),
        },
        "status": "active",
        "type": "multi_use",
    }
    world.add(mandate)
    world.private(method)["mandate"] = mandate["id"]
    world.save(method)
    return mandate


def _acceptance(world: World, data: Json) -> Json:
    sent = data.get("customer_acceptance") or {}
    online = sent.get("online") or {}
    kind = sent.get("type", "online")
    acceptance = {"accepted_at": sent.get("accepted_at", world.now), "type": kind}
    if kind == "offline":
        return {**acceptance, "offline": {}}
    seen = {name: online.get(name) for name in ("ip_address", "user_agent")}
    return {**acceptance, "online": seen}


def _details(world: World, kind: str, reference: str) -> Json:
    url = world.url(f"/mandates/{reference}/")
    match kind:
        case "sepa_debit":
            return {"reference": reference, "url": url}
        case "bacs_debit":
            return {
                "display_name": None,
                "network_status": "accepted",
                "reference": reference,
                "revocation_reason": None,
                "service_user_number": None,
                "url": url,
            }
        case "au_becs_debit":
            return {"url": url}
    return {}
