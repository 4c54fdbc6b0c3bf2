from __future__ import annotations

import pytest
import stripe

from tests.sandbox.resources.shop import DAY

ORDER = {"amount": 2000, "currency": "eur"}


def buy(api, card="pm_card_visa", **params) -> stripe.PaymentIntent:
    order = {**ORDER, "payment_method": card, "confirm": True, **params}
    return api.payment_intents.create(order)


def refusal(call, *args) -> stripe.InvalidRequestError:
    with pytest.raises(stripe.InvalidRequestError) as refused:
        call(*args)
    return refused.value


def test_an_amount_is_paid_in_one_call(api, shop):
    intent = buy(api, description="Two mugs", metadata={"order": "7"})

    charge = api.charges.retrieve(intent.latest_charge)
    assert (intent.status, intent.amount_received) == ("succeeded", 2000)
    assert (charge.description, charge.metadata["order"]) == ("Two mugs", "7")
    assert "/receipts/" in charge.receipt_url
    assert shop.events()[-4:] == [
        "payment_intent.created",
        "charge.succeeded",
        "payment_intent.succeeded",
        "charge.updated",
    ]


def test_a_browser_confirms_what_the_server_asked_for(api, shop):
    intent = api.payment_intents.create(ORDER)
    secret = {"client_secret": intent.client_secret}

    confirmed = api.payment_intents.confirm(
        intent.id, {"payment_method": "pm_card_visa"}
    )

    assert intent.status == "requires_payment_method"
    assert confirmed.status == "succeeded"
    assert api.payment_intents.retrieve(intent.id, secret).id == intent.id
    wrong = {"client_secret": "pi_x_secret_y"}
    assert "does not match" in str(
        refusal(api.payment_intents.retrieve, intent.id, wrong)
    )


def test_money_is_taken_once_only(api):
    intent = buy(api)

    again = refusal(api.payment_intents.confirm, intent.id)
    canceled = refusal(api.payment_intents.cancel, intent.id)
    captured = refusal(api.payment_intents.capture, intent.id)

    codes = {again.code, canceled.code, captured.code}
    assert codes == {"payment_intent_unexpected_state"}
    assert "already succeeded after being previously confirmed" in str(again)
    assert again.json_body["error"]["payment_intent"]["id"] == intent.id


def test_what_is_set_aside_is_taken_in_part(api, shop):
    held = buy(api, capture_method="manual")

    taken = api.payment_intents.capture(held.id, {"amount_to_capture": 1500})

    charge = api.charges.retrieve(held.latest_charge)
    assert (held.status, held.amount_capturable) == ("requires_capture", 2000)
    assert (taken.status, taken.amount_received) == ("succeeded", 1500)
    assert (charge.amount_captured, charge.amount_refunded) == (1500, 500)
    assert shop.events()[-4:] == [
        "charge.succeeded",
        "payment_intent.amount_capturable_updated",
        "charge.captured",
        "payment_intent.succeeded",
    ]


def test_what_is_set_aside_can_be_let_go(api, shop):
    held = buy(api, capture_method="manual")

    canceled = api.payment_intents.cancel(held.id, {"cancellation_reason": "abandoned"})

    assert (canceled.status, canceled.amount_capturable) == ("canceled", 0)
    assert api.charges.retrieve(held.latest_charge).refunded
    late = refusal(api.payment_intents.capture, held.id)
    assert late.code == "payment_intent_unexpected_state"


def test_what_is_set_aside_too_long_is_let_go(api, shop):
    held = buy(api, capture_method="manual")

    shop.wait(days=8)

    intent = api.payment_intents.retrieve(held.id)
    assert (intent.status, intent.cancellation_reason) == ("canceled", "automatic")
    assert shop.events()[-2:] == ["charge.expired", "payment_intent.canceled"]


def test_a_refused_payment_can_be_tried_with_another_card(api, shop):
    intent = api.payment_intents.create(ORDER)

    with pytest.raises(stripe.CardError) as declined:
        api.payment_intents.confirm(
            intent.id, {"payment_method": "pm_card_visa_chargeDeclined"}
        )
    refused = api.payment_intents.retrieve(intent.id)
    paid = api.payment_intents.confirm(intent.id, {"payment_method": "pm_card_visa"})

    assert declined.value.error.payment_intent.id == intent.id
    assert refused.status == "requires_payment_method"
    assert refused.last_payment_error.decline_code == "generic_decline"
    assert (paid.status, paid.last_payment_error) == ("succeeded", None)


@pytest.mark.parametrize(
    ("succeed", "status"), [(True, "succeeded"), (False, "requires_payment_method")]
)
def test_the_bank_may_ask_first(api, shop, succeed, status):
    intent = buy(
        api, "pm_card_authenticationRequired", return_url="https://shop.test/done"
    )

    shop.authenticate(intent.id, succeed=succeed)

    assert intent.next_action.redirect_to_url.return_url == "https://shop.test/done"
    assert api.payment_intents.retrieve(intent.id).status == status


def test_with_manual_confirmation_the_server_has_the_last_word(api, shop):
    intent = buy(api, "pm_card_authenticationRequired", confirmation_method="manual")
    shop.authenticate(intent.id)

    waits = api.payment_intents.retrieve(intent.id)
    confirmed = api.payment_intents.confirm(intent.id)

    assert waits.status == "requires_confirmation"
    assert confirmed.status == "succeeded"


@pytest.mark.parametrize(
    "how", [{"off_session": True}, {"error_on_requires_action": True}]
)
def test_nobody_is_asked_who_is_not_there(api, shop, how):
    customer = shop.customer("pm_card_authenticationRequired")
    method = api.payment_methods.list({"customer": customer}).data[0].id

    with pytest.raises(stripe.CardError) as declined:
        buy(api, method, customer=customer, **how)

    assert declined.value.code == "authentication_required"


def test_a_card_is_kept_when_that_was_the_plan(api, shop):
    customer = shop.customer(card=None)

    intent = buy(api, customer=customer, setup_future_usage="off_session")

    kept = api.payment_methods.list({"customer": customer}).data
    assert [method.id for method in kept] == [intent.payment_method]


def test_a_card_that_was_not_kept_pays_once(api, shop):
    method = buy(api).payment_method

    again = refusal(lambda: buy(api, method))
    kept = refusal(
        api.payment_methods.attach, method, {"customer": shop.customer(card=None)}
    )

    assert "may not be used again" in str(again)
    assert "may not be used again" in str(kept)


def test_the_card_of_somebody_else_does_not_pay(api, shop):
    method = api.payment_methods.list({"customer": shop.customer()}).data[0].id

    assert "belongs to" in str(refusal(lambda: buy(api, method)))


@pytest.mark.parametrize(
    ("order", "code"),
    [
        ({"amount": 49, "currency": "eur"}, "amount_too_small"),
        ({"amount": 0, "currency": "eur"}, "parameter_invalid_integer"),
        ({"amount": 100_000_000, "currency": "eur"}, "amount_too_large"),
        ({**ORDER, "customer": "cus_nobody"}, "resource_missing"),
        ({**ORDER, "off_session": True}, None),
        ({**ORDER, "confirm": True}, "payment_intent_unexpected_state"),
        ({**ORDER, "transfer_data": {"destination": "acct_1"}}, None),
    ],
)
def test_an_order_that_cannot_be_is_refused(api, order, code):
    assert refusal(api.payment_intents.create, order).code == code


def test_an_order_changes_until_it_is_paid(api):
    intent = api.payment_intents.create(ORDER)

    changed = api.payment_intents.update(
        intent.id,
        {
            "amount": 3000,
            "payment_method": "pm_card_visa",
            "shipping": {"name": "Ada", "address": {"line1": "St James's Square 12"}},
        },
    )
    api.payment_intents.confirm(intent.id)
    late = refusal(api.payment_intents.update, intent.id, {"amount": 1})
    noted = api.payment_intents.update(intent.id, {"metadata": {"a": "b"}})

    assert (changed.status, changed.amount) == ("requires_confirmation", 3000)
    assert changed.shipping.address.line1 == "St James's Square 12"
    assert late.code == "payment_intent_unexpected_state"
    assert noted.metadata["a"] == "b"


def test_only_what_is_allowed_pays(api):
    order = {"allowed_payment_method_types": ["sepa_debit"]}

    refused = refusal(lambda: buy(api, **order))

    assert refused.code == "payment_intent_incompatible_payment_method"


def test_a_debit_takes_days(api, shop):
    iban = {"iban": "DE89 3704 0044 0532 0130 00"}
    data = {"type": "sepa_debit", "sepa_debit": iban}
    intent = api.payment_intents.create(
        {**ORDER, "payment_method_data": data, "confirm": True}
    )
    pending = api.charges.retrieve(intent.latest_charge)

    shop.wait(days=4)

    paid = api.payment_intents.retrieve(intent.id, {"expand": ["latest_charge"]})
    details = paid.latest_charge.payment_method_details.sepa_debit
    assert (intent.status, pending.status) == ("processing", "pending")
    assert (paid.status, paid.latest_charge.status) == ("succeeded", "succeeded")
    assert details.last4 == "3000"
    assert api.mandates.retrieve(details.mandate).status == "active"
    assert shop.events()[-5:] == [
        "payment_intent.created",
        "charge.pending",
        "payment_intent.processing",
        "charge.succeeded",
        "payment_intent.succeeded",
    ]


def test_a_debit_may_fail_days_later(api, shop):
    intent = buy(api, "pm_sepaDebit_insufficientFunds_at")

    shop.wait(days=4)

    failed = api.payment_intents.retrieve(intent.id)
    assert failed.status == "requires_payment_method"
    assert failed.last_payment_error.code == "insufficient_funds"
    assert shop.events()[-2:] == ["charge.failed", "payment_intent.payment_failed"]


def test_a_debit_that_never_ends_can_be_called_off(api, shop):
    intent = buy(api, "pm_usBankAccount_processing", currency="usd")
    shop.travel(shop.world.now + 90 * DAY)

    canceled = api.payment_intents.cancel(intent.id)

    assert (intent.status, canceled.status) == ("processing", "canceled")
    assert api.charges.retrieve(intent.latest_charge).status == "failed"


def test_a_subscription_runs_while_its_debit_is_on_the_way(api, shop):
    subscription = shop.subscribe("pm_sepaDebit_success_de")
    invoice = shop.invoices()[0]

    shop.wait(days=4)

    assert (subscription.status, invoice.status) == ("active", "open")
    assert shop.invoices()[0].status == "paid"
    assert shop.subscription(subscription.id).status == "active"
    assert "invoice.paid" in shop.events("invoice")


def test_a_subscription_is_past_due_when_its_debit_fails(shop):
    subscription = shop.subscribe("pm_sepaDebit_failed_de")

    shop.wait(days=4)

    assert subscription.status == "active"
    assert shop.subscription(subscription.id).status == "past_due"
    assert shop.invoices()[0].attempt_count == 1
