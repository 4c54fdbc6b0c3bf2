from __future__ import annotations

import pytest
import stripe

from tests.sandbox.resources.shop import moment

APRIL, MAY, JUNE = (moment(2026, month, 1) for month in (4, 5, 6))
MONTH = {"interval": "month", "interval_count": 1}


def plan(shop, *prices, **params):
    order = {
        "customer": shop.customer(),
        "start_date": "now",
        "phases": [
            {"items": [{"price": price, "quantity": 1}], "duration": MONTH}
            for price in prices
        ],
        **params,
    }
    return shop.api.subscription_schedules.create(order)


def downgrade(api, shop, price, **more):
    subscription = shop.subscribe(items=[{"price": shop.price(2000)}])
    made = api.subscription_schedules.create({"from_subscription": subscription.id})
    current = made.phases[0]
    now = {
        "items": [{"price": it.price, "quantity": it.quantity} for it in current.items],
        "start_date": current.start_date,
        "end_date": current.end_date,
    }
    then = {"items": [{"price": price, "quantity": 1}], "duration": MONTH}
    api.subscription_schedules.update(made.id, {"phases": [now, then], **more})
    return subscription, made


def test_a_plan_that_starts_now_makes_a_subscription_and_drafts_its_bill(api, shop):
    schedule = plan(shop, shop.price())

    subscription = shop.subscription(schedule.subscription)
    assert (schedule.status, subscription.status) == ("active", "active")
    assert subscription.schedule == schedule.id
    assert schedule.current_phase.end_date == APRIL
    assert shop.invoices()[0].status == "draft"
    assert shop.events()[-3:] == [
        "customer.subscription.created",
        "invoice.created",
        "subscription_schedule.created",
    ]
    shop.wait(hours=1)
    assert shop.invoices()[0].status == "paid"


def test_a_plan_for_later_starts_at_its_second(api, shop):
    schedule = plan(shop, shop.price(), start_date=APRIL)
    shop.travel(APRIL - 1)
    before = api.subscription_schedules.retrieve(schedule.id)
    shop.travel(APRIL)

    started = api.subscription_schedules.retrieve(schedule.id)
    assert (before.status, before.subscription) == ("not_started", None)
    assert started.status == "active"
    assert shop.subscription(started.subscription).start_date == APRIL


def test_a_downgrade_waits_for_the_end_of_the_period(api, shop):
    cheaper = shop.price(800, "Silver")
    subscription, schedule = downgrade(api, shop, cheaper)
    item = subscription["items"].data[0].id

    shop.travel(APRIL + 3600)

    changed = shop.subscription(subscription.id)["items"].data
    assert [(it.id, it.price.id) for it in changed] == [(item, cheaper)]
    assert [it.amount_paid for it in shop.invoices()] == [800, 2000]
    shop.travel(MAY)
    done = api.subscription_schedules.retrieve(schedule.id)
    assert (done.status, done.released_subscription) == ("released", subscription.id)
    assert shop.subscription(subscription.id).schedule is None
    assert len(shop.invoices()) == 3


def test_undoing_a_scheduled_change_leaves_everything_as_it_was(api, shop):
    subscription, schedule = downgrade(api, shop, shop.price(800))

    released = api.subscription_schedules.release(schedule.id)
    told = shop.events()[-3:]
    shop.travel(APRIL + 3600)

    assert (released.status, released.subscription) == ("released", None)
    assert told == [
        "subscription_schedule.updated",
        "customer.subscription.updated",
        "subscription_schedule.released",
    ]
    assert shop.invoices()[0].amount_paid == 2000
    assert shop.subscription(subscription.id).schedule is None


def test_a_phase_in_mid_period_is_prorated_as_it_says(api, shop):
    first, second = shop.price(3100), shop.price(6200)
    phases = [
        {"items": [{"price": first}], "end_date": moment(2026, 3, 11)},
        {
            "items": [{"price": second}],
            "duration": MONTH,
            "proration_behavior": "always_invoice",
        },
    ]
    plan(shop, phases=phases)

    shop.travel(moment(2026, 3, 11, 1))

    assert sorted(it.amount for it in shop.invoices()[0].lines.data) == [-2100, 4200]
    assert shop.invoices()[0].amount_paid == 2100


def test_a_trial_phase_is_free_and_the_next_one_is_not(shop):
    price = shop.price()
    trial = {"items": [{"price": price}], "duration": MONTH, "trial": True}
    schedule = plan(shop, phases=[trial, {"items": [{"price": price}]}])
    status = shop.subscription(schedule.subscription).status

    shop.travel(APRIL + 3600)

    assert status == "trialing"
    assert shop.subscription(schedule.subscription).status == "active"
    assert [it.amount_paid for it in shop.invoices()] == [1200, 0]


def test_a_plan_can_end_its_subscription(api, shop):
    schedule = plan(shop, shop.price(), end_behavior="cancel")
    planned = shop.subscription(schedule.subscription)

    shop.travel(MAY)

    done = api.subscription_schedules.retrieve(schedule.id)
    assert planned.cancel_at == APRIL
    assert (done.status, done.completed_at) == ("completed", APRIL)
    assert shop.subscription(planned.id).ended_at == APRIL
    assert len(shop.invoices()) == 1


def test_whoever_is_going_to_run_out_is_told_a_week_before(shop):
    plan(shop, shop.price())

    shop.travel(APRIL - 7 * 86_400)

    assert shop.events()[-1] == "subscription_schedule.expiring"


def test_canceling_a_plan_ends_its_subscription(api, shop):
    schedule = plan(shop, shop.price())

    canceled = api.subscription_schedules.cancel(schedule.id)

    assert canceled.status == "canceled"
    assert shop.subscription(schedule.subscription).status == "canceled"
    with pytest.raises(stripe.InvalidRequestError, match="currently in the `canceled`"):
        api.subscription_schedules.release(schedule.id)


def test_a_plan_does_not_outlive_its_subscription(api, shop):
    schedule = plan(shop, shop.price())

    api.subscriptions.cancel(schedule.subscription)

    gone = api.subscription_schedules.retrieve(schedule.id)
    assert gone.status == "canceled"
    assert shop.events()[-1] == "subscription_schedule.canceled"


def test_a_planned_subscription_is_not_ended_behind_its_plans_back(api, shop):
    schedule = plan(shop, shop.price())

    with pytest.raises(stripe.InvalidRequestError, match="managed by the subscription"):
        api.subscriptions.update(schedule.subscription, {"cancel_at_period_end": True})


@pytest.mark.parametrize(
    ("start", "message"),
    [(None, "missing at least one phase"), ("now", "start date of the current phase")],
)
def test_the_current_phase_is_restated_with_its_start(api, shop, start, message):
    price = shop.price()
    schedule = plan(shop, price)
    shop.wait(days=1)
    phase = {"items": [{"price": price}], "duration": MONTH}
    if start:
        phase["start_date"] = start

    with pytest.raises(stripe.InvalidRequestError, match=message):
        api.subscription_schedules.update(schedule.id, {"phases": [phase]})


def test_phases_follow_each_other_without_a_gap(api, shop):
    price = shop.price()
    schedule = plan(shop, price, start_date=APRIL)
    first = {"items": [{"price": price}], "start_date": APRIL, "end_date": MAY}
    second = {"items": [{"price": price}], "start_date": JUNE}

    with pytest.raises(stripe.InvalidRequestError, match="no gap and no overlap"):
        api.subscription_schedules.update(schedule.id, {"phases": [first, second]})


def test_only_one_plan_manages_a_subscription(api, shop):
    schedule = plan(shop, shop.price())
    order = {"from_subscription": schedule.subscription}

    with pytest.raises(stripe.InvalidRequestError, match="already attached"):
        api.subscription_schedules.create(order)


@pytest.mark.parametrize(
    "beside", [{"end_behavior": "cancel"}, {"metadata": {"a": "b"}}]
)
def test_a_subscription_is_taken_over_as_it_is_and_changed_then(api, shop, beside):
    subscription = shop.subscribe(items=[{"price": shop.price()}])
    order = {"from_subscription": subscription.id, **beside}

    with pytest.raises(stripe.InvalidRequestError, match="together with"):
        api.subscription_schedules.create(order)


def test_a_month_keeps_to_the_day_it_began_with(shop):
    shop.travel(moment(2026, 3, 31))
    price = shop.price()

    schedule = plan(shop, price, price, price)

    ends = [phase.end_date for phase in schedule.phases]
    assert ends == [moment(2026, 4, 30), moment(2026, 5, 31), moment(2026, 6, 30)]


def test_plans_are_listed_by_customer_and_by_what_became_of_them(api, shop):
    waiting = plan(shop, shop.price(), start_date=APRIL)
    released = api.subscription_schedules.release(plan(shop, shop.price()).id)

    def listed(**params):
        return [it.id for it in api.subscription_schedules.list(params).data]

    assert listed(scheduled=True) == [waiting.id]
    assert listed(customer=released.customer) == [released.id]
    assert listed(released_at={"gte": shop.world.now}) == [released.id]
    assert listed(canceled_at={"gte": 1}) == []


@pytest.mark.parametrize("mode", ["classic", "flexible"])
def test_phases_within_a_period_cost_what_their_days_cost(api, shop, mode):
    small, large = shop.price(1200), shop.price(2400)
    customer = shop.customer()
    ends = [moment(2026, 3, 11), moment(2026, 3, 21), APRIL]
    phases = [
        {"items": [{"price": price, "quantity": 1}], "end_date": end}
        for price, end in zip([small, large, small], ends, strict=True)
    ]

    api.subscription_schedules.create(
        {
            "customer": customer,
            "start_date": "now",
            "billing_mode": {"type": mode},
            "phases": phases,
        }
    )
    shop.travel(moment(2026, 3, 22))

    pending = api.invoice_items.list({"customer": customer, "pending": True}).data
    # Ten of the thirty-one days at the dearer price.
    assert abs(sum(item.amount for item in pending) - 1200 * 10 / 31) < len(pending)
