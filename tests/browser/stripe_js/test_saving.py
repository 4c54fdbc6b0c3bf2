"""A card, an account or a wallet is kept by confirmSetup."""

from __future__ import annotations

from typing import Any

import pytest
import stripe
from playwright.sync_api import expect

from tests.browser.stripe_js.conftest import Buyer

DECLINED, ASKS = "4000000000000002", "4000002760003184"
GERMAN_IBAN = "DE89370400440532013000"


@pytest.fixture
def intent(v1: stripe.V1Services, customer: str) -> stripe.SetupIntent:
    kinds = ["card", "sepa_debit", "paypal"]
    return v1.setup_intents.create(
        {"customer": customer, "allowed_payment_method_types": kinds}
    )


@pytest.fixture
def saving(buyer: Buyer, intent: stripe.SetupIntent) -> Buyer:
    """A buyer in front of the form that saves a card."""
    begin(buyer, intent)
    return buyer


def begin(buyer: Buyer, intent: stripe.SetupIntent, **more: Any) -> None:
    wished: dict[str, Any] = {
        "method": "confirmSetup",
        "elements": {"clientSecret": intent.client_secret},
        "redirect": "if_required",
        **more,
    }
    buyer.visit(**wished)


def test_a_card_is_saved_without_leaving_the_page(saving, intent, v1, customer):
    saving.type_card()
    saving.go_on()

    kept = saving.result()["setupIntent"]
    assert kept["status"] == "succeeded"
    assert "customer" not in kept
    (method,) = v1.customers.payment_methods.list(customer).data
    assert method.id == kept["payment_method"]
    assert method.billing_details.address.country == "GB"
    assert saving.page.url.endswith(saving.page.url.partition("?")[2])


def test_the_page_never_sees_what_was_typed(saving):
    saving.type_card()
    saving.go_on()

    assert saving.result()
    assert "4242424242424242" not in saving.page.content()
    assert "4242424242424242" not in str(saving.page.evaluate("window.heard"))
    assert saving.heard("change")[-1]["complete"]


def test_a_declined_card_is_told_in_stripes_shape(saving, v1, intent):
    saving.type_card(DECLINED)
    saving.go_on()

    error = saving.result()["error"]
    assert (error["type"], error["code"]) == ("card_error", "card_declined")
    assert error["decline_code"] == "generic_decline"
    assert error["message"] == "Your card was declined."
    assert error["payment_method"]["card"]["last4"] == "0002"
    assert error["setup_intent"]["status"] == "requires_payment_method"
    expect(saving.frame.get_by_text("Your card was declined.")).to_be_visible()


def test_what_is_missing_is_said_at_each_field_and_nothing_is_sent(saving, v1, intent):
    saving.field("Card number").fill("4242 4242")
    saving.go_on()

    error = saving.result()["error"]
    assert (error["type"], error["code"]) == ("validation_error", "incomplete_number")
    expect(saving.field("Card number")).to_be_focused()
    expect(saving.frame.get_by_text("Enter the security code.")).to_be_visible()
    assert v1.setup_attempts.list({"setup_intent": intent.id}).data == []


def test_a_button_stays_where_it_was_pressed_until_it_is_released(saving):
    saving.field("Card number").fill("4242 4242")
    button = saving.page.get_by_role("button", name="Go on")
    button.hover()
    before = button.bounding_box()

    saving.page.mouse.down()
    expect(saving.frame.get_by_text("A card number has 12")).to_be_visible()
    assert button.bounding_box() == before
    saving.page.mouse.up()

    assert saving.result()["error"]["code"] == "incomplete_number"


def test_the_bank_is_asked_in_a_window_over_the_page(saving):
    saving.type_card(ASKS)
    saving.go_on()
    saving.bank.get_by_role("button", name="Complete authentication").click()

    assert saving.result()["setupIntent"]["status"] == "succeeded"
    expect(saving.page.locator("dialog")).to_have_count(0)


@pytest.mark.parametrize("how", ["button", "escape"])
def test_who_does_not_pass_the_bank_is_refused(saving, how):
    saving.type_card(ASKS)
    saving.go_on()
    refuse = saving.bank.get_by_role("button", name="Fail authentication")
    expect(refuse).to_be_visible()
    if how == "button":
        refuse.click()
    else:
        saving.page.keyboard.press("Escape")

    error = saving.result()["error"]
    assert error["code"] == "setup_intent_authentication_failure"
    assert error["setup_intent"]["status"] == "requires_payment_method"


def test_with_a_redirect_the_result_comes_with_the_address(buyer, intent, shop):
    back = {"return_url": f"{shop}/back?for=ada"}
    begin(buyer, intent, redirect="always", confirmParams=back)
    buyer.type_card()
    buyer.go_on()
    buyer.page.wait_for_url("**/back?*")

    assert buyer.page.url == (
        f"{shop}/back?for=ada&setup_intent={intent.id}"
        f"&setup_intent_client_secret={intent.client_secret}&redirect_status=succeeded"
    )


def test_a_bank_account_is_saved_with_its_holder(saving, v1, customer):
    saving.frame.get_by_text("SEPA direct debit", exact=True).click()
    saving.field("IBAN").fill(GERMAN_IBAN[:-1] + "1")
    saving.go_on()

    assert saving.result()["error"]["code"] == "invalid_iban"

    saving.field("IBAN").fill(GERMAN_IBAN)
    saving.field("Account holder").fill("Ada Lovelace")
    saving.field("E-mail address").fill("ada@shop.example")
    saving.go_on()

    assert saving.result()["setupIntent"]["status"] == "succeeded"
    (method,) = v1.customers.payment_methods.list(customer).data
    assert method.sepa_debit.last4 == "3000"
    assert method.billing_details.name == "Ada Lovelace"


def test_a_wallet_has_a_page_of_its_own_and_leads_back(buyer, intent, shop):
    back = {"return_url": f"{shop}/back"}
    begin(buyer, intent, confirmParams=back)
    buyer.frame.get_by_text("PayPal", exact=True).click()
    buyer.go_on()
    buyer.page.get_by_role("button", name="Agree").click()
    buyer.page.wait_for_url("**/back?*")

    assert "redirect_status=succeeded" in buyer.page.url
