"""Pauses that a schedule plans, and what becomes of them."""

from __future__ import annotations

from typing import Any

import pytest
import stripe

from tests.sandbox.resources.shop import Shop, moment

APRIL, MAY, JUNE = (moment(2026, month, 1) for month in (4, 5, 6))
NOW = {"pause_at": {"type": "now"}}
IN_TWO_MONTHS = {
    "resume_at": {
        "type": "duration",
        "duration": {"interval": "month", "interval_count": 2},
    }
}


def planned(shop: Shop, **params: Any) -> stripe.SubscriptionSchedule:
    order = {
        "customer": shop.customer(),
        "start_date": "now",
        "phases": [
            {
                "items": [{"price": shop.price(3000)}],
                "duration": {"interval": "year", "interval_count": 1},
            }
        ],
        **params,
    }
    return shop.api.subscription_schedules.create(order)


def entry_of(shop: Shop, schedule: stripe.SubscriptionSchedule) -> Any:
    found = shop.api.subscription_schedules.retrieve(schedule.id)
    return found.pause_schedules[0]


def states(shop: Shop, schedule: stripe.SubscriptionSchedule) -> tuple[str, str]:
    entry = entry_of(shop, schedule)
    return entry.pause.status.type, entry.resume.status.type


def status(shop: Shop, schedule: stripe.SubscriptionSchedule) -> str:
    return shop.subscription(str(schedule.subscription)).status


def test_a_subscription_rests_for_two_months_and_runs_again(shop: Shop) -> None:
    subscription = shop.subscribe(items=[{"price": shop.price(3100)}])
    shop.wait(days=10)
    schedule = shop.api.subscription_schedules.create(
        {
            "from_subscription": subscription.id,
            "pause_schedules": [{"pause": NOW, "resume": IN_TWO_MONTHS}],
        }
    )
    resting = shop.subscription(subscription.id)
    before = states(shop, schedule)
    shop.travel(moment(2026, 5, 12))

    assert (resting.status, before) == ("paused", ("succeeded", "scheduled"))
    assert shop.subscription(subscription.id).status == "active"
    assert states(shop, schedule) == ("succeeded", "succeeded")
    assert [it.amount_paid for it in shop.invoices()] == [1000, 3100]
    released = shop.api.subscription_schedules.retrieve(schedule.id)
    assert released.status == "released"


def test_a_pause_goes_before_the_renewal_of_its_second(shop: Shop) -> None:
    at = {"type": "timestamp", "timestamp": APRIL}
    schedule = planned(shop, pause_schedules=[{"pause": {"pause_at": at}}])
    shop.travel(APRIL - 1)
    before = status(shop, schedule)
    shop.travel(JUNE)

    assert (before, status(shop, schedule)) == ("active", "paused")
    assert len(shop.invoices()) == 1
    assert entry_of(shop, schedule).resume is None


def test_a_resumption_nobody_pays_for_waits_for_the_payment(shop: Shop) -> None:
    unused = {"unused_time_from": {"type": "none"}}
    forfeiting = {**NOW, "settings": {"bill_for": unused}}
    schedule = planned(
        shop,
        customer=shop.customer("pm_card_chargeCustomerFail"),
        pause_schedules=[{"pause": forfeiting, "resume": IN_TWO_MONTHS}],
    )
    shop.travel(moment(2026, 5, 1, 1))
    waiting = states(shop, schedule), status(shop, schedule)
    invoice = shop.subscription(str(schedule.subscription)).latest_invoice
    card = shop.api.payment_methods.attach(
        "pm_card_visa", {"customer": str(schedule.customer)}
    )
    shop.api.invoices.pay(str(invoice), {"payment_method": card.id})

    assert waiting == (("succeeded", "pending"), "paused")
    assert states(shop, schedule) == ("succeeded", "succeeded")
    assert status(shop, schedule) == "active"


def test_a_pause_that_cannot_be_taken_says_why(shop: Shop) -> None:
    at = {"type": "timestamp", "timestamp": APRIL}
    schedule = planned(shop, pause_schedules=[{"pause": {"pause_at": at}}])
    shop.api.subscriptions.update(
        str(schedule.subscription),
        {"collection_method": "send_invoice", "days_until_due": 7},
    )
    shop.travel(APRIL)

    pause = entry_of(shop, schedule).pause
    assert pause.status.type == "error"
    assert "charge_automatically" in pause.status.error.message


def test_a_plan_is_changed_by_its_key_and_dropped(shop: Shop) -> None:
    at = {"type": "timestamp", "timestamp": APRIL}
    first = {"key": "summer", "pause": {"pause_at": at}, "resume": IN_TWO_MONTHS}
    schedule = planned(shop, pause_schedules=[first])
    assert entry_of(shop, schedule).resume.resume_at == JUNE

    update = shop.api.subscription_schedules.update
    settings = {"invoicing_behavior": "invoice"}
    change = {"key": "summer", "pause": {"settings": settings}, "resume": ""}
    changed = update(schedule.id, {"pause_schedules": [change]})
    dropped = update(schedule.id, {"pause_schedules": ""})
    shop.travel(APRIL + 1)

    entry = changed.pause_schedules[0]
    assert (entry.pause.pause_at, entry.resume) == (APRIL, None)
    assert entry.pause.settings.invoicing_behavior == "invoice"
    assert dropped.pause_schedules == []
    assert status(shop, schedule) == "active"


def test_a_subscription_that_rests_is_resumed_now(shop: Shop) -> None:
    schedule = planned(shop, pause_schedules=[{"key": "rest", "pause": NOW}])
    shop.wait(days=5)
    resume = {"resume_at": {"type": "now"}}

    shop.api.subscription_schedules.update(
        schedule.id, {"pause_schedules": [{"key": "rest", "resume": resume}]}
    )

    assert status(shop, schedule) == "active"
    assert states(shop, schedule) == ("succeeded", "succeeded")


def test_a_phase_that_begins_in_a_pause_bills_nothing(shop: Shop) -> None:
    month = {"interval": "month", "interval_count": 1}
    cheap, dear = shop.price(1000), shop.price(2000, "Platinum")
    schedule = planned(
        shop,
        phases=[
            {"items": [{"price": cheap}], "duration": month},
            {"items": [{"price": dear}], "duration": month},
        ],
        pause_schedules=[{"pause": NOW}],
    )
    shop.travel(APRIL + 1)

    resting = shop.subscription(str(schedule.subscription))
    assert (resting.status, resting["items"].data[0].price.id) == ("paused", dear)
    assert len(shop.invoices()) == 1


@pytest.mark.parametrize(
    "entry",
    [
        pytest.param({"resume": IN_TWO_MONTHS}, id="no pause"),
        pytest.param({"pause": {"pause_at": {"type": "timestamp"}}}, id="no moment"),
        pytest.param(
            {"pause": {"pause_at": {"type": "timestamp", "timestamp": 5}}}, id="past"
        ),
        pytest.param(
            {"pause": NOW, "resume": {"resume_at": {"type": "now"}}}, id="no rest"
        ),
    ],
)
def test_a_plan_that_makes_no_sense_is_refused(shop: Shop, entry: Any) -> None:
    with pytest.raises(stripe.InvalidRequestError) as refusal:
        planned(shop, pause_schedules=[entry])

    assert (refusal.value.param or "").startswith(("pause", "pause_schedules[0]"))
