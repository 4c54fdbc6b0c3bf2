from __future__ import annotations

import pytest
import stripe

from tests.sandbox.resources.shop import HOUR, NEEDS_3DS

MUG = {"currency": "eur", "unit_amount": 900, "product_data": {"name": "Mug"}}


def one_payment(shop, **params):
    items = [{"price_data": MUG, "quantity": 1}]
    return shop.session(mode="payment", line_items=items, **params)


def test_notes_can_be_added_and_removed_later(api, shop):
    session = shop.session(metadata={"a": "1", "b": "2"})

    api.checkout.sessions.update(session.id, {"metadata": {"a": "", "c": "3"}})

    kept = api.checkout.sessions.retrieve(session.id).metadata.to_dict()
    assert kept == {"b": "2", "c": "3"}
    assert "checkout.session.updated" not in shop.events()


def test_sessions_are_found_by_what_is_known_of_the_payer(api, shop):
    hers = shop.session(customer_email="ada@example.com")
    shop.session(customer_email="eve@example.com")

    found = api.checkout.sessions.list(
        {"customer_details": {"email": "ada@example.com"}}
    )

    assert [session.id for session in found.data] == [hers.id]


def test_sessions_are_found_by_their_age(api, shop):
    shop.session()
    shop.wait(hours=1)
    younger = shop.session()

    found = api.checkout.sessions.list({"created": {"gt": younger.created - HOUR}})

    assert [session.id for session in found.data] == [younger.id]


@pytest.mark.parametrize("usage", ["on_session", "off_session"])
@pytest.mark.parametrize("number", ["4242424242424242", NEEDS_3DS])
def test_a_card_paid_with_once_is_kept_when_asked_for(api, shop, usage, number):
    customer = shop.customer(card=None)
    data = {"setup_future_usage": usage}
    session = one_payment(shop, customer=customer, payment_intent_data=data)

    outcome = shop.pay(session, number)
    if number == NEEDS_3DS:
        shop.authenticate(outcome.intent_id)

    paid = api.checkout.sessions.retrieve(session.id, {"expand": ["payment_intent"]})
    assert paid.payment_intent.setup_future_usage == usage
    assert len(api.payment_methods.list({"customer": customer}).data) == 1
    assert shop.events().count("payment_method.attached") == 1


def test_a_card_is_not_kept_unasked(api, shop):
    customer = shop.customer(card=None)

    shop.pay(one_payment(shop, customer=customer))

    assert api.payment_methods.list({"customer": customer}).data == []


@pytest.mark.parametrize(
    ("mode", "data"),
    [
        ("payment", "subscription_data"),
        ("payment", "setup_intent_data"),
        ("subscription", "payment_intent_data"),
        ("setup", "payment_intent_data"),
    ],
)
def test_data_of_another_mode_is_refused(shop, mode, data):
    with pytest.raises(stripe.InvalidRequestError) as refused:
        shop.session(mode=mode, currency="eur", **{data: {"description": "Gold"}})

    assert refused.value.param == data


def test_what_is_sent_for_the_payment_is_on_it(api, shop):
    shipping = {"name": "Jenny", "address": {"line1": "Street 1", "country": "US"}}
    data = {
        "receipt_email": "jenny@example.com",
        "shipping": shipping,
        "statement_descriptor_suffix": "MUGS",
    }
    session = one_payment(shop, payment_intent_data=data)

    shop.pay(session)

    paid = api.checkout.sessions.retrieve(session.id, {"expand": ["payment_intent"]})
    assert paid.payment_intent.shipping.address.line1 == "Street 1"
    assert paid.payment_intent.statement_descriptor_suffix == "MUGS"
    assert paid.payment_intent.receipt_email == "jenny@example.com"
