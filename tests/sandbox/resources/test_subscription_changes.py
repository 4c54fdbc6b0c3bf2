from __future__ import annotations

import pytest
import stripe

from tests.sandbox.resources.shop import moment
from wagtail_billing_portal.sandbox.billing import changes, cycles


def test_a_new_anchor_bills_a_whole_period_less_what_was_not_used(api, shop):
    subscription = shop.subscribe(items=[{"price": shop.price(3100)}])
    shop.travel(moment(2026, 3, 11))

    moved = api.subscriptions.update(
        subscription.id,
        {"billing_cycle_anchor": {"type": "now"}, "expand": ["latest_invoice"]},
    )

    item = moved["items"].data[0]
    assert moved.billing_cycle_anchor == moment(2026, 3, 11)
    assert item.current_period_end == moment(2026, 4, 11)
    assert sorted(it.amount for it in moved.latest_invoice.lines.data) == [-2100, 3100]
    assert moved.latest_invoice.amount_paid == 1000


def test_a_longer_interval_costs_only_what_is_left_of_it(api, shop):
    subscription = shop.subscribe(items=[{"price": shop.price(3100)}])
    yearly = shop.price(36500, "Year", recurring={"interval": "year"})
    shop.travel(moment(2026, 3, 11))

    changed = api.subscriptions.update(
        subscription.id,
        {
            "items": [{"id": subscription["items"].data[0].id, "price": yearly}],
            "proration_behavior": "always_invoice",
            "expand": ["latest_invoice"],
        },
    )

    amounts = sorted(line.amount for line in changed.latest_invoice.lines.data)
    assert amounts == [-2100, 35500]
    assert changed["items"].data[0].current_period_end == moment(2027, 3, 1)


def test_only_a_flexible_subscription_mixes_intervals(shop):
    items = [
        {"price": shop.price()},
        {"price": shop.price(recurring={"interval": "year"})},
    ]

    mixed = shop.subscribe(items=items)

    ends = [item.current_period_end for item in mixed["items"].data]
    assert ends == [moment(2026, 4, 1), moment(2027, 3, 1)]
    with pytest.raises(stripe.InvalidRequestError, match="same `recurring.interval`"):
        shop.subscribe(items=items, billing_mode={"type": "classic"})


def test_prorations_are_reckoned_within_the_current_period_only(api, shop):
    subscription = shop.subscribe()
    item = subscription["items"].data[0].id

    with pytest.raises(stripe.InvalidRequestError, match="within the current period"):
        api.subscriptions.update(
            subscription.id,
            {
                "items": [{"id": item, "quantity": 2}],
                "proration_date": moment(2026, 2, 1),
            },
        )


def test_the_same_price_cannot_be_added_twice(api, shop):
    price = shop.price()
    subscription = shop.subscribe(items=[{"price": price}])

    with pytest.raises(stripe.InvalidRequestError, match="same plan"):
        api.subscriptions.update(subscription.id, {"items": [{"price": price}]})


def test_a_change_at_the_moment_of_renewal_is_billed_by_the_renewal(shop):
    subscription = shop.subscribe(items=[{"price": shop.price(3000)}])
    wanted = [{"price": shop.price(5000, "Platinum")}, {"price": shop.price(700)}]
    stored = shop.world.get("subscription", subscription.id)

    with shop.world.at(moment(2026, 4, 1)):
        order = {"items": changes.replacement(stored, wanted)}
        invoice = changes.apply(shop.world, stored, order)
        renewal = cycles.advance(shop.world, stored, reason="subscription_cycle")

    assert invoice is None
    assert sorted(line["amount"] for line in renewal["lines"]["data"]) == [700, 5000]


def test_an_item_may_be_given_by_its_plan(api, shop):
    subscription = shop.subscribe()
    plan = shop.price(300, "Extra")

    added = api.subscription_items.create(
        {"subscription": subscription.id, "plan": plan}
    )

    assert added.price.id == plan
    with pytest.raises(stripe.InvalidRequestError, match="only specify one"):
        api.subscription_items.update(added.id, {"plan": plan, "price": plan})
