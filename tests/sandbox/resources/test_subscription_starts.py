from __future__ import annotations

import pytest
import stripe

from tests.sandbox.resources.shop import DAY, moment


def test_the_first_bill_is_for_the_days_until_the_billing_date(shop):
    subscription = shop.subscribe(
        items=[{"price": shop.price(2800)}],
        billing_cycle_anchor=moment(2026, 3, 15),
    )

    item = subscription["items"].data[0]
    assert subscription.billing_cycle_anchor == moment(2026, 3, 15)
    assert item.current_period_end == moment(2026, 3, 15)
    # From 15 February to 15 March are 28 days, 14 of them are left.
    assert shop.invoices()[0].amount_paid == 1400


def test_the_days_until_the_billing_date_can_be_given_away(shop):
    subscription = shop.subscribe(
        billing_cycle_anchor=moment(2026, 3, 15), proration_behavior="none"
    )
    shop.travel(moment(2026, 3, 15, 2))

    assert subscription.status == "active"
    assert [invoice.amount_paid for invoice in shop.invoices()] == [1200, 0]


def test_a_billing_date_by_the_day_of_the_month(shop):
    subscription = shop.subscribe(
        billing_cycle_anchor_config={"day_of_month": 31, "hour": 9}
    )

    assert subscription.billing_cycle_anchor == moment(2026, 3, 31, 9)
    assert subscription.billing_cycle_anchor_config.hour == 9
    assert subscription.billing_cycle_anchor_config.month is None


@pytest.mark.parametrize(
    ("order", "text"),
    [
        ({"billing_cycle_anchor": moment(2026, 2, 1)}, "in the future"),
        ({"billing_cycle_anchor": moment(2026, 4, 2)}, "next natural billing date"),
        ({"backdate_start_date": moment(2026, 4, 2)}, "in the past"),
        ({"trial_period_days": 731}, "730"),
        (
            {
                "billing_cycle_anchor": moment(2026, 3, 5),
                "billing_cycle_anchor_config": {"day_of_month": 1},
            },
            "only specify one",
        ),
    ],
)
def test_a_start_that_cannot_be_is_refused(shop, order, text):
    with pytest.raises(stripe.InvalidRequestError, match=text):
        shop.subscribe(**order)


def test_a_backdated_start_is_billed_for_the_time_before(shop):
    subscription = shop.subscribe(
        items=[{"price": shop.price(2800)}],
        backdate_start_date=moment(2026, 1, 15),
    )

    lines = shop.invoices()[0].lines.data
    assert subscription.start_date == moment(2026, 1, 15)
    # Half of 31 days less one in January, all of February.
    assert [line.amount for line in lines] == [2800, 1535 + 2800]
    assert lines[1].period.to_dict() == {
        "start": moment(2026, 1, 15),
        "end": moment(2026, 3, 1),
    }


def test_a_set_up_fee_is_on_the_first_bill_and_on_no_other(api, shop):
    fee = shop.price(500, "Set-up", recurring=None)
    subscription = shop.subscribe(add_invoice_items=[{"price": fee}])
    shop.travel(moment(2026, 4, 1, 2))

    item = shop.world.find("invoiceitem")[0]
    assert [invoice.amount_paid for invoice in shop.invoices()] == [1200, 1700]
    assert item["invoice"] == subscription.latest_invoice
    assert item["proration"] is False


def test_what_is_added_later_waits_for_the_next_bill(api, shop):
    subscription = shop.subscribe()
    fee = shop.price(500, "Help", recurring=None)
    order = {"add_invoice_items": [{"price": fee, "quantity": 2}]}

    api.subscriptions.update(subscription.id, order)
    shop.travel(moment(2026, 4, 1, 2))

    assert shop.invoices()[0].amount_paid == 2200


def test_a_fee_that_repeats_is_no_fee(shop):
    with pytest.raises(stripe.InvalidRequestError, match="type=one_time"):
        shop.subscribe(add_invoice_items=[{"price": shop.price()}])


def test_a_running_subscription_can_go_on_trial(api, shop):
    subscription = shop.subscribe(items=[{"price": shop.price(3100)}])
    shop.wait(days=1)
    end = shop.world.now + 20 * DAY

    trial = api.subscriptions.update(subscription.id, {"trial_end": end})
    shop.travel(end + 2 * 3600)

    credit = shop.invoices()[1]
    assert (trial.status, trial.trial_end) == ("trialing", end)
    assert trial.trial_start == moment(2026, 3, 2)
    assert trial["items"].data[0].current_period_end == end
    assert credit.total == -3000
    assert shop.subscription(subscription.id).status == "active"
    assert shop.invoices()[0].amount_due == 100
    assert shop.subscription(subscription.id).billing_cycle_anchor == end


def test_a_trial_before_a_billing_date(shop):
    subscription = shop.subscribe(
        items=[{"price": shop.price(3100)}],
        trial_end=moment(2026, 3, 11),
        billing_cycle_anchor=moment(2026, 4, 1),
    )
    shop.travel(moment(2026, 3, 11, 2))

    item = shop.subscription(subscription.id)["items"].data[0]
    assert item.current_period_end == moment(2026, 4, 1)
    assert shop.invoices()[0].amount_paid == 2100


@pytest.mark.parametrize("behavior", ["allow_incomplete", "error_if_incomplete"])
def test_a_trial_with_a_fee_needs_a_way_to_pay(api, shop, behavior):
    fee = shop.price(500, "Set-up", recurring=None)

    with pytest.raises(stripe.InvalidRequestError, match="no attached payment source"):
        shop.subscribe(
            None,
            trial_period_days=14,
            add_invoice_items=[{"price": fee}],
            payment_behavior=behavior,
        )

    assert api.subscriptions.list({"status": "all"}).data == []


def test_a_change_that_must_be_paid_needs_a_way_to_pay(api, shop):
    subscription = shop.subscribe()
    [method] = api.payment_methods.list({"customer": subscription.customer}).data
    api.payment_methods.detach(method.id)
    item = subscription["items"].data[0].id

    with pytest.raises(stripe.InvalidRequestError, match="no attached payment source"):
        api.subscriptions.update(
            subscription.id,
            {
                "items": [{"id": item, "quantity": 3}],
                "payment_behavior": "error_if_incomplete",
                "proration_behavior": "always_invoice",
            },
        )

    assert shop.subscription(subscription.id)["items"].data[0].quantity == 1
