from __future__ import annotations

import pytest
import stripe

from tests.sandbox.resources.shop import typed_card
from wagtail_billing_portal.sandbox.billing import methods

DECLINES = [
    ("pm_card_visa_chargeDeclined", "card_declined", "generic_decline"),
    (
        "pm_card_visa_chargeDeclinedInsufficientFunds",
        "card_declined",
        "insufficient_funds",
    ),
    ("pm_card_chargeDeclinedExpiredCard", "expired_card", "expired_card"),
    ("pm_card_chargeDeclinedIncorrectCvc", "incorrect_cvc", "incorrect_cvc"),
    ("pm_card_chargeDeclinedProcessingError", "processing_error", "processing_error"),
]


def card(number: str, **fields: object) -> dict[str, object]:
    typed = {**typed_card(number), **fields}
    return {name: typed[name] for name in ("number", "exp_month", "exp_year", "cvc")}


def test_a_test_id_becomes_a_new_card_each_time(api, shop):
    customer = shop.customer(card=None)

    first = api.payment_methods.attach("pm_card_mastercard", {"customer": customer})
    second = api.payment_methods.attach("pm_card_mastercard", {"customer": customer})

    assert first.id != second.id
    assert first.card.fingerprint == second.card.fingerprint
    assert (first.card.brand, first.card.last4) == ("mastercard", "4444")
    assert len(api.customers.payment_methods.list(customer).data) == 2


@pytest.mark.parametrize(("method", "code", "decline_code"), DECLINES)
def test_a_card_that_the_bank_declines_cannot_be_attached(
    api, shop, method, code, decline_code
):
    with pytest.raises(stripe.CardError) as declined:
        api.payment_methods.attach(method, {"customer": shop.customer(card=None)})

    assert declined.value.code == code
    assert declined.value.error.decline_code == decline_code
    assert declined.value.http_status == 402


def test_a_card_is_made_from_its_number(api):
    method = api.payment_methods.create(
        {"type": "card", "card": card("5555 5555 5555 4444")}
    )

    assert method.card.last4 == "4444"
    assert method.card.exp_year == 2034
    assert method.customer is None


@pytest.mark.parametrize(
    ("sent", "code"),
    [
        pytest.param(card("4242424242424241"), "incorrect_number", id="number"),
        pytest.param(card("4111111111111111"), "card_declined", id="a live card"),
        pytest.param(
            card("4242424242424242", exp_month=13), "invalid_expiry_month", id="month"
        ),
        pytest.param(
            card("4242424242424242", exp_year=2020), "invalid_expiry_year", id="year"
        ),
        pytest.param(card("4242424242424242", cvc="1"), "invalid_cvc", id="cvc"),
    ],
)
def test_a_mistyped_card_is_refused(api, sent, code):
    with pytest.raises(stripe.CardError) as refused:
        api.payment_methods.create({"type": "card", "card": sent})

    assert refused.value.code == code


def test_a_token_stands_for_its_card(api):
    method = api.payment_methods.create({"type": "card", "card": {"token": "tok_amex"}})

    assert (method.card.brand, method.card.last4) == ("amex", "0005")


@pytest.mark.parametrize(
    ("token", "wallet"),
    [("tok_applepay", "apple_pay"), ("tok_googlepay", "google_pay")],
)
def test_a_card_may_sit_in_a_wallet(api, token, wallet):
    method = api.payment_methods.create({"type": "card", "card": {"token": token}})

    assert method.card.wallet.type == wallet


def test_a_co_badged_card_can_prefer_a_network(api, shop):
    customer = shop.customer("pm_card_visa_cartesBancaires")
    method = api.payment_methods.list({"customer": customer}).data[0].id
    wish = {"card": {"networks": {"preferred": "cartes_bancaires"}}}

    changed = api.payment_methods.update(method, wish)

    assert changed.card.networks.available == ["visa", "cartes_bancaires"]
    assert changed.card.networks.preferred == "cartes_bancaires"
    plain = api.payment_methods.list({"customer": shop.customer()}).data[0].id
    with pytest.raises(stripe.InvalidRequestError, match="does not support"):
        api.payment_methods.update(plain, wish)


@pytest.mark.parametrize(
    ("kind", "account", "last4"),
    [
        ("sepa_debit", {"iban": "AT61 1904 3002 3457 3201"}, "3201"),
        ("us_bank_account", {"account_number": "000123456789"}, "6789"),
        ("bacs_debit", {"account_number": "00012345", "sort_code": "108800"}, "2345"),
        ("au_becs_debit", {"account_number": "000123456", "bsb_number": "1"}, "3456"),
    ],
)
def test_an_account_is_kept_beside_the_cards(api, shop, kind, account, last4):
    customer = shop.customer()
    made = api.payment_methods.create({"type": kind, kind: account})

    api.payment_methods.attach(made.id, {"customer": customer})

    kept = api.customers.payment_methods.list(customer, {"type": kind}).data
    assert [method[kind].last4 for method in kept] == [last4]
    assert len(api.payment_methods.list({"customer": customer}).data) == 2


@pytest.mark.parametrize("kind", ["link", "paypal", "amazon_pay", "revolut_pay"])
def test_a_wallet_can_be_shown(api, kind):
    details = {"email": "ada@example.com"}

    method = api.payment_methods.create({"type": kind, "billing_details": details})

    assert method.type == kind
    assert method[kind] is not None


@pytest.mark.parametrize(
    ("iban", "code"),
    [
        ("DE89370400440532013001", "invalid_bank_account_iban"),
        ("DE91370400440000055555", "sepa_debit_bank_not_supported"),
    ],
)
def test_an_account_that_cannot_be_debited_is_refused(api, iban, code):
    with pytest.raises(stripe.InvalidRequestError) as refused:
        api.payment_methods.create({"type": "sepa_debit", "sepa_debit": {"iban": iban}})

    assert refused.value.code == code


def test_the_card_network_may_renew_a_card(api, shop, world):
    method = api.payment_methods.list({"customer": shop.customer()}).data[0].id

    methods.card_network_update(world, method, exp_month=6, exp_year=2039)

    event = shop.last_event("payment_method.automatically_updated")
    assert event.data.object.card.exp_year == 2039
    assert event.data.previous_attributes["card"]["exp_month"] == 12
    assert event.request.id is None


def test_detaching_is_for_good_and_forgets_the_default(api, shop):
    customer = shop.customer()
    method = api.payment_methods.list({"customer": customer}).data[0].id

    detached = api.payment_methods.detach(method)

    assert detached.customer is None
    previous = shop.last_event("payment_method.detached").data.previous_attributes
    assert previous["customer"] == customer
    settings = api.customers.retrieve(customer).invoice_settings
    assert settings.default_payment_method is None
    with pytest.raises(stripe.InvalidRequestError, match="may not be used again"):
        api.payment_methods.attach(method, {"customer": customer})


def test_the_expiry_of_a_kept_card_can_be_corrected(api, shop):
    method = api.payment_methods.list({"customer": shop.customer()}).data[0].id

    changed = api.payment_methods.update(method, {"card": {"exp_year": 2040}})

    assert changed.card.exp_year == 2040


def test_a_card_of_somebody_else_is_unknown_under_a_customer(api, shop):
    method = api.payment_methods.list({"customer": shop.customer()}).data[0].id

    with pytest.raises(stripe.InvalidRequestError) as refused:
        api.customers.payment_methods.retrieve(shop.customer(card=None), method)

    assert refused.value.http_status == 404
