from __future__ import annotations

import pytest

from tests.sandbox.resources.shop import HOUR, moment
from wagtail_billing_portal.sandbox.billing import dunning


def test_a_renewal_is_drafted_and_charged_an_hour_later(shop):
    subscription = shop.subscribe()

    shop.travel(moment(2026, 4, 1))
    draft = shop.invoices()[0]
    shop.wait(hours=1)
    paid = shop.invoices()[0]

    assert (draft.status, draft.attempted, draft.number) == ("draft", False, None)
    assert draft.billing_reason == "subscription_cycle"
    assert draft.automatically_finalizes_at == moment(2026, 4, 1, 1)
    assert (paid.id, paid.status, paid.amount_paid) == (draft.id, "paid", 1200)
    item = shop.subscription(subscription.id)["items"].data[0]
    assert item.current_period_end == moment(2026, 5, 1)


def test_months_of_history_are_lived_through(shop):
    subscription = shop.subscribe()

    shop.travel(moment(2027, 3, 1, 2))

    invoices = shop.invoices(subscription=subscription.id)
    assert len(invoices) == 13
    assert {invoice.status for invoice in invoices} == {"paid"}
    assert invoices[0].created == moment(2027, 3, 1)
    assert [it.number[-4:] for it in invoices][-2:] == ["0002", "0001"]


def test_events_carry_the_time_at_which_things_happened(shop):
    shop.subscribe()

    shop.travel(moment(2026, 6, 1))

    event = shop.last_event("invoice.paid")
    assert event.created == moment(2026, 5, 1, 1)
    assert event.request.id is None


def test_a_subscription_ends_when_its_last_period_does(api, shop):
    subscription = shop.subscribe()
    api.subscriptions.update(subscription.id, {"cancel_at_period_end": True})

    shop.travel(moment(2026, 5, 1))

    ended = shop.subscription(subscription.id)
    assert (ended.status, ended.ended_at) == ("canceled", moment(2026, 4, 1))
    assert len(shop.invoices()) == 1


def test_a_period_that_ends_early_costs_its_part(api, shop):
    subscription = shop.subscribe(items=[{"price": shop.price(3000)}])
    api.subscriptions.update(subscription.id, {"cancel_at": moment(2026, 4, 11)})

    shop.travel(moment(2026, 4, 2))

    assert shop.invoices()[0].total == 1000


def test_a_trial_warns_and_then_bills(shop):
    subscription = shop.subscribe(trial_period_days=14)

    shop.travel(moment(2026, 3, 12))
    warned = shop.events("subscription")[-1]
    shop.travel(moment(2026, 3, 15, 2))

    assert warned == "customer.subscription.trial_will_end"
    assert shop.subscription(subscription.id).status == "active"
    assert shop.invoices()[0].amount_paid == 1200


@pytest.mark.parametrize(
    ("missing", "status"),
    [
        pytest.param("cancel", "canceled", id="cancel"),
        pytest.param("pause", "paused", id="pause"),
        pytest.param("create_invoice", "past_due", id="create_invoice"),
    ],
)
def test_a_trial_without_a_card_ends_as_it_was_set(shop, missing, status):
    subscription = shop.subscribe(
        card=None,
        trial_period_days=14,
        trial_settings={"end_behavior": {"missing_payment_method": missing}},
    )

    shop.travel(moment(2026, 3, 15, 2))

    assert shop.subscription(subscription.id).status == status


def fail_renewals(api, shop):
    subscription = shop.subscribe()
    failing = api.payment_methods.attach(
        "pm_card_chargeCustomerFail", {"customer": subscription.customer}
    )
    settings = {"default_payment_method": failing.id}
    api.customers.update(subscription.customer, {"invoice_settings": settings})
    shop.travel(moment(2026, 4, 1, 1))
    return subscription


def test_a_failed_renewal_is_past_due_and_tried_again(api, shop):
    subscription = fail_renewals(api, shop)

    invoice = shop.invoices()[0]
    assert shop.subscription(subscription.id).status == "past_due"
    assert api.customers.retrieve(subscription.customer).delinquent is True
    assert (invoice.status, invoice.attempt_count) == ("open", 1)
    assert invoice.next_payment_attempt == moment(2026, 4, 4, 1)


def test_a_card_that_works_again_makes_good(api, shop):
    subscription = fail_renewals(api, shop)
    good = api.payment_methods.attach(
        "pm_card_visa", {"customer": subscription.customer}
    )
    settings = {"default_payment_method": good.id}
    api.customers.update(subscription.customer, {"invoice_settings": settings})

    shop.wait(days=3)

    assert shop.subscription(subscription.id).status == "active"
    assert shop.invoices()[0].attempt_count == 2
    assert api.customers.retrieve(subscription.customer).delinquent is False


@pytest.mark.parametrize(
    ("final_action", "status"),
    [("cancel", "canceled"), ("unpaid", "unpaid"), ("past_due", "past_due")],
)
def test_after_the_last_retry_comes_what_is_set(api, shop, final_action, status):
    dunning.configure(shop.world, final_action=final_action)
    subscription = fail_renewals(api, shop)

    shop.wait(days=15)

    ended = shop.subscription(subscription.id)
    invoice = shop.invoices()[0]
    assert ended.status == status
    assert (invoice.attempt_count, invoice.next_payment_attempt) == (4, None)
    if status == "canceled":
        assert ended.cancellation_details.reason == "payment_failed"


def test_an_incomplete_subscription_expires_after_23_hours(shop):
    subscription = shop.subscribe("pm_card_chargeCustomerFail")

    shop.wait(hours=22)
    before = shop.subscription(subscription.id).status
    shop.wait(hours=1)

    assert before == "incomplete"
    assert shop.subscription(subscription.id).status == "incomplete_expired"
    assert shop.invoices()[0].status == "void"


def test_an_abandoned_checkout_session_expires(api, shop):
    session = shop.session()

    shop.wait(days=1)

    expired = api.checkout.sessions.retrieve(session.id)
    assert (expired.status, expired.url) == ("expired", None)
    assert shop.last_event("checkout.session.expired").created == session.expires_at


def test_a_bill_sent_by_mail_is_overdue_after_its_days(shop):
    subscription = shop.subscribe(
        card=None, collection_method="send_invoice", days_until_due=7
    )

    shop.wait(hours=1)
    sent = shop.invoices()[0]
    shop.wait(days=7)

    assert subscription.status == "active"
    assert (sent.status, sent.due_date) == ("open", sent.created + HOUR + 7 * 86_400)
    assert "invoice.overdue" in shop.events("invoice")
    assert shop.subscription(subscription.id).status == "past_due"


def test_a_card_pays_no_more_after_its_last_month(api, shop):
    subscription = shop.subscribe()
    method = api.payment_methods.list({"customer": subscription.customer}).data[0].id
    api.payment_methods.update(method, {"card": {"exp_year": 2026, "exp_month": 3}})

    shop.travel(moment(2026, 4, 1, 2))

    failed = api.charges.list({"customer": subscription.customer}).data[0]
    assert failed.failure_code == "expired_card"
    assert shop.subscription(subscription.id).status == "past_due"
