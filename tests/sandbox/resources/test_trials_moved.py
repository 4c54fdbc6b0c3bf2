from __future__ import annotations

import pytest

from tests.sandbox.resources.shop import DAY, moment

WILL_END = "customer.subscription.trial_will_end"
MARCH = moment(2026, 3, 1)


@pytest.mark.parametrize("trial_end", ["now", MARCH + 2 * DAY])
def test_a_trial_that_soon_ends_is_told_of_at_once(api, shop, trial_end):
    subscription = shop.subscribe(trial_period_days=14)

    api.subscriptions.update(subscription.id, {"trial_end": trial_end})

    assert shop.events("subscription")[-2:] == [
        "customer.subscription.updated",
        WILL_END,
    ]
    assert shop.last_event(WILL_END).created == MARCH


def test_a_trial_that_begins_later_is_told_of_three_days_before_its_end(api, shop):
    subscription = shop.subscribe()

    api.subscriptions.update(subscription.id, {"trial_end": MARCH + 10 * DAY})
    shop.travel(MARCH + 8 * DAY)

    assert shop.last_event(WILL_END).created == MARCH + 7 * DAY
