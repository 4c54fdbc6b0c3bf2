from __future__ import annotations

import pytest
import stripe


def test_a_confirmed_setup_keeps_the_card(api, shop):
    customer = shop.customer(card=None)
    intent = api.setup_intents.create(
        {"customer": customer, "automatic_payment_methods": {"enabled": True}}
    )

    confirmed = api.setup_intents.confirm(
        intent.id, {"payment_method": "pm_card_visa", "return_url": "https://x.test/"}
    )

    assert (intent.status, confirmed.status) == ("requires_payment_method", "succeeded")
    kept = api.payment_methods.retrieve(confirmed.payment_method)
    assert kept.customer == customer
    assert shop.events("setup_intent") == [
        "setup_intent.created",
        "setup_intent.succeeded",
    ]


def test_the_bank_may_ask_before_a_card_is_kept(api, shop):
    intent = api.setup_intents.create(
        {
            "customer": shop.customer(card=None),
            "confirm": True,
            "payment_method": "pm_card_authenticationRequiredOnSetup",
            "return_url": "https://x.test/",
        }
    )

    shop.authenticate(intent.id)

    assert intent.status == "requires_action"
    assert intent.next_action.redirect_to_url.url.endswith(
        f"/authenticate/{intent.id}/"
    )
    assert api.setup_intents.retrieve(intent.id).status == "succeeded"


def test_a_refused_setup_says_why(api, shop):
    intent = api.setup_intents.create({"customer": shop.customer(card=None)})

    with pytest.raises(stripe.CardError, match="insufficient funds"):
        api.setup_intents.confirm(
            intent.id,
            {"payment_method": "pm_card_visa_chargeDeclinedInsufficientFunds"},
        )

    failed = api.setup_intents.retrieve(intent.id)
    assert failed.last_setup_error.decline_code == "insufficient_funds"


def test_a_canceled_setup_cannot_go_on(api, shop):
    intent = api.setup_intents.create({"customer": shop.customer(card=None)})

    canceled = api.setup_intents.cancel(intent.id)

    assert canceled.status == "canceled"
    with pytest.raises(stripe.InvalidRequestError) as refused:
        api.setup_intents.confirm(intent.id, {"payment_method": "pm_card_visa"})
    assert refused.value.code == "setup_intent_unexpected_state"
