"""Subscriptions that rest for a while, and run again."""

from __future__ import annotations

from typing import Any

import pytest
import stripe

from tests.sandbox.resources.shop import Shop


@pytest.fixture
def resting(shop: Shop) -> str:
    subscription = shop.subscribe(items=[{"price": shop.price(3100)}])
    shop.wait(days=10)
    return subscription.id


def test_a_paused_subscription_gives_back_what_is_not_used_and_bills_no_more(
    shop: Shop, resting: str
) -> None:
    paused = shop.api.subscriptions.pause(resting)
    shop.wait(days=60)

    assert paused.status == "paused"
    assert paused.status_details is not None
    reason = paused.status_details.paused.subscription.type
    assert reason == "pause_requested"
    transition = paused.status_details.paused.transitioned_at
    assert paused["items"].data[0].current_period_end == transition
    assert len(shop.invoices()) == 1
    waiting = shop.api.invoice_items.list({"pending": True}).data
    assert [item.amount for item in waiting] == [-2100]
    seen = shop.events("subscription")
    assert seen[-2:] == [
        "customer.subscription.updated",
        "customer.subscription.paused",
    ]


def test_time_paid_for_may_be_forfeited(shop: Shop, resting: str) -> None:
    shop.api.subscriptions.pause(
        resting, {"bill_for": {"unused_time_from": {"type": "none"}}}
    )

    assert shop.api.invoice_items.list({"pending": True}).data == []


def test_resuming_is_charged_and_takes_effect_when_paid(
    shop: Shop, resting: str
) -> None:
    shop.api.subscriptions.pause(resting)
    shop.wait(days=5)

    waiting = shop.api.subscriptions.resume(resting)
    assert waiting.status == "paused"
    with pytest.raises(stripe.InvalidRequestError):
        shop.api.subscriptions.resume(resting)
    shop.api.invoices.pay(str(waiting.latest_invoice))

    running = shop.subscription(resting)
    assert running.status == "active"
    assert shop.invoices()[0].amount_paid == 3100 - 2100
    assert running.billing_cycle_anchor == shop.world.now
    assert running["items"].data[0].current_period_start == shop.world.now
    assert shop.events("subscription")[-1] == "customer.subscription.resumed"
    shop.wait(days=32)
    assert len(shop.invoices()) == 3


def test_resuming_at_once_needs_money(shop: Shop, resting: str) -> None:
    shop.api.subscriptions.pause(
        resting, {"bill_for": {"unused_time_from": {"type": "none"}}}
    )

    resumed = shop.api.subscriptions.resume(
        resting, {"payment_behavior": "resume_on_payment_success"}
    )

    assert resumed.status == "active"
    assert shop.invoices()[0].amount_paid == 3100


def test_resuming_in_the_old_rhythm_costs_the_rest_of_the_period(
    shop: Shop, resting: str
) -> None:
    anchor = shop.subscription(resting).billing_cycle_anchor
    shop.api.subscriptions.pause(resting)
    shop.wait(days=10)

    resumed = shop.api.subscriptions.resume(
        resting, {"billing_cycle_anchor": {"type": "unchanged"}}
    )

    assert (resumed.status, resumed.billing_cycle_anchor) == ("active", anchor)
    waiting = shop.api.invoice_items.list({"pending": True}).data
    assert [item.amount for item in waiting] == [1100, -2100]


@pytest.mark.parametrize(
    "terms",
    [
        {"billing_mode": {"type": "classic"}},
        {"trial_period_days": 7},
        {"collection_method": "send_invoice", "days_until_due": 7},
    ],
)
def test_not_every_subscription_can_be_paused(
    shop: Shop, terms: dict[str, Any]
) -> None:
    subscription = shop.subscribe(**terms)

    with pytest.raises(stripe.InvalidRequestError):
        shop.api.subscriptions.pause(subscription.id)
    with pytest.raises(stripe.InvalidRequestError):
        shop.api.subscriptions.resume(subscription.id)


def test_a_trial_that_ended_without_a_card_is_resumed_with_one(shop: Shop) -> None:
    unsure = {"end_behavior": {"missing_payment_method": "pause"}}
    subscription = shop.subscribe(None, trial_period_days=7, trial_settings=unsure)
    paused = shop.api.subscriptions.update(subscription.id, {"trial_end": "now"})
    assert paused.status == "paused"
    assert "customer.subscription.paused" in shop.events("subscription")
    method = shop.api.payment_methods.attach(
        "pm_card_visa", {"customer": str(subscription.customer)}
    )
    shop.api.subscriptions.update(
        subscription.id, {"default_payment_method": method.id}
    )

    resumed = shop.api.subscriptions.resume(
        subscription.id, {"payment_behavior": "resume_on_payment_success"}
    )

    assert resumed.status == "active"
    assert shop.invoices()[0].amount_paid == 1200


def test_what_rests_gets_no_plan(shop: Shop, resting: str) -> None:
    shop.api.subscriptions.pause(resting)

    with pytest.raises(stripe.InvalidRequestError, match="in the `paused` status"):
        shop.api.subscription_schedules.create({"from_subscription": resting})


def refuse_money(shop: Shop, subscription: str) -> None:
    method = shop.api.payment_methods.attach(
        "pm_card_chargeCustomerFail",
        {"customer": str(shop.subscription(subscription).customer)},
    )
    order = {"default_payment_method": method.id}
    shop.api.subscriptions.update(subscription, order)  # type: ignore[arg-type]


def test_a_resumption_that_nobody_tries_to_pay_is_called_off(
    shop: Shop, resting: str
) -> None:
    shop.api.subscriptions.pause(resting)
    shop.wait(days=5)
    waiting = shop.api.subscriptions.resume(resting)

    shop.wait(hours=23)

    assert shop.subscription(resting).status == "paused"
    invoice = shop.api.invoices.retrieve(str(waiting.latest_invoice))
    assert invoice.status == "void"
    given_back = shop.api.invoice_items.list({"pending": True}).data
    assert [item.amount for item in given_back] == [-2100]
    assert shop.api.subscriptions.resume(resting).latest_invoice != invoice.id


def test_voiding_its_bill_leaves_a_subscription_paused(
    shop: Shop, resting: str
) -> None:
    shop.api.subscriptions.pause(resting)
    waiting = shop.api.subscriptions.resume(resting)

    shop.api.invoices.void_invoice(str(waiting.latest_invoice))

    assert shop.subscription(resting).status == "paused"


def test_a_failed_attempt_resumes_what_waited_for_an_attempt(
    shop: Shop, resting: str
) -> None:
    shop.api.subscriptions.pause(resting)
    shop.wait(days=5)
    waiting = shop.api.subscriptions.resume(resting)
    refuse_money(shop, resting)

    with pytest.raises(stripe.CardError):
        shop.api.invoices.pay(str(waiting.latest_invoice))

    assert shop.subscription(resting).status == "past_due"
    assert shop.events("subscription")[-1] == "customer.subscription.resumed"


def test_what_waits_for_money_stays_paused_and_is_tried_again(
    shop: Shop, resting: str
) -> None:
    shop.api.subscriptions.pause(resting)
    shop.wait(days=5)
    refuse_money(shop, resting)
    order = {"payment_behavior": "resume_on_payment_success"}
    resumed = shop.api.subscriptions.resume(resting, order)  # type: ignore[arg-type]
    method = shop.api.payment_methods.attach(
        "pm_card_visa", {"customer": str(resumed.customer)}
    )
    shop.api.subscriptions.update(resting, {"default_payment_method": method.id})

    shop.wait(days=3)

    assert resumed.status == "paused"
    assert shop.subscription(resting).status == "active"
