"""Cards as older integrations keep them: tokens, and sources of a customer.

Such a card is a payment method as well, under the same ``card_...`` id.
"""

from __future__ import annotations

from wagtail_billing_portal.sandbox.billing import cards, details, methods
from wagtail_billing_portal.sandbox.billing.fields import (
    Json,
    assign,
    merge_metadata,
    supported,
)
from wagtail_billing_portal.sandbox.contract import skeleton
from wagtail_billing_portal.sandbox.errors import InvalidRequest, ResourceMissing
from wagtail_billing_portal.sandbox.world import World, tombstone

CARD = "card"
STAND_IN = "token"
BRANDS = {
    "amex": "American Express",
    "diners": "Diners Club",
    "discover": "Discover",
    "jcb": "JCB",
    "mastercard": "MasterCard",
    "unionpay": "UnionPay",
    "visa": "Visa",
}
ADDRESS = {
    "address_city": "city",
    "address_country": "country",
    "address_line1": "line1",
    "address_line2": "line2",
    "address_state": "state",
    "address_zip": "postal_code",
}
TYPED = {*ADDRESS, "cvc", "exp_month", "exp_year", "name", "number"}


def create_token(world: World, sent: Json) -> Json:
    """Something that stands for a typed-in card, once."""
    supported(sent, TYPED, param="card")
    typed = {
        "number": sent["number"],
        "exp_month": _number(sent, "exp_month"),
        "exp_year": _number(sent, "exp_year"),
    }
    if "cvc" in sent:
        typed["cvc"] = sent["cvc"]
    about = {"name": sent.get("name"), "address": _address(sent)}
    method = _make(world, typed, about)
    token = {
        **skeleton(STAND_IN),
        "id": world.new_id("tok_"),
        "card": _card(method),
        "created": world.now,
        "type": "card",
        "_sandbox": {"method": method["id"]},
    }
    return world.add(token)


def redeem(world: World, token_id: str, *, param: str = "source") -> Json:
    """The payment method that a token, of ours or one of Stripe's, stands for."""
    if known := cards.card_of_token(token_id):
        return details.create(world, known, cvc="123", method_id=world.new_id("card_"))
    if not world.find(STAND_IN, id=token_id):
        raise ResourceMissing(STAND_IN, token_id, param=param)
    token = world.get(STAND_IN, token_id, param=param)
    if token["used"]:
        raise InvalidRequest(
            f"You cannot use a Stripe token more than once: {token_id}.",
            code="token_already_used",
            param=param,
        )
    token["used"] = True
    world.save(token)
    return world.get("payment_method", token["_sandbox"]["method"])


def keep(world: World, customer_id: str, token: str, metadata: Json) -> Json:
    """Add a card to a customer; the first one becomes what is charged by default."""
    customer = world.get("customer", customer_id)
    method = redeem(world, token)
    methods.attach(world, method["id"], customer_id)
    card = _card(world.get("payment_method", method["id"]))
    merge_metadata(card, {"metadata": metadata})
    world.add(card, "customer.source.created")
    if customer["default_source"] is None:
        customer["default_source"] = card["id"]
        world.save(customer, "customer.updated")
    return card


def replace(world: World, customer_id: str, token: str) -> None:
    """Charge another card by default, and forget the one charged so far."""
    before = world.get("customer", customer_id)["default_source"]
    card = keep(world, customer_id, token, {})
    choose(world, customer_id, card["id"])
    if before:
        remove(world, of(world, customer_id, before))


def choose(world: World, customer_id: str, card_id: str) -> None:
    """Charge one of a customer's cards by default."""
    card = of(world, customer_id, card_id)
    customer = world.get("customer", customer_id)
    customer["default_source"] = card["id"]
    world.save(customer, "customer.updated")


def of(world: World, customer_id: str, card_id: str) -> Json:
    """A card that must be this customer's."""
    found = world.find(CARD, id=card_id, customer=customer_id)
    if not found:
        raise ResourceMissing("source", card_id)
    return found[0]


def update(world: World, card: Json, params: Json) -> Json:
    """Correct what can be corrected on a card."""
    method = world.get("payment_method", card["id"])
    sent = dict(params)
    for name in ("exp_month", "exp_year"):
        if name in sent:
            sent[name] = _number(sent, name)
            method["card"] = {**method["card"], name: sent[name]}
    assign(card, sent, (*ADDRESS, "exp_month", "exp_year", "name"))
    merge_metadata(card, params)
    details.write_billing_details(
        method, {"name": card["name"], "address": _address(card)}
    )
    world.save(method)
    return world.save(card, "customer.source.updated")


def remove(world: World, card: Json) -> Json:
    """Forget a card; the next one takes its place as the default."""
    methods.detach(world, world.get("payment_method", card["id"]))
    return tombstone(card)


def shown(method: Json) -> Json:
    """A payment method in the form in which older integrations know cards."""
    return _card(method)


def _make(world: World, typed: Json, about: Json) -> Json:
    cards.check_details(
        exp_month=typed["exp_month"],
        exp_year=typed["exp_year"],
        cvc=typed.get("cvc"),
        now=world.now,
    )
    return details.create(
        world,
        cards.card_of_number(typed["number"]),
        exp_month=typed["exp_month"],
        exp_year=typed["exp_year"],
        cvc=typed.get("cvc"),
        billing_details=about,
        method_id=world.new_id("card_"),
    )


def _card(method: Json) -> Json:
    block, about = method["card"], method["billing_details"]
    same = ("country", "exp_month", "exp_year", "fingerprint", "funding", "last4")
    check = block["checks"]["cvc_check"]
    return {
        **skeleton(CARD),
        **{name: block[name] for name in same},
        **{name: about["address"][part] for name, part in ADDRESS.items()},
        "id": method["id"],
        "brand": BRANDS.get(block["brand"], block["brand"]),
        "customer": method["customer"],
        "cvc_check": None if check == "unchecked" else check,
        "metadata": {},
        "name": about["name"],
    }


def _address(sent: Json) -> Json:
    return {part: sent.get(name) for name, part in ADDRESS.items()}


def _number(sent: Json, name: str) -> int:
    value = str(sent[name])
    if not value.isdecimal():
        raise InvalidRequest(
            f"Invalid integer: {value}", code="parameter_invalid_integer", param=name
        )
    return int(value)
