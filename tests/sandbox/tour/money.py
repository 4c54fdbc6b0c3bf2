"""Customers and how they pay: methods, intents, charges, refunds."""

from __future__ import annotations

import stripe

from tests.sandbox.tour.steps import a_customer, a_price, ids, use_card

BACK = "https://shop.test/back"


def customers(v1: stripe.V1Services) -> None:
    ada = v1.customers.create({"name": "Ada", "metadata": {"tour": "ada"}})
    v1.customers.update(ada.id, {"phone": "+44 20 7946 0000"})
    assert v1.customers.retrieve(ada.id).phone
    assert ids(v1.customers.list({"limit": 1})) == [ada.id]
    assert ids(v1.customers.search({"query": "metadata['tour']:'ada'"})) == [ada.id]
    coupon = v1.coupons.create({"percent_off": 10, "duration": "forever"}).id
    v1.customers.update(ada.id, {"coupon": coupon}, {"stripe_version": "2024-06-20"})
    assert v1.customers.delete_discount(ada.id).deleted
    assert v1.customers.delete(ada.id).deleted


def customer_balance(v1: stripe.V1Services) -> None:
    customer = a_customer(v1, None)
    credit = v1.customers.balance_transactions.create(
        customer, {"amount": -500, "currency": "eur"}
    )
    assert v1.customers.retrieve(customer).balance == -500
    v1.customers.balance_transactions.update(
        customer, credit.id, {"description": "Sorry"}
    )
    found = v1.customers.balance_transactions.retrieve(customer, credit.id)
    assert found.description == "Sorry"
    assert ids(v1.customers.balance_transactions.list(customer)) == [credit.id]


def payment_methods(v1: stripe.V1Services) -> None:
    customer = a_customer(v1, None)
    card = v1.payment_methods.create({"type": "card", "card": {"token": "tok_visa"}})
    v1.payment_methods.attach(card.id, {"customer": customer})
    v1.payment_methods.update(card.id, {"billing_details": {"name": "Ada"}})
    assert v1.payment_methods.retrieve(card.id).billing_details.name == "Ada"
    assert ids(v1.payment_methods.list({"customer": customer})) == [card.id]
    assert ids(v1.customers.payment_methods.list(customer)) == [card.id]
    assert v1.customers.payment_methods.retrieve(customer, card.id).type == "card"
    assert v1.payment_methods.detach(card.id).customer is None


def sources(v1: stripe.V1Services) -> None:
    """What came before payment methods, for programs that still use it."""
    number = {"number": "4242424242424242", "exp_month": "12", "exp_year": "2034"}
    token = v1.tokens.create({"card": {**number, "cvc": "123"}})
    assert not v1.tokens.retrieve(token.id).used
    customer = a_customer(v1, None)
    card = v1.customers.payment_sources.create(customer, {"source": token.id})
    v1.customers.payment_sources.update(customer, card.id, {"name": "Ada"})
    assert v1.customers.payment_sources.retrieve(customer, card.id).name == "Ada"
    assert ids(v1.customers.payment_sources.list(customer)) == [card.id]
    v1.customers.payment_sources.delete(customer, card.id)


def setup_intents(v1: stripe.V1Services) -> None:
    customer = a_customer(v1, None)
    wish = v1.setup_intents.create({"customer": customer, "usage": "off_session"})
    v1.setup_intents.update(wish.id, {"description": "A second card"})
    kept = v1.setup_intents.confirm(
        wish.id, {"payment_method": "pm_card_visa", "return_url": BACK}
    )
    assert kept.status == "succeeded"
    assert v1.setup_intents.retrieve(wish.id).description == "A second card"
    assert v1.setup_attempts.list({"setup_intent": wish.id}).data
    other = v1.setup_intents.create({"customer": customer})
    assert v1.setup_intents.cancel(other.id).status == "canceled"
    assert ids(v1.setup_intents.list({"customer": customer})) == [other.id, wish.id]


def payment_intents(v1: stripe.V1Services) -> None:
    customer = a_customer(v1, None)
    wish = v1.payment_intents.create(
        {
            "amount": 5000,
            "currency": "eur",
            "customer": customer,
            "capture_method": "manual",
            "metadata": {"tour": "intent"},
        }
    )
    v1.payment_intents.update(wish.id, {"description": "A deposit"})
    held = v1.payment_intents.confirm(
        wish.id, {"payment_method": "pm_card_visa", "return_url": BACK}
    )
    assert held.status == "requires_capture"
    paid = v1.payment_intents.capture(wish.id, {"amount_to_capture": 3000})
    assert (paid.status, paid.amount_received) == ("succeeded", 3000)
    assert v1.payment_intents.retrieve(wish.id).description == "A deposit"
    other = v1.payment_intents.create({"amount": 100, "currency": "eur"})
    assert v1.payment_intents.cancel(other.id).status == "canceled"
    assert ids(v1.payment_intents.list({"customer": customer})) == [wish.id]
    found = v1.payment_intents.search({"query": "metadata['tour']:'intent'"})
    assert ids(found) == [wish.id]


def charges(v1: stripe.V1Services) -> None:
    charge = v1.charges.create(
        {
            "amount": 700,
            "currency": "eur",
            "source": "tok_visa",
            "capture": False,
            "metadata": {"tour": "charge"},
        }
    )
    v1.charges.update(charge.id, {"description": "By hand"})
    assert v1.charges.capture(charge.id).captured
    assert v1.charges.retrieve(charge.id).description == "By hand"
    assert ids(v1.charges.list({"limit": 1})) == [charge.id]
    assert ids(v1.charges.search({"query": "metadata['tour']:'charge'"}))
    moves = v1.balance_transactions.list({"source": charge.id})
    assert v1.balance_transactions.retrieve(ids(moves)[0]).amount == 700
    assert v1.balance.retrieve().available


def refunds(v1: stripe.V1Services) -> None:
    order = {"currency": "eur", "confirm": True, "return_url": BACK}
    wish = v1.payment_intents.create(
        {**order, "amount": 900, "payment_method": "pm_card_visa"}
    )
    refund = v1.refunds.create({"payment_intent": wish.id, "amount": 400})
    v1.refunds.update(refund.id, {"metadata": {"why": "late"}})
    assert v1.refunds.retrieve(refund.id).amount == 400
    assert ids(v1.refunds.list({"payment_intent": wish.id})) == [refund.id]


def disputes(v1: stripe.V1Services) -> None:
    order = {"currency": "eur", "confirm": True, "return_url": BACK, "amount": 900}
    wish = v1.payment_intents.create(
        {**order, "payment_method": "pm_card_createDispute"}
    )
    dispute = ids(v1.disputes.list({"payment_intent": wish.id}))[0]
    v1.disputes.update(dispute, {"metadata": {"seen": "yes"}})
    assert v1.disputes.retrieve(dispute).metadata
    assert v1.disputes.close(dispute).status == "lost"


def customer_sessions(v1: stripe.V1Services) -> None:
    session = v1.customer_sessions.create(
        {
            "customer": a_customer(v1),
            "components": {"payment_element": {"enabled": True}},
        }
    )
    assert session.client_secret
    assert session.expires_at


def confirmation_tokens(v1: stripe.V1Services) -> None:
    token = v1.test_helpers.confirmation_tokens.create(
        {"payment_method": "pm_card_visa"}
    )
    assert v1.confirmation_tokens.retrieve(token.id).payment_method_preview
    paid = v1.payment_intents.create(
        {
            "amount": 900,
            "currency": "eur",
            "confirm": True,
            "confirmation_token": token.id,
            "return_url": BACK,
        }
    )
    assert paid.status == "succeeded"


def mandates(v1: stripe.V1Services) -> None:
    method = v1.payment_methods.create(
        {
            "type": "sepa_debit",
            "sepa_debit": {"iban": "AT611904300234573201"},
            "billing_details": {"name": "Ada", "email": "ada@example.com"},
        }
    )
    wish = v1.setup_intents.create(
        {
            "customer": a_customer(v1, None),
            "payment_method": method.id,
            "allowed_payment_method_types": ["sepa_debit"],
            "confirm": True,
            "mandate_data": {
                "customer_acceptance": {
                    "type": "online",
                    "online": {"ip_address": "127.0.0.1", "user_agent": "tour"},
                }
            },
        }
    )
    assert v1.mandates.retrieve(str(wish.mandate)).status == "active"


def invoice_payments(v1: stripe.V1Services) -> None:
    customer = a_customer(v1)
    v1.subscriptions.create({"customer": customer, "items": [{"price": a_price(v1)}]})
    invoice = ids(v1.invoices.list({"customer": customer}))[0]
    payment = ids(v1.invoice_payments.list({"invoice": invoice}))[0]
    assert v1.invoice_payments.retrieve(payment).status == "paid"
    use_card(v1, customer, "pm_card_mastercard")
