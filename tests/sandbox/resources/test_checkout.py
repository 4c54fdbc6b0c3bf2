from __future__ import annotations

import pytest
import stripe

from tests.sandbox.resources.shop import DECLINED, NEEDS_3DS, moment
from wagtail_billing_portal.sandbox.billing import checkout
from wagtail_billing_portal.sandbox.billing.outcomes import (
    ActionRequired,
    Completed,
    Declined,
)


def test_a_new_session_offers_a_page(shop):
    session = shop.session(client_reference_id="7", metadata={"a": "b"})

    assert session.url.endswith(f"/checkout/{session.id}/")
    assert (session.status, session.payment_status) == ("open", "unpaid")
    assert (session.amount_total, session.currency) == (1200, "eur")
    assert session.subscription is None
    assert session.success_url == "https://shop.test/done?id={CHECKOUT_SESSION_ID}"


def test_paying_makes_customer_subscription_and_invoice(api, shop):
    session = shop.session(subscription_data={"metadata": {"user": "7"}})

    outcome = shop.pay(session)

    assert outcome == Completed(redirect_url=f"https://shop.test/done?id={session.id}")
    done = api.checkout.sessions.retrieve(
        session.id, {"expand": ["subscription", "invoice", "customer"]}
    )
    assert (done.status, done.payment_status, done.url) == ("complete", "paid", None)
    assert done.subscription.status == "active"
    assert done.subscription.metadata.to_dict() == {"user": "7"}
    assert done.subscription.default_payment_method is not None
    assert (done.invoice.status, done.invoice.amount_paid) == ("paid", 1200)
    assert done.customer.email == "ada@example.com"
    assert done.customer_details.name == "Ada Byron"


def test_a_subscription_from_checkout_is_born_active(shop):
    shop.pay(shop.session())

    created = shop.last_event("customer.subscription.created")

    assert created.data.object.status == "active"
    assert shop.events()[-1] == "checkout.session.completed"


def test_an_existing_customer_is_kept(api, shop):
    customer = shop.customer(card=None)
    session = shop.session(customer=customer)

    shop.pay(session)

    assert api.checkout.sessions.retrieve(session.id).customer == customer
    assert len(api.customers.list().data) == 1
    assert len(api.payment_methods.list({"customer": customer}).data) == 1


def test_a_declined_card_leaves_nothing_behind(api, shop):
    session = shop.session()

    outcome = shop.pay(session, DECLINED)

    assert outcome == Declined(
        "card_declined", "Your card was declined.", "generic_decline"
    )
    assert api.checkout.sessions.retrieve(session.id).status == "open"
    assert api.subscriptions.list({"status": "all"}).data == []
    assert api.customers.list().data == []


def test_a_declined_payer_may_try_another_card(api, shop):
    session = shop.session()

    shop.pay(session, DECLINED)
    shop.pay(session)

    assert api.checkout.sessions.retrieve(session.id).status == "complete"


def test_the_bank_may_ask_and_be_answered(api, shop):
    session = shop.session()

    asked = shop.pay(session, NEEDS_3DS)
    assert isinstance(asked, ActionRequired)
    assert asked.url.endswith(f"/authenticate/{asked.intent_id}/")
    assert api.subscriptions.list().data == []
    outcome = shop.authenticate(asked.intent_id)

    assert isinstance(outcome, Completed)
    assert [it.status for it in api.subscriptions.list().data] == ["active"]
    assert shop.invoices()[0].status == "paid"
    assert api.payment_intents.retrieve(asked.intent_id).status == "succeeded"


def test_failing_the_banks_question_leaves_nothing_behind(api, shop):
    session = shop.session()
    asked = shop.pay(session, NEEDS_3DS)

    outcome = shop.authenticate(asked.intent_id, succeed=False)

    assert isinstance(outcome, Declined)
    assert "authenticate" in outcome.message
    assert api.subscriptions.list({"status": "all"}).data == []


def test_a_question_is_answered_once(shop):
    asked = shop.pay(shop.session(), NEEDS_3DS)
    shop.authenticate(asked.intent_id)

    with pytest.raises(Exception, match="Nothing waits for authentication"):
        shop.authenticate(asked.intent_id)


def test_a_bank_may_agree_and_then_decline(api, shop):
    asked = shop.pay(shop.session(), "4000008260003178")

    outcome = shop.authenticate(asked.intent_id)

    assert isinstance(outcome, Declined)
    assert outcome.decline_code == "insufficient_funds"
    assert api.subscriptions.list({"status": "all"}).data == []


def test_a_card_set_up_at_checkout_renews_without_asking(api, shop):
    asked = shop.pay(shop.session(), "4000002500003155")
    shop.authenticate(asked.intent_id)

    shop.travel(moment(2026, 4, 1, 2))

    assert [it.status for it in shop.invoices()] == ["paid", "paid"]


def test_a_card_that_always_asks_is_past_due_at_its_renewal(api, shop):
    asked = shop.pay(shop.session(), NEEDS_3DS)
    shop.authenticate(asked.intent_id)

    shop.travel(moment(2026, 4, 1, 2))

    assert api.subscriptions.list().data[0].status == "past_due"
    assert "invoice.payment_action_required" in shop.events("invoice")


def test_a_trial_keeps_the_card_and_charges_nothing(api, shop):
    session = shop.session(subscription_data={"trial_period_days": 14})

    shop.pay(session)

    done = api.checkout.sessions.retrieve(session.id, {"expand": ["subscription"]})
    assert done.payment_status == "no_payment_required"
    assert done.subscription.status == "trialing"
    shop.travel(moment(2026, 3, 15, 2))
    assert shop.invoices()[0].amount_paid == 1200


def test_a_trial_may_begin_without_a_card(api, shop):
    session = shop.session(
        subscription_data={"trial_period_days": 14},
        payment_method_collection="if_required",
    )

    checkout.pay(shop.world, session.id, card=None, email="ada@example.com")

    subscription = api.subscriptions.list().data[0]
    assert subscription.status == "trialing"
    assert subscription.default_payment_method is None


def test_setup_mode_only_keeps_the_card(api, shop):
    customer = shop.customer(card=None)
    session = shop.session(mode="setup", customer=customer, currency="eur")

    outcome = shop.pay(session)

    done = api.checkout.sessions.retrieve(session.id, {"expand": ["setup_intent"]})
    assert isinstance(outcome, Completed)
    assert done.setup_intent.status == "succeeded"
    methods = api.customers.payment_methods.list(customer).data
    assert [it.id for it in methods] == [done.setup_intent.payment_method]
    assert shop.invoices() == []


def test_payment_mode_takes_the_money_once(api, shop):
    mug = {
        "currency": "eur",
        "unit_amount": 900,
        "product_data": {"name": "Mug"},
    }
    session = shop.session(
        mode="payment", line_items=[{"price_data": mug, "quantity": 2}]
    )

    shop.pay(session)

    done = api.checkout.sessions.retrieve(session.id, {"expand": ["payment_intent"]})
    assert done.payment_intent.amount_received == 1800
    assert (done.customer, done.invoice) == (None, None)


def test_line_items_show_on_demand_and_in_their_list(api, shop):
    session = shop.session()

    expanded = api.checkout.sessions.retrieve(session.id, {"expand": ["line_items"]})
    listed = api.checkout.sessions.line_items.list(session.id)

    assert "line_items" not in session
    assert expanded.line_items.data[0].id == listed.data[0].id
    assert (listed.data[0].description, listed.data[0].amount_total) == ("Gold", 1200)


def test_an_expired_session_takes_no_money(api, shop):
    session = shop.session()

    expired = api.checkout.sessions.expire(session.id)

    assert (expired.status, expired.url) == ("expired", None)
    with pytest.raises(Exception, match="no longer open"):
        shop.pay(session)


def test_a_complete_session_takes_no_money_again(shop):
    session = shop.session()
    shop.pay(session)

    with pytest.raises(Exception, match="no longer open"):
        shop.pay(session)


@pytest.mark.parametrize(
    ("params", "param"),
    [
        pytest.param({"mode": "payment"}, "line_items", id="nothing to pay for"),
        pytest.param(
            {"customer": "cus_none"}, "customer", id="a customer who is not there"
        ),
        pytest.param(
            {"customer": "cus_x", "customer_email": "a@b.c"}, "customer", id="both"
        ),
        pytest.param({"expires_at": 1}, "expires_at", id="in the past"),
        pytest.param({"mode": "setup"}, "currency", id="setup without a currency"),
        pytest.param(
            {"allow_promotion_codes": True, "discounts": [{"coupon": "x"}]},
            "allow_promotion_codes",
            id="a choice of discounts beside a fixed one",
        ),
        pytest.param(
            {"tax_id_collection": {"enabled": True, "required": "if_supported"}},
            "tax_id_collection[required]",
            id="not built",
        ),
    ],
)
def test_a_session_that_cannot_work_is_refused(shop, params, param):
    with pytest.raises(stripe.InvalidRequestError) as refused:
        shop.session(**params)

    assert refused.value.param == param


def test_modes_and_prices_must_agree(shop):
    monthly = [{"price": shop.price(), "quantity": 1}]
    once = [{"price": shop.price(recurring=None), "quantity": 1}]

    with pytest.raises(stripe.InvalidRequestError, match="passed a recurring price"):
        shop.session(mode="payment", line_items=monthly)
    with pytest.raises(stripe.InvalidRequestError, match="at least one recurring"):
        shop.session(line_items=once)
