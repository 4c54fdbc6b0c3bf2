from __future__ import annotations

import pytest
import stripe

CARD = {"number": "4242424242424242", "exp_month": "12", "exp_year": "2034"}


def token(api, **fields) -> str:
    return api.tokens.create({"card": {**CARD, "cvc": "123", **fields}}).id


def test_a_token_is_charged_once(api):
    made = token(api, name="Ada")
    order = {"amount": 500, "currency": "usd", "source": made}

    charge = api.charges.create(order)

    assert (charge.status, charge.captured) == ("succeeded", True)
    assert (charge.source.brand, charge.source.name) == ("Visa", "Ada")
    with pytest.raises(stripe.InvalidRequestError) as refused:
        api.charges.create(order)
    assert refused.value.code == "token_already_used"


def test_a_customer_keeps_cards_and_is_charged_by_default(api, shop):
    customer = shop.customer(card=None)
    card = api.customers.payment_sources.create(customer, {"source": "tok_visa"})
    other = api.customers.payment_sources.create(customer, {"source": token(api)})

    charge = api.charges.create(
        {"amount": 500, "currency": "usd", "customer": customer}
    )
    api.customers.payment_sources.update(customer, card.id, {"exp_year": "2040"})
    gone = api.customers.payment_sources.delete(customer, card.id)

    assert charge.payment_method == card.id
    assert gone.deleted
    left = api.customers.retrieve(customer, {"expand": ["sources"]})
    assert left.default_source == other.id
    assert [source.id for source in left.sources.data] == [other.id]
    assert shop.events("card") == [
        "customer.source.created",
        "customer.source.created",
        "customer.source.updated",
        "customer.source.deleted",
    ]


def test_a_default_source_pays_an_invoice(api, shop):
    customer = shop.customer(card=None)
    api.customers.payment_sources.create(customer, {"source": "tok_visa"})
    shop.subscribe(customer=customer, payment_behavior="default_incomplete")

    assert api.invoices.pay(shop.invoices()[0].id).status == "paid"


def test_a_charge_can_be_set_aside_first(api, shop):
    order = {"amount": 500, "currency": "usd", "source": "tok_visa", "capture": False}
    held, other, late = (api.charges.create(order) for _ in range(3))

    taken = api.charges.capture(held.id, {"amount": 300})
    api.refunds.create({"charge": other.id})
    shop.wait(days=8)

    assert (taken.amount_captured, taken.amount_refunded) == (300, 200)
    assert api.charges.retrieve(other.id).refunded
    assert shop.last_event("charge.expired").data.object.id == late.id
    with pytest.raises(stripe.InvalidRequestError) as refused:
        api.charges.capture(late.id)
    assert refused.value.code == "charge_expired_for_capture"


@pytest.mark.parametrize(
    ("order", "code"),
    [
        ({}, "parameter_missing"),
        ({"amount": 500, "currency": "usd"}, None),
        ({"amount": 1, "currency": "usd", "source": "tok_visa"}, "amount_too_small"),
        ({"amount": 500, "currency": "usd", "source": "tok_x"}, "resource_missing"),
    ],
)
def test_an_order_that_cannot_be_is_refused(api, order, code):
    with pytest.raises(stripe.InvalidRequestError) as refused:
        api.charges.create(order)

    assert refused.value.code == code


def test_a_declined_charge_is_remembered(api):
    with pytest.raises(stripe.CardError) as declined:
        api.charges.create(
            {"amount": 500, "currency": "usd", "source": "tok_chargeCustomerFail"}
        )

    failed = api.charges.retrieve(declined.value.error.charge)
    assert (failed.status, failed.failure_code) == ("failed", "card_declined")


def test_what_is_noted_on_a_charge_changes(api, shop):
    charge = api.charges.create(
        {"amount": 500, "currency": "usd", "source": "tok_visa"}
    )

    changed = api.charges.update(
        charge.id,
        {"description": "Mug", "fraud_details": {"user_report": "safe"}},
    )

    assert (changed.description, changed.fraud_details.user_report) == ("Mug", "safe")
    previous = shop.last_event("charge.updated").data.previous_attributes
    assert previous["description"] is None


def test_a_customer_can_come_with_a_source_and_get_another(api):
    customer = api.customers.create({"source": "tok_visa"})
    first = customer.default_source

    updated = api.customers.update(customer.id, {"source": "tok_mastercard"})

    cards = api.customers.payment_sources.list(customer.id).data
    assert [card.brand for card in cards] == ["MasterCard"]
    assert first != updated.default_source == cards[0].id


def test_another_source_can_become_the_default(api):
    customer = api.customers.create({"source": "tok_visa"}).id
    other = api.customers.payment_sources.create(customer, {"source": "tok_amex"})

    updated = api.customers.update(customer, {"default_source": other.id})

    assert updated.default_source == other.id
    with pytest.raises(stripe.InvalidRequestError, match="No such source"):
        api.customers.update(customer, {"default_source": "card_unknown"})
