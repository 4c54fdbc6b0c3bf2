from __future__ import annotations

import pytest
import stripe

from tests.sandbox.resources.shop import DAY, HOUR, moment

APRIL = moment(2026, 4, 1)


def metered(shop, amount=10, tiers=None):
    """A price for each call."""
    meter = {
        "default_aggregation": {"formula": "sum"},
        "display_name": "Calls",
        "event_name": "calls",
    }
    found = shop.api.billing.meters.list({"limit": 1}).data
    meter_id = found[0].id if found else shop.api.billing.meters.create(meter).id
    rhythm = {"interval": "month", "meter": meter_id, "usage_type": "metered"}
    scheme = {"billing_scheme": "tiered", "tiers_mode": "graduated", "tiers": tiers}
    return shop.price(amount, "Calls", recurring=rhythm, **(scheme if tiers else {}))


def use(shop, customer, value, at=None):
    order = {
        "event_name": "calls",
        "payload": {"stripe_customer_id": customer, "value": str(value)},
        "timestamp": at or shop.world.now,
    }
    shop.api.billing.meter_events.create(order)


def lines_of(invoice):
    return [(line.quantity, line.amount) for line in invoice.lines.data]


def test_use_is_billed_after_the_period_and_seats_before_it(shop):
    prices = [{"price": shop.price(1000)}, {"price": metered(shop)}]
    subscription = shop.subscribe(items=prices)
    begun = shop.invoices()[0]
    use(shop, subscription.customer, 7)
    shop.wait(days=10)
    use(shop, subscription.customer, 5)

    shop.travel(APRIL + HOUR)

    assert sorted(lines_of(begun)) == [(0, 0), (1, 1000)]
    renewal = shop.invoices()[0]
    assert sorted(lines_of(renewal)) == [(1, 1000), (12, 120)]
    used = next(line for line in renewal.lines.data if line.quantity == 12)
    assert (used.period.start, used.period.end) == (moment(2026, 3, 1), APRIL)
    assert renewal.amount_paid == 1120


def test_what_is_reported_while_the_bill_is_a_draft_is_still_billed(shop):
    subscription = shop.subscribe(items=[{"price": metered(shop)}])
    shop.travel(APRIL + 60)
    before = shop.invoices()[0].total
    use(shop, subscription.customer, 9, at=APRIL - 60)
    use(shop, subscription.customer, 500)

    shop.travel(APRIL + HOUR)

    assert before == 0
    assert shop.invoices()[0].amount_paid == 90


def test_use_during_a_trial_is_free(shop):
    price = metered(shop)
    subscription = shop.subscribe(items=[{"price": price}], trial_period_days=14)
    use(shop, subscription.customer, 100)
    shop.travel(moment(2026, 3, 15, 2))
    use(shop, subscription.customer, 30)

    shop.travel(moment(2026, 4, 15, 2))

    assert [it.total for it in shop.invoices()] == [300, 0, 0]


def test_a_preview_says_what_was_used_so_far(api, shop):
    subscription = shop.subscribe(items=[{"price": metered(shop)}])
    use(shop, subscription.customer, 60)
    shop.wait(days=1)

    preview = api.invoices.create_preview({"subscription": subscription.id})

    assert (preview.total, preview.lines.data[0].quantity) == (600, 60)


def test_a_preview_has_a_line_for_each_tier_that_is_reached(api, shop):
    tiers = [
        {"up_to": 100, "unit_amount": 0, "flat_amount": 500},
        {"up_to": 200, "unit_amount": 3},
        {"up_to": "inf", "unit_amount": 2},
    ]
    price = metered(shop, None, tiers=tiers)
    subscription = shop.subscribe(items=[{"price": price}])
    preview = {"subscription": subscription.id}

    none = api.invoices.create_preview(preview)
    use(shop, subscription.customer, 150)
    shop.wait(days=1)
    some = api.invoices.create_preview(preview)

    assert lines_of(none) == [(0, 0), (1, 500)]
    assert lines_of(some) == [(100, 0), (1, 500), (50, 150)]


def test_leaving_at_once_can_bill_what_was_used(api, shop):
    kept, dropped = metered(shop), metered(shop)
    billed = shop.subscribe(items=[{"price": kept}])
    forgiven = shop.subscribe(items=[{"price": dropped}])
    for subscription in (billed, forgiven):
        use(shop, subscription.customer, 80)
    shop.wait(days=2)

    api.subscriptions.cancel(billed.id, {"invoice_now": True, "prorate": True})
    api.subscriptions.cancel(forgiven.id)

    assert shop.invoices(customer=billed.customer)[0].amount_paid == 800
    assert len(shop.invoices(customer=forgiven.customer)) == 1


def test_the_last_period_is_billed_when_it_is_over(api, shop):
    subscription = shop.subscribe(items=[{"price": metered(shop)}])
    api.subscriptions.update(subscription.id, {"cancel_at_period_end": True})
    use(shop, subscription.customer, 80)

    shop.travel(APRIL + 2 * DAY)

    assert shop.subscription(subscription.id).status == "canceled"
    assert shop.invoices()[0].amount_paid == 800


@pytest.mark.parametrize(("clear", "total"), [(False, 800 + 50), (True, 50)])
def test_a_new_price_does_not_change_what_was_used_before(api, shop, clear, total):
    subscription = shop.subscribe(items=[{"price": metered(shop)}])
    item = subscription["items"].data[0].id
    use(shop, subscription.customer, 80)
    shop.wait(days=10)
    order = {"id": item, "price": metered(shop, 50)}
    if clear:
        order["clear_usage"] = True
    api.subscriptions.update(subscription.id, {"items": [order]})
    use(shop, subscription.customer, 1)

    shop.travel(APRIL + HOUR)

    assert shop.invoices()[0].total == total


def test_nobody_orders_a_quantity_of_what_is_metered(shop):
    with pytest.raises(stripe.InvalidRequestError, match="Quantity should not be"):
        shop.subscribe(items=[{"price": metered(shop), "quantity": 2}])


def test_a_phase_that_ends_metering_bills_what_was_used(shop, api):
    phases = [
        {"items": [{"price": metered(shop)}], "end_date": moment(2026, 3, 11)},
        {
            "items": [{"price": shop.price(3100)}],
            "proration_behavior": "always_invoice",
        },
    ]
    customer = shop.customer()
    order = {"customer": customer, "start_date": "now", "phases": phases}
    api.subscription_schedules.create(order)
    use(shop, customer, 100)

    shop.travel(moment(2026, 3, 11, 1))

    assert sorted(lines_of(shop.invoices()[0])) == [(1, 2100), (100, 1000)]
