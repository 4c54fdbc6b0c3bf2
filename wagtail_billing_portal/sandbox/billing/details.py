"""Making payment methods: from test cards, typed numbers, accounts and wallets."""

from __future__ import annotations

import datetime as dt
from typing import Any

from wagtail_billing_portal.sandbox.billing import banks, cards, local_methods
from wagtail_billing_portal.sandbox.billing.fields import (
    Json,
    address,
    assign,
    merge_metadata,
    need,
    supported,
    supported_value,
)
from wagtail_billing_portal.sandbox.contract import skeleton
from wagtail_billing_portal.sandbox.errors import InvalidRequest, ResourceMissing
from wagtail_billing_portal.sandbox.world import World

NUMBER_FIELDS = {
    "sepa_debit": "iban",
    "us_bank_account": "account_number",
    "bacs_debit": "account_number",
    "au_becs_debit": "account_number",
}


def create(
    world: World,
    card: cards.TestCard,
    *,
    exp_month: int | None = None,
    exp_year: int | None = None,
    cvc: str | None = None,
    billing_details: Json | None = None,
    customer: str | None = None,
    method_id: str | None = None,
    wallet: str | None = None,
) -> Json:
    """A payment method for a card, not announced before it is attached."""
    block = card_block(
        card,
        exp_month=exp_month or 12,
        exp_year=exp_year or _year(world.now) + 5,
        cvc_check=card.cvc_check if cvc is not None else "unchecked",
        wallet=wallet,
    )
    method = {
        **_blank(world, "card", billing_details),
        "card": block,
        "customer": customer,
        "_sandbox": {"card": card.number, "set_up": False},
    }
    method["id"] = method_id or method["id"]
    return world.add(method)


def create_account(
    world: World,
    account: banks.TestAccount,
    *,
    sent: Json | None = None,
    billing_details: Json | None = None,
) -> Json:
    """A payment method for a bank account or a wallet."""
    method = _blank(world, account.type, billing_details)
    email = method["billing_details"]["email"]
    block = banks.details(account, {"email": email, **(sent or {})})
    private = {"account": account.number, "set_up": False}
    return world.add({**method, account.type: block, "_sandbox": private})


def from_details(
    world: World, sent: Json, *, billing_details: Json | None = None
) -> Json:
    """A payment method from a typed-in number, date and security code."""
    cards.check_details(
        exp_month=sent["exp_month"],
        exp_year=sent["exp_year"],
        cvc=sent.get("cvc"),
        now=world.now,
    )
    return create(
        world,
        cards.card_of_number(sent["number"]),
        exp_month=sent["exp_month"],
        exp_year=sent["exp_year"],
        cvc=sent.get("cvc"),
        billing_details=billing_details,
    )


def from_params(world: World, sent: Json, *, param: str = "") -> Json:
    """A payment method by Stripe's parameters, also nested as ``payment_method_data``.

    ``param`` is where they were nested, for what a refusal says.
    """
    known = ("card", *banks.TYPES, *local_methods.KINDS)
    supported_value(sent["type"], *known, param=_at(param, "type"))
    kinds = {"billing_details", "metadata", "allow_redisplay", "type", "radar_options"}
    supported(sent, {*kinds, sent["type"]}, param=param or "payment_method")
    if sent["type"] == "card":
        need(sent, "card")
        method = _card_from(world, sent["card"], sent.get("billing_details"))
    elif sent["type"] in local_methods.KINDS:
        method = _local_from(world, sent, param=param)
    else:
        method = _account_from(world, sent, param=param)
    assign(method, sent, ("allow_redisplay",))
    merge_metadata(method, sent)
    if options := sent.get("radar_options"):
        method["radar_options"] = {"session": options.get("session")}
    return world.save(method)


def write_billing_details(method: Json, sent: Json) -> None:
    """Change whom a payment method belongs to; what is not sent stays."""
    known = dict(method["billing_details"])
    assign(known, sent, ("email", "name", "phone", "tax_id"))
    if "address" in sent:
        blank = {"city": None}
        known["address"] = address(sent["address"] or blank, known["address"])
    method["billing_details"] = known


def card_block(
    card: cards.TestCard,
    *,
    exp_month: int,
    exp_year: int,
    cvc_check: str,
    wallet: str | None = None,
) -> dict[str, Any]:
    """What Stripe shows of a card."""
    return {
        "brand": card.brand,
        "checks": {
            "address_line1_check": None,
            "address_postal_code_check": None,
            "cvc_check": cvc_check,
        },
        "country": card.country,
        "display_brand": card.display_brand,
        "exp_month": exp_month,
        "exp_year": exp_year,
        "fingerprint": card.fingerprint,
        "funding": card.funding,
        "generated_from": None,
        "last4": card.last4,
        "networks": {"available": card.brands, "preferred": None},
        "regulated_status": "unregulated",
        "three_d_secure_usage": {"supported": True},
        "wallet": _wallet(wallet, card) if wallet else None,
    }


def prefer_network(method: Json, networks: Json) -> None:
    """Let the holder of a co-badged card choose who carries the payment."""
    wish = networks.get("preferred") or None
    available = method["card"]["networks"]["available"]
    if wish and (wish not in available or len(available) < 2):
        raise InvalidRequest(
            f"The card does not support the network {wish}.",
            param="card[networks][preferred]",
        )
    method["card"] = {
        **method["card"],
        "networks": {"available": available, "preferred": wish},
    }


def _card_from(world: World, sent: Json, billing_details: Json | None) -> Json:
    if "token" in sent:
        method = _from_token(world, sent["token"], billing_details)
    else:
        known = {"number", "exp_month", "exp_year", "cvc", "networks"}
        supported(sent, known, param="card")
        need(sent, "number", "exp_month", "exp_year")
        method = from_details(world, sent, billing_details=billing_details)
    if networks := sent.get("networks"):
        prefer_network(method, networks)
    return method


def _from_token(world: World, token: str, billing_details: Json | None) -> Json:
    if card := cards.card_of_token(token):
        return create(world, card, billing_details=billing_details)
    wallet = {"tok_applepay": "apple_pay", "tok_googlepay": "google_pay"}.get(token)
    if wallet:
        card = cards.card_of_number("4242424242424242")
        return create(world, card, billing_details=billing_details, wallet=wallet)
    raise ResourceMissing("token", token, param="card[token]")


def _account_from(world: World, sent: Json, *, param: str) -> Json:
    kind = sent["type"]
    about = sent.get(kind) or {}
    number = ""
    if field := NUMBER_FIELDS.get(kind):
        if "financial_connections_account" in about:
            raise InvalidRequest(
                "The sandbox does not support Financial Connections yet.",
                param=_at(param, f"{kind}[financial_connections_account]"),
            )
        need(about, field)
        number = banks.read_iban(about[field]) if field == "iban" else about[field]
    return create_account(
        world,
        banks.account(kind, number),
        sent=about,
        billing_details=sent.get("billing_details"),
    )


def _local_from(world: World, sent: Json, *, param: str) -> Json:
    kind = sent["type"]
    path = _at(param, kind)
    block = local_methods.details(kind, sent.get(kind) or {}, param=path)
    method = _blank(world, kind, sent.get("billing_details"))
    private = {"account": "", "set_up": False}
    return world.add({**method, kind: block, "_sandbox": private})


def _blank(world: World, kind: str, billing_details: Json | None) -> Json:
    blank = dict.fromkeys(("email", "name", "phone", "tax_id"))
    method = {
        **skeleton("payment_method"),
        "id": world.new_id("pm_"),
        "allow_redisplay": "unspecified",
        "billing_details": {**blank, "address": address({"city": None})},
        "created": world.now,
        "metadata": {},
        "type": kind,
    }
    write_billing_details(method, billing_details or {})
    return method


def _wallet(kind: str, card: cards.TestCard) -> Json:
    return {
        "amex_express_checkout": None,
        "apple_pay": {} if kind == "apple_pay" else None,
        "dynamic_last4": card.last4,
        "google_pay": {} if kind == "google_pay" else None,
        "link": None,
        "masterpass": None,
        "samsung_pay": None,
        "type": kind,
        "visa_checkout": None,
    }


def _at(param: str, name: str) -> str:
    head, _, rest = name.partition("[")
    return f"{param}[{head}]" + (f"[{rest}" if rest else "") if param else name


def _year(moment: int) -> int:
    return dt.datetime.fromtimestamp(moment, tz=dt.UTC).year
