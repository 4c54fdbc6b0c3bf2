"""Changing a checkout session while its payer is on the page."""

from __future__ import annotations

import pytest
import stripe

MUG = {"currency": "eur", "unit_amount": 900, "product_data": {"name": "Mug"}}


def a_purchase(shop):
    items = [{"price_data": MUG, "quantity": 1}]
    return shop.session(mode="payment", line_items=items)


def lines_of(api, session):
    return api.checkout.sessions.line_items.list(session.id).data


def test_what_is_sold_can_be_changed(api, shop):
    session = a_purchase(shop)
    (mug,) = lines_of(api, session)
    spoon = {"price": shop.price(300, "Spoon", recurring=None), "quantity": 1}

    wish = {"line_items": [{"id": mug.id, "quantity": 2}, spoon]}
    changed = api.checkout.sessions.update(session.id, wish)
    shop.pay(session)

    assert changed.amount_total == 2100
    assert [it.quantity for it in lines_of(api, session)] == [2, 1]
    done = api.checkout.sessions.retrieve(session.id, {"expand": ["payment_intent"]})
    assert done.payment_intent.amount == 2100


def test_what_is_not_named_again_is_sold_no_more(api, shop):
    session = a_purchase(shop)
    spoon = {"price": shop.price(300, "Spoon", recurring=None), "quantity": 1}

    api.checkout.sessions.update(session.id, {"line_items": [spoon]})

    assert [it.description for it in lines_of(api, session)] == ["Spoon"]


def test_what_is_said_of_the_payment_can_be_changed(api, shop):
    session = a_purchase(shop)
    data = {"description": "For the kitchen", "metadata": {"order": "7"}}

    api.checkout.sessions.update(session.id, {"payment_intent_data": data})
    shop.pay(session)

    done = api.checkout.sessions.retrieve(session.id, {"expand": ["payment_intent"]})
    assert done.payment_intent.description == "For the kitchen"
    assert done.payment_intent.metadata.to_dict() == {"order": "7"}


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ({"id": "li_unknown", "quantity": 1}, "No such line"),
        ({"price": "price_unknown", "quantity": 1}, "No such price"),
    ],
)
def test_what_is_unknown_is_refused(api, shop, line, message):
    session = a_purchase(shop)

    with pytest.raises(stripe.InvalidRequestError, match=message):
        api.checkout.sessions.update(session.id, {"line_items": [line]})


def test_what_is_paid_is_changed_no_more(api, shop):
    session = a_purchase(shop)
    shop.pay(session)

    wish = {"payment_intent_data": {"description": "Late"}}
    with pytest.raises(stripe.InvalidRequestError, match="no longer open"):
        api.checkout.sessions.update(session.id, wish)
