"""What a charge says of the payment method it was paid with."""

from __future__ import annotations

from wagtail_billing_portal.sandbox.billing.fields import Json

SAME_ON_A_CARD = (
    "brand",
    "checks",
    "country",
    "exp_month",
    "exp_year",
    "fingerprint",
    "funding",
    "last4",
    "wallet",
)
OF_ACCOUNTS = {
    "sepa_debit": ("bank_code", "branch_code", "country", "fingerprint", "last4"),
    "us_bank_account": (
        "account_holder_type",
        "account_type",
        "bank_name",
        "fingerprint",
        "last4",
        "routing_number",
    ),
    "bacs_debit": ("fingerprint", "last4", "sort_code"),
    "au_becs_debit": ("bsb_number", "fingerprint", "last4"),
}


def paid_with(method: Json, amount: int, *, authenticated: bool) -> Json:
    """The block of a charge that describes its payment method."""
    kind = method["type"]
    return {"type": kind, kind: _block(method, amount, authenticated=authenticated)}


def _block(method: Json, amount: int, *, authenticated: bool) -> Json:
    kind, known = method["type"], method[method["type"]]
    if kind == "card":
        return _card(known, amount, authenticated=authenticated)
    if fields := OF_ACCOUNTS.get(kind):
        mandate = method["_sandbox"].get("mandate")
        block = {name: known[name] for name in fields}
        block.update(mandate=mandate, expected_debit_date=None)
        if kind == "us_bank_account":
            block["payment_reference"] = None
        return block
    if kind == "link":
        return {"country": None, "funding_source_group": None}
    if kind == "paypal":
        return {
            "country": None,
            "payer_email": known["payer_email"],
            "payer_id": known["payer_id"],
            "payer_name": method["billing_details"]["name"],
            "seller_protection": {"dispute_categories": None, "status": "not_eligible"},
            "transaction_id": None,
        }
    return {"funding": {"card": None, "type": None}, "transaction_id": None}


def _card(block: Json, amount: int, *, authenticated: bool) -> Json:
    unavailable = {"status": "unavailable"}
    return {
        **{name: block[name] for name in SAME_ON_A_CARD},
        "amount_authorized": amount,
        "authorization_code": None,
        "extended_authorization": {"status": "disabled"},
        "incremental_authorization": unavailable,
        "installments": None,
        "mandate": None,
        "multicapture": unavailable,
        "network": block["networks"]["preferred"] or block["brand"],
        "network_token": {"used": False},
        "network_transaction_id": None,
        "overcapture": {"maximum_amount_capturable": amount, **unavailable},
        "regulated_status": "unregulated",
        "three_d_secure": three_d_secure() if authenticated else None,
        "transaction_link_id": None,
    }


def three_d_secure() -> Json:
    """How the bank asked its customer."""
    return {
        "authentication_flow": "challenge",
        "electronic_commerce_indicator": "05",
        "exemption_indicator": None,
        "result": "authenticated",
        "result_reason": None,
        "transaction_id": None,
        "version": "2.2.0",
    }
