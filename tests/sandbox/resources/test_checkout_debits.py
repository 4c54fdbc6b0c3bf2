"""Paying at a checkout in a way that takes days, or leads elsewhere first."""

from __future__ import annotations

import pytest
import stripe

from tests.sandbox.resources.shop import POOR_IBAN
from wagtail_billing_portal.sandbox.billing import checkout

MUG = {"currency": "eur", "unit_amount": 900, "product_data": {"name": "Mug"}}


def a_purchase(shop, **params):
    items = [{"price_data": MUG, "quantity": 1}]
    return shop.session(mode="payment", line_items=items, **params)


def late(shop):
    return [type_ for type_ in shop.events() if "checkout.session.async" in type_]


def test_a_debit_completes_a_checkout_before_the_money_is_there(api, shop):
    session = a_purchase(shop)
    shop.debit(session)
    done = api.checkout.sessions.retrieve(session.id)

    shop.wait(days=4)

    assert (done.status, done.payment_status) == ("complete", "unpaid")
    assert api.payment_intents.retrieve(done.payment_intent).status == "succeeded"
    assert api.checkout.sessions.retrieve(session.id).payment_status == "paid"
    assert shop.events()[-5:] == [
        "payment_intent.processing",
        "checkout.session.completed",
        "charge.succeeded",
        "payment_intent.succeeded",
        "checkout.session.async_payment_succeeded",
    ]


def test_a_checkout_is_told_when_its_debit_fails(api, shop):
    session = a_purchase(shop)
    shop.debit(session, POOR_IBAN)

    shop.wait(days=4)

    assert api.checkout.sessions.retrieve(session.id).payment_status == "unpaid"
    assert late(shop) == ["checkout.session.async_payment_failed"]


def test_a_subscription_runs_while_its_first_debit_is_on_the_way(api, shop):
    session = shop.session()
    shop.debit(session)
    begun = api.checkout.sessions.retrieve(session.id, {"expand": ["subscription"]})

    shop.wait(days=4)

    assert (begun.payment_status, begun.subscription.status) == ("unpaid", "active")
    assert api.checkout.sessions.retrieve(session.id).payment_status == "paid"
    assert shop.invoices()[0].status == "paid"
    assert late(shop) == ["checkout.session.async_payment_succeeded"]


def test_a_subscription_is_past_due_when_its_first_debit_fails(api, shop):
    session = shop.session()
    shop.debit(session, POOR_IBAN)

    shop.wait(days=4)

    (subscription,) = api.subscriptions.list().data
    assert subscription.status == "past_due"
    assert late(shop) == ["checkout.session.async_payment_failed"]


def test_a_debit_can_be_agreed_to_for_after_a_trial(api, shop):
    session = shop.session(subscription_data={"trial_period_days": 7})

    shop.debit(session)

    done = api.checkout.sessions.retrieve(session.id, {"expand": ["subscription"]})
    assert done.payment_status == "no_payment_required"
    assert done.subscription.status == "trialing"
    kept = api.payment_methods.retrieve(done.subscription.default_payment_method)
    assert (kept.type, kept.customer) == ("sepa_debit", done.customer)


@pytest.mark.parametrize("succeed", [True, False])
def test_a_wallet_is_asked_on_a_page_of_its_own(api, shop, succeed):
    session = a_purchase(shop, allowed_payment_method_types=["paypal"])
    asked = checkout.pay(shop.world, session.id, account={"type": "paypal"})

    shop.authenticate(asked.intent_id, succeed=succeed)

    found = api.checkout.sessions.retrieve(session.id)
    assert found.payment_status == ("paid" if succeed else "unpaid")
    assert found.status == ("complete" if succeed else "open")


def test_a_checkout_offers_what_fits_its_currency(shop):
    dollars = {**MUG, "currency": "usd"}
    items = [{"price_data": dollars, "quantity": 1}]

    euros = a_purchase(shop)
    other = shop.session(mode="payment", line_items=items)
    fewer = a_purchase(shop, excluded_payment_method_types=["sepa_debit"])
    alone = {"link": {"display": "never"}}

    assert euros.payment_method_types == ["card", "link", "sepa_debit"]
    assert other.payment_method_types == ["card", "link", "us_bank_account"]
    assert fewer.payment_method_types == ["card", "link"]
    assert "link" not in a_purchase(shop, wallet_options=alone).payment_method_types


def test_a_checkout_takes_only_what_it_names(shop):
    session = a_purchase(shop, allowed_payment_method_types=["card"])

    with pytest.raises(Exception, match="does not take payments with sepa_debit"):
        shop.debit(session)
    with pytest.raises(stripe.InvalidRequestError, match="support the following"):
        a_purchase(shop, allowed_payment_method_types=["bacs_debit"])
