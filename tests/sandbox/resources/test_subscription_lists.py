from __future__ import annotations

import pytest

from tests.sandbox.resources.shop import DAY, moment

MARCH = moment(2026, 3, 1)


@pytest.mark.parametrize(
    ("filters", "found"),
    [
        ({"current_period_end": {"lt": MARCH + 40 * DAY}}, ["monthly"]),
        ({"current_period_end": {"gte": MARCH + 40 * DAY}}, ["yearly"]),
        ({"current_period_start": MARCH}, ["monthly"]),
        ({"created": {"gt": MARCH}, "current_period_start": {"gt": 1}}, ["yearly"]),
        ({"automatic_tax": {"enabled": True}}, []),
        ({"automatic_tax": {"enabled": False}}, ["yearly", "monthly"]),
    ],
)
def test_subscriptions_are_found_by_their_periods_and_taxes(api, shop, filters, found):
    shop.subscribe(metadata={"is": "monthly"})
    shop.wait(days=2)
    year = shop.price(recurring={"interval": "year"})
    shop.subscribe(items=[{"price": year}], metadata={"is": "yearly"})

    page = api.subscriptions.list(filters)

    assert [it.metadata["is"] for it in page.data] == found


def test_subscriptions_are_found_by_plan_or_price(api, shop):
    price = shop.price()
    shop.subscribe()
    subscription = shop.subscribe(items=[{"price": price}])

    for name in ("plan", "price"):
        page = api.subscriptions.list({name: price})
        assert [it.id for it in page.data] == [subscription.id]


def test_an_item_is_added_and_changed_by_plan(api, shop):
    subscription = shop.subscribe()
    order = {"subscription": subscription.id, "plan": shop.price(300, "Extra")}
    item = api.subscription_items.create(order)

    other = shop.price(400, "More")
    changed = api.subscription_items.update(item.id, {"plan": other})

    assert (item.price.unit_amount, changed.price.id) == (300, other)


def test_a_plan_brings_its_trial_along(api, shop):
    subscription = shop.subscribe()
    plan = api.plans.create(
        {
            "amount": 900,
            "currency": "eur",
            "interval": "month",
            "product": {"name": "Silver"},
            "trial_period_days": 10,
        }
    )
    item = {"id": subscription["items"].data[0].id, "price": plan.id}

    changed = api.subscriptions.update(
        subscription.id, {"items": [item], "trial_from_plan": True}
    )

    assert changed.status == "trialing"
    assert changed.trial_end == MARCH + 10 * DAY
