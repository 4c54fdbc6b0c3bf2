"""What a bank answered: one charge per attempt to take money."""

from __future__ import annotations

from wagtail_billing_portal.sandbox.billing.cards import Decline, TestCard
from wagtail_billing_portal.sandbox.billing.fields import Json
from wagtail_billing_portal.sandbox.contract import skeleton
from wagtail_billing_portal.sandbox.world import World


def succeed(
    world: World, intent: Json, method: Json, card: TestCard, *, authenticated: bool
) -> Json:
    """Money taken."""
    charge = {
        **_charge(world, intent, method, card, authenticated=authenticated),
        "amount_captured": intent["amount"],
        "captured": True,
        "paid": True,
        "status": "succeeded",
    }
    charge["outcome"] = _outcome(
        "approved_by_network", "authorized", "Payment complete."
    )
    return world.add(charge, "charge.succeeded")


def fail(
    world: World,
    intent: Json,
    method: Json,
    card: TestCard,
    decline: Decline,
    *,
    authenticated: bool,
) -> Json:
    """Money refused."""
    charge = {
        **_charge(world, intent, method, card, authenticated=authenticated),
        "amount_captured": 0,
        "captured": False,
        "failure_code": decline.code,
        "failure_message": decline.message,
        "paid": False,
        "status": "failed",
    }
    charge["outcome"] = _outcome(
        "declined_by_network",
        "issuer_declined",
        "The bank did not return any further details with this decline.",
        reason=decline.decline_code or decline.code,
    )
    return world.add(charge, "charge.failed")


def _charge(
    world: World, intent: Json, method: Json, card: TestCard, *, authenticated: bool
) -> Json:
    return {
        **skeleton("charge"),
        "id": world.new_id("ch_"),
        "amount": intent["amount"],
        "amount_refunded": 0,
        "billing_details": method["billing_details"],
        "created": world.now,
        "currency": intent["currency"],
        "customer": intent["customer"],
        "description": intent["description"],
        "disputed": False,
        "fraud_details": {},
        "metadata": {},
        "payment_intent": intent["id"],
        "payment_method": method["id"],
        "payment_method_details": {
            "type": "card",
            "card": _card(method, card, intent["amount"], authenticated=authenticated),
        },
        "refunded": False,
    }


def _card(method: Json, card: TestCard, amount: int, *, authenticated: bool) -> Json:
    block = method["card"]
    same = ("brand", "checks", "country", "exp_month", "exp_year", "fingerprint")
    unavailable = {"status": "unavailable"}
    return {
        **{name: block[name] for name in (*same, "funding", "last4", "wallet")},
        "amount_authorized": amount,
        "authorization_code": None,
        "extended_authorization": {"status": "disabled"},
        "incremental_authorization": unavailable,
        "installments": None,
        "mandate": None,
        "multicapture": unavailable,
        "network": card.brand,
        "network_token": {"used": False},
        "network_transaction_id": None,
        "overcapture": {"maximum_amount_capturable": amount, **unavailable},
        "regulated_status": "unregulated",
        "three_d_secure": _three_d_secure() if authenticated else None,
        "transaction_link_id": None,
    }


def _three_d_secure() -> Json:
    return {
        "authentication_flow": "challenge",
        "electronic_commerce_indicator": "05",
        "exemption_indicator": None,
        "result": "authenticated",
        "result_reason": None,
        "transaction_id": None,
        "version": "2.2.0",
    }


def _outcome(status: str, type_: str, message: str, reason: str | None = None) -> Json:
    return {
        "advice_code": None,
        "network_advice_code": None,
        "network_decline_code": None,
        "network_status": status,
        "reason": reason,
        "risk_level": "normal",
        "risk_score": 20,
        "seller_message": message,
        "type": type_,
    }
