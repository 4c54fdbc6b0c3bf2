"""Money is taken by confirmPayment, at once or after the bank has asked."""

from __future__ import annotations

from typing import Any

import pytest
import stripe

from tests.browser.stripe_js.conftest import Buyer
from tests.browser.stripe_js.test_saving import ASKS


@pytest.fixture
def price(v1: stripe.V1Services) -> str:
    return v1.prices.create(
        {
            "currency": "eur",
            "unit_amount": 1200,
            "recurring": {"interval": "month"},
            "product": v1.products.create({"name": "Supporter"}).id,
        }
    ).id


@pytest.fixture
def subscription(v1: stripe.V1Services, customer: str, price: str) -> Any:
    """One whose first invoice waits for a payment method."""
    return v1.subscriptions.create(
        {
            "customer": customer,
            "items": [{"price": price}],
            "payment_behavior": "default_incomplete",
            "expand": ["latest_invoice.confirmation_secret"],
        }
    )


def pay(buyer: Buyer, secret: str, **more: Any) -> None:
    wished: dict[str, Any] = {
        "method": "confirmPayment",
        "elements": {"clientSecret": secret},
        "redirect": "if_required",
        **more,
    }
    buyer.visit(**wished)


def test_an_invoice_is_paid_once_the_bank_has_its_answer(buyer, v1, subscription):
    pay(buyer, subscription.latest_invoice.confirmation_secret.client_secret)
    buyer.type_card(ASKS)
    buyer.go_on()
    buyer.bank.get_by_role("button", name="Complete authentication").click()

    assert buyer.result()["paymentIntent"]["status"] == "succeeded"
    assert v1.subscriptions.retrieve(subscription.id).status == "active"


def test_an_invoice_stays_open_when_the_bank_is_not_convinced(buyer, v1, subscription):
    invoice = subscription.latest_invoice
    pay(buyer, invoice.confirmation_secret.client_secret)
    buyer.type_card(ASKS)
    buyer.go_on()
    buyer.bank.get_by_role("button", name="Fail authentication").click()

    error = buyer.result()["error"]
    assert error["code"] == "payment_intent_authentication_failure"
    assert v1.invoices.retrieve(invoice.id).status == "open"


def test_a_payment_that_a_server_began_goes_on_in_the_browser(buyer, v1, customer):
    method = v1.payment_methods.attach(
        "pm_card_authenticationRequired", {"customer": customer}
    )
    intent = v1.payment_intents.create(
        {
            "amount": 1200,
            "confirm": True,
            "currency": "eur",
            "customer": customer,
            "payment_method": method.id,
            "use_stripe_sdk": True,
        }
    )
    assert intent.status == "requires_action"
    buyer.visit(method="handleNextAction", clientSecret=intent.client_secret)
    buyer.go_on()
    buyer.bank.get_by_role("button", name="Complete authentication").click()

    assert buyer.result()["paymentIntent"]["status"] == "succeeded"


def test_a_form_comes_before_its_intent(buyer, v1, customer):
    intent = v1.payment_intents.create({"amount": 1200, "currency": "eur"})
    deferred = {"mode": "payment", "amount": 1200, "currency": "eur"}
    pay(buyer, "", elements=deferred, clientSecret=intent.client_secret)
    buyer.go_on()

    assert buyer.result()["error"]["code"] == "incomplete_number"

    buyer.type_card()
    buyer.go_on()

    assert buyer.result()["paymentIntent"]["status"] == "succeeded"


def test_a_saved_card_is_offered_to_whom_it_belongs(buyer, v1, customer):
    method = v1.payment_methods.attach("pm_card_mastercard", {"customer": customer})
    v1.payment_methods.update(method.id, {"allow_redisplay": "always"})
    features = {
        "payment_method_redisplay": "enabled",
        "payment_method_save": "enabled",
        "payment_method_save_usage": "off_session",
    }
    session = v1.customer_sessions.create(
        {
            "customer": customer,
            "components": {"payment_element": {"enabled": True, "features": features}},
        }
    )
    intent = v1.payment_intents.create(
        {"amount": 1200, "currency": "eur", "customer": customer}
    )
    secrets = {
        "clientSecret": intent.client_secret,
        "customerSessionClientSecret": session.client_secret,
    }
    pay(buyer, "", elements=secrets)
    buyer.frame.get_by_text("Mastercard ending 4444").wait_for()
    buyer.go_on()

    assert buyer.result()["paymentIntent"]["payment_method"] == method.id


def test_what_was_typed_becomes_a_token_for_the_server(buyer, v1):
    deferred = {"mode": "payment", "amount": 1200, "currency": "eur"}
    buyer.visit(method="createConfirmationToken", elements=deferred)
    buyer.type_card()
    buyer.go_on()
    token = buyer.result()["confirmationToken"]["id"]

    paid = v1.payment_intents.create(
        {
            "amount": 1200,
            "confirm": True,
            "confirmation_token": token,
            "currency": "eur",
            "return_url": "https://shop.example/back",
        }
    )

    assert paid.status == "succeeded"


def test_a_mistake_in_the_sites_code_is_thrown(buyer, v1):
    intent = v1.payment_intents.create({"amount": 1200, "currency": "eur"})
    pay(buyer, intent.client_secret, redirect="always")
    buyer.type_card()
    buyer.go_on()

    assert buyer.result()["thrown"].startswith("IntegrationError")


def test_a_secret_that_opens_nothing_is_a_loaderror(buyer):
    secret = "pi_000000000000000000000000_secret_0000000000000000000000000"
    buyer.visit(method="confirmPayment", elements={"clientSecret": secret}, fails=True)

    assert buyer.waits_for("loaderror")["error"]["code"] == "resource_missing"
