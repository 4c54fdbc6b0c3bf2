from __future__ import annotations

import pytest
import stripe

from wagtail_billing_portal.sandbox.billing import payments

ORDER = {"amount": 2000, "currency": "eur", "confirm": True}


def open_invoice(shop) -> stripe.Invoice:
    shop.subscribe("pm_card_chargeCustomerFail")
    return shop.invoices()[0]


def test_a_confirmation_token_carries_what_the_payer_chose(api, shop):
    customer = shop.customer(card=None)
    token = api.test_helpers.confirmation_tokens.create(
        {"payment_method": "pm_card_visa", "setup_future_usage": "off_session"}
    )

    intent = api.payment_intents.create(
        {**ORDER, "customer": customer, "confirmation_token": token.id}
    )

    used = api.confirmation_tokens.retrieve(token.id)
    assert (intent.status, intent.setup_future_usage) == ("succeeded", "off_session")
    assert used.payment_intent == intent.id
    assert used.payment_method_preview.card.last4 == "4242"
    with pytest.raises(stripe.InvalidRequestError, match="already been used"):
        api.payment_intents.create({**ORDER, "confirmation_token": token.id})


def test_a_customer_session_opens_components_for_half_an_hour(api, shop):
    wanted = {"pricing_table": {"enabled": True}, "payment_element": {"enabled": True}}

    session = api.customer_sessions.create(
        {"customer": shop.customer(card=None), "components": wanted}
    )

    assert session.expires_at - session.created == 1800
    assert session.components.pricing_table.enabled
    assert not session.components.buy_button.enabled
    assert session.components.payment_element.features.payment_method_save == "disabled"
    with pytest.raises(stripe.InvalidRequestError, match="At least one component"):
        api.customer_sessions.create(
            {
                "customer": session.customer,
                "components": {"buy_button": {"enabled": False}},
            }
        )


def test_the_balance_grows_by_what_a_charge_leaves(api, shop):
    intent = api.payment_intents.create(
        {**ORDER, "payment_method": "pm_card_visa", "capture_method": "automatic"}
    )
    charge = api.charges.retrieve(
        intent.latest_charge, {"expand": ["balance_transaction"]}
    )
    pending = api.balance.retrieve().pending[0].amount

    shop.wait(days=3)

    assert charge.balance_transaction.fee == 88
    assert charge.balance_transaction.net == pending == 1912
    assert api.balance.retrieve().available[0].amount == 1912


def test_a_dispute_takes_the_money_until_it_is_won(api, shop):
    intent = api.payment_intents.create(
        {**ORDER, "payment_method": "pm_card_createDispute"}
    )
    dispute = api.disputes.list({"payment_intent": intent.id}).data[0]
    with pytest.raises(stripe.InvalidRequestError) as refused:
        api.refunds.create({"payment_intent": intent.id})

    api.disputes.update(
        dispute.id, {"evidence": {"uncategorized_text": "winning_evidence"}}
    )
    shop.wait(days=1)

    assert refused.value.code == "charge_disputed"
    assert dispute.status == "needs_response"
    assert api.disputes.retrieve(dispute.id).status == "won"
    assert shop.events("dispute") == [
        "charge.dispute.created",
        "charge.dispute.funds_withdrawn",
        "charge.dispute.updated",
        "charge.dispute.closed",
        "charge.dispute.funds_reinstated",
    ]


def test_an_unanswered_dispute_is_lost(api, shop):
    api.payment_intents.create({**ORDER, "payment_method": "pm_card_createDispute"})

    shop.wait(days=10)

    assert api.disputes.list().data[0].status == "lost"
    with pytest.raises(stripe.InvalidRequestError, match="already closed"):
        api.disputes.close(api.disputes.list().data[0].id)


def test_every_attempt_to_keep_a_card_is_written_down(api, shop):
    intent = api.setup_intents.create({"customer": shop.customer(card=None)})
    with pytest.raises(stripe.CardError):
        api.setup_intents.confirm(
            intent.id, {"payment_method": "pm_card_visa_chargeDeclined"}
        )
    api.setup_intents.confirm(
        intent.id, {"payment_method": "pm_card_authenticationRequiredOnSetup"}
    )
    shop.authenticate(intent.id)

    attempts = api.setup_attempts.list({"setup_intent": intent.id}).data
    assert [attempt.status for attempt in attempts] == ["succeeded", "failed"]
    details = attempts[0].payment_method_details.card
    assert details.three_d_secure.result == "authenticated"
    assert api.setup_intents.retrieve(intent.id).latest_attempt == attempts[0].id


def test_keeping_an_account_takes_a_mandate(api, shop):
    data = {"type": "sepa_debit", "sepa_debit": {"iban": "DE89370400440532013000"}}
    online = {"ip_address": "203.0.113.9", "user_agent": "Browser"}
    acceptance = {"type": "online", "online": online}

    intent = api.setup_intents.create(
        {
            "customer": shop.customer(card=None),
            "confirm": True,
            "payment_method_data": data,
            "mandate_data": {"customer_acceptance": acceptance},
        }
    )

    mandate = api.mandates.retrieve(intent.mandate)
    assert intent.status == "succeeded"
    assert mandate.customer_acceptance.online.ip_address == "203.0.113.9"


def test_an_invoice_is_paid_in_parts(api, shop, world):
    invoice = open_invoice(shop)
    part = api.payment_intents.create(
        {**ORDER, "amount": 500, "payment_method": "pm_card_visa"}
    )

    payments.attach(world, world.get("invoice", invoice.id), payment_intent=part.id)
    partly = api.invoices.retrieve(invoice.id)
    api.invoices.pay(invoice.id, {"payment_method": "pm_card_visa"})

    paid = api.invoices.retrieve(invoice.id)
    assert (partly.status, partly.amount_paid) == ("open", 500)
    assert partly.amount_remaining == 700
    assert (paid.status, paid.amount_paid, paid.amount_remaining) == ("paid", 1200, 0)
    made = api.invoice_payments.list({"invoice": invoice.id, "status": "paid"}).data
    assert sorted(payment.amount_paid for payment in made) == [500, 700]
    found = api.invoice_payments.list(
        {"payment": {"type": "payment_intent", "payment_intent": part.id}}
    )
    assert [payment.is_default for payment in found.data] == [False]


def test_an_invoice_may_be_paid_by_another_way(api, shop):
    invoice = open_invoice(shop)

    paid = api.invoices.pay(invoice.id, {"paid_out_of_band": True})

    assert (paid.status, paid.amount_paid_off_stripe) == ("paid", 1200)
    assert api.payment_intents.list().data[0].status == "canceled"
