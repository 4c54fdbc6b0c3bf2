"""What a subscription will charge period by period, whatever is billed next."""

from __future__ import annotations

from typing import Any

import pytest
import stripe

from tests.sandbox.resources.shop import Shop, moment

APRIL, MAY = moment(2026, 4, 1), moment(2026, 5, 1)


@pytest.fixture
def running(shop: Shop) -> stripe.Subscription:
    """A subscription over 31 euros a month, ten days into a month of 31."""
    subscription = shop.subscribe(items=[{"price": shop.price(3100)}])
    shop.travel(moment(2026, 3, 11))
    return subscription


def preview(shop: Shop, begun: stripe.Subscription, **details: Any) -> stripe.Invoice:
    order = {
        "preview_mode": "recurring",
        "subscription": begun.id,
        "subscription_details": details,
    }
    return shop.api.invoices.create_preview(order)  # type: ignore[arg-type]


def item_of(begun: stripe.Subscription) -> str:
    return begun["items"].data[0].id


def gist(invoice: stripe.Invoice) -> Any:
    lines = [
        (line.amount, line.description, line.period.start, line.period.end)
        for line in invoice.lines.data
    ]
    return invoice.total, invoice.amount_due, lines


def test_it_is_what_a_renewal_costs(shop: Shop, running: stripe.Subscription) -> None:
    promised = preview(shop, running)
    shop.travel(APRIL)

    assert gist(promised) == gist(shop.invoices()[0])
    assert promised.total == 3100
    assert (promised.created, promised.billing_reason) == (APRIL, "upcoming")


def test_a_change_counts_from_the_next_whole_period_on(
    shop: Shop, running: stripe.Subscription
) -> None:
    item = {"id": item_of(running), "price": shop.price(500, "New"), "quantity": 3}

    promised = preview(shop, running, items=[item])
    shop.api.subscriptions.update(running.id, {"items": [item]})
    shop.travel(APRIL)
    with_prorations = shop.invoices()[0]
    shop.travel(MAY)

    assert promised.total == 1500
    assert with_prorations.total == 1500 - 2100 + 1016
    assert gist(promised)[:2] == gist(shop.invoices()[0])[:2]


def test_items_come_and_go(shop: Shop, running: stripe.Subscription) -> None:
    added = {"price": shop.price(900, "Extra")}
    gone = {"id": item_of(running), "deleted": True}

    assert preview(shop, running, items=[added]).total == 4000
    assert preview(shop, running, items=[added, gone]).total == 900


@pytest.mark.parametrize("mode", ["classic", "flexible"])
def test_another_interval_is_shown_once(shop: Shop, mode: str) -> None:
    begun = shop.subscribe(billing_mode={"type": mode})
    yearly = shop.price(30000, "Year", recurring={"interval": "year"})

    promised = preview(shop, begun, items=[{"id": item_of(begun), "price": yearly}])

    assert promised.total == 30000
    [line] = promised.lines.data
    assert line.period.start == moment(2027, 3, 1)
    assert line.period.end == moment(2028, 3, 1)


def test_a_change_that_begins_anew_is_shown_from_its_second_period_on(
    shop: Shop, running: stripe.Subscription
) -> None:
    yearly = shop.price(30000, "Year", recurring={"interval": "year"})
    wish = {
        "items": [{"id": item_of(running), "price": yearly}],
        "billing_cycle_anchor": {"type": "now"},
    }

    promised = preview(shop, running, **wish)

    assert (promised.total, promised.created) == (30000, moment(2027, 3, 11))


def test_what_waits_and_what_is_owed_is_left_aside(
    shop: Shop, running: stripe.Subscription
) -> None:
    customer = str(running.customer)
    fee = {"customer": customer, "subscription": running.id, "amount": 700}
    shop.api.invoice_items.create({**fee, "currency": "eur"})  # type: ignore[typeddict-item]
    shop.api.customers.update(customer, {"balance": -1000})

    promised = preview(shop, running)

    assert (promised.total, promised.amount_due) == (3100, 3100)
    assert promised.starting_balance == 0
    assert shop.api.customers.retrieve(customer).balance == -1000


def test_nobody_knows_yet_what_will_be_used(shop: Shop) -> None:
    meter = shop.api.billing.meters.create(
        {
            "default_aggregation": {"formula": "sum"},
            "display_name": "Calls",
            "event_name": "calls",
        }
    )
    rhythm = {"interval": "month", "usage_type": "metered", "meter": meter.id}
    calls = shop.price(50, "Calls", recurring=rhythm)
    begun = shop.subscribe(items=[{"price": shop.price()}, {"price": calls}])
    payload = {"stripe_customer_id": str(begun.customer), "value": "5"}
    shop.wait(days=3)
    shop.api.billing.meter_events.create({"event_name": "calls", "payload": payload})

    promised = preview(shop, begun)

    assert [line.amount for line in promised.lines.data] == [0, 1200]


def test_a_trial_is_looked_beyond(shop: Shop) -> None:
    begun = shop.subscribe(trial_period_days=7)

    promised = preview(shop, begun)

    assert (promised.total, promised.created) == (1200, moment(2026, 3, 8))
    assert "Trial" not in str(promised.lines.data[0].description)


@pytest.mark.parametrize(
    ("terms", "total"),
    [
        ({"duration": "forever"}, 600),
        ({"duration": "once"}, 1200),
        ({"duration": "repeating", "duration_in_months": 2}, 600),
        ({"duration": "repeating", "duration_in_months": 1}, 1200),
    ],
)
def test_discounts_count_while_they_last(
    shop: Shop, terms: dict[str, Any], total: int
) -> None:
    coupon = shop.api.coupons.create({"percent_off": 50, **terms})  # type: ignore[typeddict-item]
    begun = shop.subscribe(discounts=[{"coupon": coupon.id}])
    first = shop.invoices()[0].total

    promised = preview(shop, begun)
    shop.travel(APRIL)

    assert (first, promised.total) == (600, total)
    assert gist(promised) == gist(shop.invoices()[0])


def test_a_customer_s_own_discount_counts_once_the_other_is_used_up(
    shop: Shop,
) -> None:
    half = shop.api.coupons.create({"percent_off": 50, "duration": "once"})
    tenth = shop.api.coupons.create({"percent_off": 10, "duration": "forever"})
    customer = shop.customer()
    earlier: Any = {"stripe_version": "2024-06-20"}
    shop.api.customers.update(customer, {"coupon": tenth.id}, earlier)  # type: ignore[typeddict-unknown-key]
    begun = shop.subscribe(customer=customer, discounts=[{"coupon": half.id}])

    promised = preview(shop, begun)
    shop.travel(APRIL)

    assert promised.total == shop.invoices()[0].total == 1080


def test_taxes_are_on_it(shop: Shop, running: stripe.Subscription) -> None:
    rate = shop.api.tax_rates.create(
        {"display_name": "VAT", "percentage": 20, "inclusive": False}
    )

    promised = preview(shop, running, default_tax_rates=[rate.id])

    assert (promised.subtotal, promised.total) == (3100, 3720)


def test_a_new_subscription_can_be_looked_at(shop: Shop) -> None:
    promised = shop.api.invoices.create_preview(
        {
            "customer": shop.customer(),
            "preview_mode": "recurring",
            "subscription_details": {
                "items": [{"price": shop.price(1200)}],
                "trial_end": moment(2026, 3, 20),
            },
        }
    )

    assert (promised.total, promised.created) == (1200, moment(2026, 3, 20))
    assert shop.api.subscriptions.list().data == []


def test_what_rests_costs_what_it_will_cost_again(
    shop: Shop, running: stripe.Subscription
) -> None:
    shop.api.subscriptions.pause(running.id)
    shop.wait(days=60)

    assert preview(shop, running).total == 3100


@pytest.mark.parametrize("leaves", ["cancel_now", "cancel_at_period_end"])
def test_what_ends_does_not_recur(
    shop: Shop, running: stripe.Subscription, leaves: str
) -> None:
    with pytest.raises(stripe.InvalidRequestError) as nothing:
        preview(shop, running, **{leaves: True})

    assert nothing.value.code == "invoice_upcoming_none"


@pytest.mark.parametrize("start", ["now", APRIL])
def test_a_plan_is_shown_as_what_it_charges_in_its_phase(
    shop: Shop, start: str | int
) -> None:
    phase = {
        "items": [{"price": shop.price(1000)}],
        "duration": {"interval": "month", "interval_count": 3},
    }
    order = {"customer": shop.customer(), "start_date": start, "phases": [phase]}
    plan = shop.api.subscription_schedules.create(order)  # type: ignore[arg-type]

    promised = shop.api.invoices.create_preview(
        {"schedule": plan.id, "preview_mode": "recurring"}
    )

    assert promised.total == 1000


def test_looking_changes_nothing(shop: Shop, running: stripe.Subscription) -> None:
    before = shop.subscription(running.id).to_dict(for_json=True)
    events = shop.events()

    preview(shop, running, items=[{"price": shop.price(100, "Little")}])

    assert shop.subscription(running.id).to_dict(for_json=True) == before
    assert [one for one in shop.events() if "subscription" in one] == [
        one for one in events if "subscription" in one
    ]
